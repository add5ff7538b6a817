"""Whether a report of a payment is accepted, until when reminders wait for the money, and how the report ends."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..agreements import amount as amounts
from ..money import ZERO
from ..refusal import Refused
from ..workdays import WorkCalendar

# --- The states of a reported payment ---
OPEN = "open"

#: Nothing of it is owed any more.
SETTLED = "settled"

#: The money was not found within the policy's days.
NOT_FOUND = "not_found"

WITHDRAWN = "withdrawn"

# --- Why a report is refused; the texts are in ``messages/`` ---
NOTHING_SELECTED = "nothing_selected"

UNKNOWN_ITEM = "unknown_item"

NOTHING_LEFT = "nothing_left"

ALREADY_REPORTED = "already_reported"

REPORTED_BEFORE = "reported_before"

MIXED_CURRENCIES = "mixed_currencies"

BAD_AMOUNT = amounts.BAD_AMOUNT

TOO_MUCH = amounts.TOO_MUCH

BAD_DATE = "bad_date"

FUTURE_DATE = "future_date"

#: The default of the policy, and what holds without a policy: working days for which the money is looked for.
DEFAULT_DAYS = 5

#: A date longer ago than this is taken for a typing error.
LONGEST_AGO_DAYS = 366


class ReportRefused(Refused):
    """The report is refused: ``code`` is one of this module's."""


@dataclass(frozen=True, slots=True)
class ReportedPart:
    """What the customer says was paid of one item, in the item's currency.

    :param left: how much of the item is open and not being paid already
    :param unit: the smallest unit of the currency
    :param is_reported: an open report covers the item already
    :param not_found: number of earlier reports about the item whose money was not found
    """

    amount: Decimal
    left: Decimal
    currency: str
    unit: Decimal = Decimal("0.01")
    is_reported: bool = False
    not_found: int = 0


def check(parts: Collection[ReportedPart], day: date | None, today: date, is_bound: bool = True) -> None:
    """Refuse a report that is invalid, or that a customer repeats although the money was not found before.

    Whoever reports the same payment again and again would postpone reminders for ever: a second report about an item
    is for staff to record.

    :param day: the day on which the customer paid
    :param is_bound: the customer reports it, not staff
    :raise ReportRefused: with one of this module's codes

    >>> def answer(amount, day, is_bound=True, **known):
    ...     part = ReportedPart(Decimal(amount), Decimal(100), "EUR", **known)
    ...     try:
    ...         return check([part], day, date(2026, 6, 10), is_bound)
    ...     except ReportRefused as refused:
    ...         return refused.code
    >>> answer(100, date(2026, 6, 10))
    >>> answer("100.01", date(2026, 6, 8)), answer(0, date(2026, 6, 8)), answer(100, date(2026, 6, 11))
    ('too_much', 'bad_amount', 'future_date')
    >>> answer(100, date(2026, 6, 8), not_found=1), answer(100, date(2026, 6, 8), is_bound=False, not_found=1)
    ('reported_before', None)
    """
    if code := _error(parts, day, today) or (is_bound and any(part.not_found for part in parts) and REPORTED_BEFORE):
        raise ReportRefused(code)


def _error(parts: Collection[ReportedPart], day: date | None, today: date) -> str | None:
    """Return the code of what is wrong with a report, whoever makes it, or ``None``."""
    if not parts:
        return NOTHING_SELECTED
    if len({part.currency for part in parts}) > 1:
        return MIXED_CURRENCIES
    if code := next((code for part in parts if (code := _part_error(part))), None):
        return code
    if day is None or (today - day).days > LONGEST_AGO_DAYS:
        return BAD_DATE
    return FUTURE_DATE if day > today else None


def _part_error(part: ReportedPart) -> str | None:
    """Return the code of what is wrong with the amount for one item, or ``None``."""
    if part.is_reported:
        return ALREADY_REPORTED
    if part.left <= 0:
        return NOTHING_LEFT
    return amounts.amount_error(part.amount, part.left, part.unit)


def last_day(reported_on: date, days: int, calendar: WorkCalendar) -> date:
    """Return the last day on which reminders wait for the money: that many working days after the report.

    Banks transfer money on working days only, and somebody has to book it.

    >>> last_day(date(2026, 6, 11), 3, WorkCalendar())      # reported on a Thursday
    datetime.date(2026, 6, 16)
    >>> last_day(date(2026, 6, 11), 0, WorkCalendar())
    datetime.date(2026, 6, 11)
    """
    return calendar.add_workdays(reported_on, days)


def judge(lefts: Iterable[Decimal], until: date, today: date) -> str:
    """Return the state of a report according to the books.

    :param lefts: what is still open of each reported amount
    :param until: see :func:`last_day`

    >>> judge([Decimal(0), Decimal(0)], date(2026, 6, 16), date(2026, 6, 12))
    'settled'
    >>> [judge([Decimal(40)], date(2026, 6, 16), date(2026, 6, day)) for day in (16, 17)]
    ['open', 'not_found']
    """
    if sum(lefts, ZERO) <= 0:
        return SETTLED
    return NOT_FOUND if today > until else OPEN
