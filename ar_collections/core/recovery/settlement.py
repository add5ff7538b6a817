"""Settlements: a customer who cannot pay all pays an agreed part by a day, and is released from the rest.

Paid in time, the rest is credited; missed, the full debt is owed again. All amounts are positive, in one currency.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from ..agreements.settlement import Settlement, settled_by
from ..money import ZERO
from ..refusal import Refused

#: Requested by one person, waits for another.
REQUESTED = "requested"

REJECTED = "rejected"

OPEN, PAID, MISSED, WITHDRAWN = "open", "paid", "missed", "withdrawn"

#: Nothing is reminded of its items: what is left once it was paid in time is credited.
HOLDING = (OPEN, PAID)

#: Legal transitions, {state: set of states}; a payment that comes back, or is matched late, changes the judgement.
MOVES = {
    REQUESTED: {OPEN, REJECTED, WITHDRAWN},
    OPEN: {PAID, MISSED, WITHDRAWN},
    PAID: {OPEN, MISSED},
    MISSED: {OPEN, PAID},
    REJECTED: set(),
    WITHDRAWN: set(),
}

# --- Why a settlement is refused ---
NOTHING_SELECTED = "nothing_selected"
NOT_OVERDUE = "not_overdue"
NOT_REDUCED = "not_reduced"
NOT_POSITIVE = "not_positive"
PAST_DATE = "past_date"
NO_REASON = "no_reason"
OWN_REQUEST = "own_request"
NO_AUTHORITY = "no_authority"
CHANGED = "changed"

# --- Why its offer is not sent ---
NOT_OPEN = "not_open"
OFFERED = "offered"
CONTESTED = "contested"
UNREACHED = "unreached"
NOT_STARTED = "not_started"


class SettlementRefused(Refused):
    """A settlement that is not possible.

    :param code: one of this module's codes
    """


def check_settlement(agreed: Decimal, owed: Decimal, day: date, reason: str, today: date) -> None:
    """Refuse a settlement that is not possible.

    :param agreed: what the customer is to pay
    :param owed: what is open of the items, all of them overdue
    :param day: the last day to pay
    :raise SettlementRefused: with one of this module's codes

    >>> check_settlement(Decimal(600), Decimal(1000), date(2026, 6, 30), "No assets", date(2026, 6, 10))
    >>> def refused(*values):
    ...     try:
    ...         return check_settlement(*values, date(2026, 6, 10))
    ...     except SettlementRefused as error:
    ...         return error.code
    >>> refused(Decimal(1000), Decimal(1000), date(2026, 6, 30), "No assets")
    'not_reduced'
    >>> refused(Decimal(600), Decimal(1000), date(2026, 6, 9), "No assets")
    'past_date'
    """
    if not owed:
        raise SettlementRefused(NOTHING_SELECTED)
    if not agreed.is_finite() or agreed <= 0:
        raise SettlementRefused(NOT_POSITIVE)
    if agreed >= owed:
        raise SettlementRefused(NOT_REDUCED)
    if day < today:
        raise SettlementRefused(PAST_DATE)
    if not reason.strip():
        raise SettlementRefused(NO_REASON)


def judge(agreed: Decimal, settlements: Iterable[Settlement], day: date, today: date) -> str:
    """Return the state of a settlement by the ledger: only money counts, by the day it was paid.

    :param agreed: what the customer was to pay
    :param settlements: payments on its items since it was agreed; credit notes and losses are no payments
    :param day: the last day to pay

    >>> paid = [Settlement(date(2026, 6, 20), Decimal(400)), Settlement(date(2026, 6, 30), Decimal(200))]
    >>> last = date(2026, 6, 30)
    >>> judge(Decimal(600), paid, last, date(2026, 7, 1)), judge(Decimal(601), paid, last, date(2026, 7, 1))
    ('paid', 'missed')
    >>> judge(Decimal(601), paid, last, last)
    'open'
    >>> judge(Decimal(400), [Settlement(date(2026, 6, 20), Decimal(400), credit=True)], last, date(2026, 7, 1))
    'missed'
    """
    if settled_by((one for one in settlements if not one.credit), day) >= agreed:
        return PAID
    return MISSED if today > day else OPEN


def rest_to_credit(owed: Decimal, agreed: Decimal, left: Decimal) -> Decimal:
    """Return what is to be credited once the agreed part was paid: at most what was released, at most what is open.

    >>> [str(rest_to_credit(Decimal(1000), Decimal(600), Decimal(left))) for left in (400, 350)]
    ['400', '350']
    """
    return min(owed - agreed, left)


def paid_since(before: Decimal, now: Decimal, settlements: Iterable[Settlement]) -> list[Settlement]:
    """Return the payments that brought an item's residual from ``before`` down to ``now``.

    These are among the latest settlements. What was settled before does not count, nor do credit notes and losses.

    :param before: the residual when the settlement was agreed
    :param now: the residual today
    :param settlements: all that reduce the item today, in any order

    >>> june = [Settlement(date(2026, 6, 1), Decimal(200)), Settlement(date(2026, 6, 20), Decimal(600))]
    >>> july = [*june, Settlement(date(2026, 7, 2), Decimal(400), credit=True)]
    >>> [(str(one.day), str(one.amount)) for one in paid_since(Decimal(1000), Decimal(400), june)]
    [('2026-06-20', '600')]
    >>> paid_since(Decimal(1000), Decimal(400), june) == paid_since(Decimal(1000), Decimal(0), july)
    True
    """
    left, paid = before - now, []
    for one in sorted(settlements, key=lambda one: one.day, reverse=True):
        amount = min(one.amount, left)
        if amount > ZERO:
            left -= amount
            if not one.credit:
                paid.append(replace(one, amount=amount))
    return paid


def left_to_pay(agreed: Decimal, paid: Decimal, pending: Decimal) -> Decimal:
    """Return what the customer still pays to settle its debt; nothing more where it paid more.

    :param paid: what was paid in time
    :param pending: online payments on the items that are not booked yet

    >>> [str(left_to_pay(Decimal(600), Decimal(paid), Decimal(200))) for paid in (0, 150, 500)]
    ['400', '250', '0']
    """
    return max(agreed - paid - pending, ZERO)


def spread(rest: Decimal, open_amounts: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """Return which part of an amount falls on each item, in their order; items without any are left out.

    :param rest: what is credited, or paid
    :param open_amounts: {item: what is open of it}

    >>> spread(Decimal(400), {1: Decimal(0), 2: Decimal(300), 3: Decimal(200)})
    {2: Decimal('300'), 3: Decimal('100')}
    """
    parts = {}
    for item, left in open_amounts.items():
        part = min(rest, left)
        if part > ZERO:
            parts[item] = part
            rest -= part
    return parts
