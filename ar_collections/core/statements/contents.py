"""Who gets a statement, and what it says of each open item."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from .. import decision as codes
from ..communications.contact_rules import customer_code
from ..facts import AccountFacts, Credit, OpenItem
from ..money import ZERO, proportion

#: Which customers get statements: with something open, with movements since the statement before, or with either.
BALANCE, MOVEMENTS, EITHER = "balance", "movements", "either"

#: Debts that somebody else collects, or that are claimed in proceedings: their balance is no business of a routine
#: message, also where a person sends it to a selection of customers. The printed statement of the account has all.
WITHHELD = (codes.INSOLVENT, codes.PLACED)

#: What is open by itself gives no occasion for a statement.
MINOR = frozenset((codes.SMALL_DIFFERENCE, codes.OUR_PAYMENT))


def statement_code(
    facts: AccountFacts, today: date, wanted: str, *, has_moved: bool, lists_others: bool = False
) -> str | None:
    """Return why the customer gets no statement, ``None``: it gets one.

    ``NOTHING_DUE`` says that there is nothing to tell. A pause only delays statements, so it is no reason here.

    :param wanted: ``BALANCE``, ``MOVEMENTS`` or ``EITHER``
    :param has_moved: whether anything was booked since the statement before
    :param lists_others: whether it has to tell of customers that this one pays for, also where nothing of its own is
        open or has moved; whether it may be told depends on this customer alone

    >>> statement_code(AccountFacts(9), date(2026, 6, 10), BALANCE, has_moved=True)
    'nothing_due'
    >>> statement_code(AccountFacts(9), date(2026, 6, 10), EITHER, has_moved=True) is None
    True
    >>> statement_code(AccountFacts(9, excluded=True), date(2026, 6, 10), BALANCE, has_moved=False, lists_others=True)
    'excluded'
    """
    is_open = bool(facts.credits) or any(not _codes(item) & MINOR for item in facts.items)
    if not lists_others and not (has_moved and wanted != BALANCE) and not (is_open and wanted != MOVEMENTS):
        return codes.NOTHING_DUE
    if (code := customer_code(facts, today)) in (codes.ARCHIVED, codes.EXCLUDED):
        return code
    found = frozenset().union(*map(_codes, facts.items))
    return next((code for code in WITHHELD if code in found), None)


def cap_credits(credits: Iterable[Credit], owed: Mapping[str, Decimal]) -> tuple[Credit, ...]:
    """Return the credits of an account, no more of them than it owes: what is above pays nobody else's items.

    :param owed: {currency: what is asked for of the account}

    >>> credits = [Credit(number, "EUR", Decimal(30), Decimal(30)) for number in (1, 2, 3)]
    >>> [(each.item_id, str(each.amount_currency)) for each in cap_credits(credits, {"EUR": Decimal(40)})]
    [(1, '30'), (2, '10')]
    """
    left, capped = dict(owed), []
    for credit in credits:
        amount = min(credit.amount_currency, left.get(credit.currency, ZERO))
        if amount > 0:
            left[credit.currency] -= amount
            booked = proportion(credit.amount, amount, credit.amount_currency)
            capped.append(replace(credit, amount=booked, amount_currency=amount))
    return tuple(capped)


def item_status(item: OpenItem) -> str | None:
    """Return the first code, in their order, of the agreements and payments that an item is in; ``None``: of none."""
    found = [code for code in codes.in_order(_codes(item)) if code in codes.AGREED_CODES]
    return found[0] if found else None


def _codes(item: OpenItem) -> frozenset[str]:
    return frozenset(exclusion.code for exclusion in item.exclusions)
