"""Who gets a statement, and what it says of each open item."""

from collections.abc import Iterable
from datetime import date

from .. import decision as codes
from ..communications.contact_rules import customer_code
from ..facts import AccountFacts, OpenItem

#: Which customers get statements: with something open, with movements since the statement before, or with either.
BALANCE, MOVEMENTS, EITHER = "balance", "movements", "either"

#: Debts that somebody else collects, or that are claimed in proceedings: their balance is no business of a routine
#: message, also where a person sends it to a selection of customers. The printed statement of the account has all.
WITHHELD = (codes.INSOLVENT, codes.PLACED)

#: What is open by itself gives no occasion for a statement.
MINOR = frozenset((codes.SMALL_DIFFERENCE, codes.OUR_PAYMENT))


def statement_code(facts: AccountFacts, today: date, wanted: str, *, has_moved: bool) -> str | None:
    """Return why the customer gets no statement, ``None``: it gets one.

    ``NOTHING_DUE`` says that there is nothing to tell. A pause only delays statements, so it is no reason here.

    :param wanted: ``BALANCE``, ``MOVEMENTS`` or ``EITHER``
    :param has_moved: whether anything was booked since the statement before

    >>> statement_code(AccountFacts(9), date(2026, 6, 10), BALANCE, has_moved=True)
    'nothing_due'
    >>> statement_code(AccountFacts(9), date(2026, 6, 10), EITHER, has_moved=True) is None
    True
    """
    is_open = bool(facts.credits) or any(not _codes(item) & MINOR for item in facts.items)
    if not (has_moved and wanted != BALANCE) and not (is_open and wanted != MOVEMENTS):
        return codes.NOTHING_DUE
    if (code := customer_code(facts, today)) in (codes.ARCHIVED, codes.EXCLUDED):
        return code
    found = frozenset().union(*map(_codes, facts.items))
    return next((code for code in WITHHELD if code in found), None)


def group_code(own: str | None, members: Iterable[str | None]) -> str | None:
    """Return why a payer gets no statement of its group, ``None``: it gets one.

    Its own reason holds, except that where it has nothing to tell itself, one of its members may have.

    :param own: what `statement_code` says of the payer
    :param members: what it says of those that the payer pays for

    >>> group_code("nothing_due", ["excluded", None]) is None, group_code(None, ["insolvent"]) is None
    (True, True)
    >>> group_code("nothing_due", ["excluded"]), group_code("excluded", [None])
    ('nothing_due', 'excluded')
    """
    return None if own == codes.NOTHING_DUE and None in members else own


def item_status(item: OpenItem) -> str | None:
    """Return the first code, in their order, of the agreements and payments that an item is in; ``None``: of none."""
    found = [code for code in codes.in_order(_codes(item)) if code in codes.AGREED_CODES]
    return found[0] if found else None


def _codes(item: OpenItem) -> frozenset[str]:
    return frozenset(exclusion.code for exclusion in item.exclusions)
