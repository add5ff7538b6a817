"""What a customer chose for the automatic payment of its account: when, up to how much, for which invoices."""

import calendar
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from ..money import ZERO

# --- When an invoice is charged ---
DUE_DATE = "due_date"

DAYS_BEFORE = "days_before"

MONTH_DAY = "month_day"

CHARGE_TIMES = (DUE_DATE, DAYS_BEFORE, MONTH_DAY)

#: The earliest an invoice is charged before its due date.
DAYS_BEFORE_MAX = 60

# --- Why a choice is refused; the texts are in ``messages/autopay.py`` ---
BAD_TIME = "bad_time"

BAD_DAYS_BEFORE = "bad_days_before"

BAD_MONTH_DAY = "bad_month_day"

BAD_MAXIMUM = "bad_maximum"

MONTH_BELOW_CHARGE = "month_below_charge"

BAD_KIND = "bad_kind"

NO_NAME = "no_name"

NO_METHOD = "no_method"

CLOSED_ACCOUNT = "closed_account"

TERMS_CHANGED = "terms_changed"


@dataclass(frozen=True, slots=True)
class AutopayOptions:
    """The choice itself. Amounts are in company currency; 0 is no maximum.

    :param charge_on: one of ``CHARGE_TIMES``
    :param days_before: days before the due date, for ``DAYS_BEFORE``
    :param month_day: 1 to 31, for ``MONTH_DAY``; the last day of months that are shorter
    :param maximum_charge: the most that one payment takes
    :param maximum_month: the most that is collected in one calendar month
    :param journal_ids: kinds of invoices, by their journals; empty: all
    """

    charge_on: str = DUE_DATE
    days_before: int = 0
    month_day: int = 0
    maximum_charge: Decimal = ZERO
    maximum_month: Decimal = ZERO
    journal_ids: frozenset[int] = frozenset()

    def covers(self, journal_id: int) -> bool:
        """Return whether invoices of this journal are paid automatically."""
        return not self.journal_ids or journal_id in self.journal_ids


def check_options(options: AutopayOptions, journal_ids: Collection[int]) -> str:
    """Return the code of what is wrong with a choice; an empty text where it is valid.

    :param journal_ids: the kinds of invoices that may be chosen

    >>> check_options(AutopayOptions(), {1})
    ''
    >>> check_options(AutopayOptions(maximum_charge=Decimal(-1)), {1})
    'bad_maximum'
    >>> check_options(AutopayOptions(MONTH_DAY, month_day=32), {1}), check_options(AutopayOptions(DAYS_BEFORE), {1})
    ('bad_month_day', 'bad_days_before')
    """
    if options.charge_on not in CHARGE_TIMES:
        return BAD_TIME
    if options.charge_on == DAYS_BEFORE and not 1 <= options.days_before <= DAYS_BEFORE_MAX:
        return BAD_DAYS_BEFORE
    if options.charge_on == MONTH_DAY and not 1 <= options.month_day <= 31:
        return BAD_MONTH_DAY
    maxima = (options.maximum_charge, options.maximum_month)
    if any(not maximum.is_finite() or maximum < 0 for maximum in maxima):
        return BAD_MAXIMUM
    if 0 < options.maximum_month < options.maximum_charge:
        return MONTH_BELOW_CHARGE
    return "" if options.journal_ids <= frozenset(journal_ids) else BAD_KIND


def charge_day(options: AutopayOptions, due: date) -> date:
    """Return the day on which an invoice with this due date is charged.

    With a day of the month it is the first such day on or after the due date: nothing is charged before it is due
    unless the customer chose that.

    >>> due = date(2026, 2, 10)
    >>> str(charge_day(AutopayOptions(), due)), str(charge_day(AutopayOptions(DAYS_BEFORE, days_before=3), due))
    ('2026-02-10', '2026-02-07')
    >>> [str(charge_day(AutopayOptions(MONTH_DAY, month_day=day), due)) for day in (5, 10, 31)]
    ['2026-03-05', '2026-02-10', '2026-02-28']
    """
    if options.charge_on == DAYS_BEFORE:
        return due - timedelta(days=options.days_before)
    if options.charge_on == MONTH_DAY:
        return _month_day(options.month_day, due)
    return due


def _month_day(wanted: int, earliest: date) -> date:
    """Return the first day with this number on or after another day; the last one of months that are shorter."""
    year, month = earliest.year, earliest.month
    day = _clamp(wanted, year, month)
    if day < earliest:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        day = _clamp(wanted, year, month)
    return day


def _clamp(wanted: int, year: int, month: int) -> date:
    return date(year, month, min(wanted, calendar.monthrange(year, month)[1]))


def covered(options: AutopayOptions, kinds: Iterable[tuple[int, int]]) -> set[int]:
    """Return the ids of the items whose kind of invoice the customer chose.

    :param kinds: (item id, journal id)

    >>> sorted(covered(AutopayOptions(journal_ids=frozenset({7})), [(1, 7), (2, 8)]))
    [1]
    """
    return {item_id for item_id, journal_id in kinds if options.covers(journal_id)}
