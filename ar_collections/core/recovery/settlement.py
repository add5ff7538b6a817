"""Settlements: a customer who cannot pay all pays an agreed part by a day, and is released from the rest.

Paid in time, the rest is credited; missed, the full debt is owed again. All amounts are positive, in one currency.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from ..agreements.settlement import Settlement, settled_by

OPEN, PAID, MISSED, WITHDRAWN = "open", "paid", "missed", "withdrawn"

# --- Why a settlement is refused ---
NOTHING_SELECTED = "nothing_selected"
NOT_OVERDUE = "not_overdue"
NOT_REDUCED = "not_reduced"
NOT_POSITIVE = "not_positive"
PAST_DATE = "past_date"
NO_REASON = "no_reason"


class SettlementRefused(ValueError):
    """A settlement that is not possible.

    :param code: one of this module's codes
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


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
