"""Costs of legal steps that the debtor has to pay: what of lump sums for late payment counts against them."""

from collections.abc import Iterable
from decimal import Decimal

from ..money import ZERO

# --- Kinds ---
COURT, LAWYER, AGENCY, BAILIFF, RETURN, OTHER = "court", "lawyer", "agency", "bailiff", "return", "other"

#: What pursuing the claim costs; the fee of a returned payment is none, the law sets no lump sum off against it.
PURSUIT = (COURT, LAWYER, AGENCY, BAILIFF)


def count_lump_sums(costs: Decimal, lump_sums: Iterable[tuple[int, Decimal]]) -> dict[int, Decimal]:
    """Return {key: amount} of the lump sums that count against costs, the first ones first.

    More than the costs is never set off: the lump sum is owed also where the costs are lower.

    :param costs: of the pursuit of the claims to which the lump sums belong
    :param lump_sums: (key, what has not been set off yet)

    >>> count_lump_sums(Decimal(150), [(1, Decimal(40)), (2, Decimal(40))])
    {1: Decimal('40'), 2: Decimal('40')}
    >>> count_lump_sums(Decimal(55), [(1, Decimal(40)), (2, Decimal(40)), (3, Decimal(40))])
    {1: Decimal('40'), 2: Decimal('15')}
    >>> count_lump_sums(Decimal(0), [(1, Decimal(40))])
    {}
    """
    left, found = costs, {}
    for key, amount in lump_sums:
        part = min(amount, left)
        if part > ZERO:
            found[key] = part
            left -= part
    return found
