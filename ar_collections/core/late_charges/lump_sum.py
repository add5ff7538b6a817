"""The lump sum for the costs of recovery: one for each late invoice, by its size."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from ..money import ZERO
from .refusal import BAD_LUMP_SUM, ChargeRefused


@dataclass(frozen=True, slots=True)
class LumpSum:
    """An amount for debts of a size.

    :param size_from: the smallest debt that it holds for; the next larger one ends it
    """

    size_from: Decimal
    amount: Decimal


def get_lump_sum(debt: Decimal, lump_sums: Iterable[LumpSum]) -> Decimal:
    """Return the lump sum for a debt; zero where the rules know none.

    :param debt: the amount of the whole invoice, in the currency of the sizes

    >>> uk = [LumpSum(ZERO, Decimal(40)), LumpSum(Decimal(1000), Decimal(70)), LumpSum(Decimal(10000), Decimal(100))]
    >>> [int(get_lump_sum(Decimal(debt), uk)) for debt in ("999.99", "1000", "9999.99", "10000.00")]
    [40, 70, 70, 100]
    >>> get_lump_sum(Decimal(500), [])
    Decimal('0')
    """
    fitting = [lump_sum for lump_sum in lump_sums if lump_sum.size_from <= debt]
    return max(fitting, key=lambda lump_sum: lump_sum.size_from).amount if fitting and debt > 0 else ZERO


def check_lump_sums(lump_sums: Iterable[LumpSum]) -> None:
    """Refuse two lump sums for one size, and negative ones.

    :raise ChargeRefused: ``BAD_LUMP_SUM``
    """
    sizes = set()
    for lump_sum in lump_sums:
        is_number = lump_sum.amount.is_finite() and lump_sum.size_from.is_finite()
        if not is_number or lump_sum.amount < 0 or lump_sum.size_from < 0 or lump_sum.size_from in sizes:
            raise ChargeRefused(BAD_LUMP_SUM)
        sizes.add(lump_sum.size_from)
