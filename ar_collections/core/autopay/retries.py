"""On which days a declined charge is tried again: by the policy, the network's advice, and on days that may work."""

import re
from datetime import date, timedelta

from ..workdays import WorkCalendar
from .declines import is_lack_of_money

#: Most retries of a policy, and the last day after the first decline. Card networks allow more: Visa 15 in 30 days,
#: Mastercard 35 in 30 days and 10 in 24 hours.
RETRIES_MAX, RETRY_DAYS_MAX = 5, 60

#: A retry for lack of money is put off by at most this number of days, where wages are paid then.
PAYDAY_WITHIN = 3

#: Days of the month on which wages are usually paid, besides the last working day.
PAYDAYS = (1, 15)

#: Retries are made from the first to the second of these hours of the company: banks decline more at night.
WAKING_HOURS = (7, 21)

_WEEK = WorkCalendar()


def retry_day(wanted: date, last: date, code: str | None = None, wait_days: int = 0, is_bank: bool = False) -> date:
    """Return the day of a retry: never earlier than the policy and the card network say, nor twice on one day.

    :param wanted: the day of the policy
    :param last: the day of the last attempt or of its decline
    :param code: of the last decline; after lack of money it waits for the day after wages are paid, if that is near
    :param wait_days: for which the card network advises to wait after the last attempt
    :param is_bank: bank debits are not sent on weekends

    >>> monday = date(2026, 6, 8)
    >>> str(retry_day(date(2026, 6, 11), monday)), str(retry_day(date(2026, 6, 11), monday, wait_days=10))
    ('2026-06-11', '2026-06-18')
    >>> str(retry_day(date(2026, 6, 13), monday)), str(retry_day(date(2026, 6, 13), monday, is_bank=True))
    ('2026-06-13', '2026-06-15')
    >>> str(retry_day(date(2026, 6, 14), monday, "insufficient_funds"))
    '2026-06-16'
    """
    day = max(wanted, last + timedelta(days=max(wait_days, 1)))
    if is_lack_of_money(code):
        day = _near_payday(day)
    return _WEEK.next_workday(day) if is_bank else day


def _near_payday(day: date) -> date:
    """Return the day after the next payday, the same day where that is not near."""
    days = (day + timedelta(days=number) for number in range(PAYDAY_WITHIN + 1))
    return next((each for each in days if is_payday(each - timedelta(days=1))), day)


def is_payday(day: date) -> bool:
    """Return whether wages are usually paid on this day: the 1st, the 15th, the last working day of the month.

    >>> [is_payday(date(2026, 5, number)) for number in (15, 28, 29, 31)]
    [True, False, True, False]
    """
    following = _WEEK.next_workday(day + timedelta(days=1))
    return day.day in PAYDAYS or (_WEEK.is_workday(day) and following.month != day.month)


def rests(hour: int, run_hour: int = 0) -> bool:
    """Return whether retries rest at this hour of the day.

    Not where no other hour comes: a company may make its charges late in the evening alone.

    :param run_hour: from which the company's charges are made, until midnight

    >>> [rests(hour) for hour in (3, 7, 20, 21)]
    [True, False, False, True]
    >>> rests(22, run_hour=20), rests(22, run_hour=21)
    (True, False)
    """
    first, last = WAKING_HOURS
    return run_hour < last and not first <= hour < last


def parse_retry_days(text: str | None) -> tuple[int, ...]:
    """Return the retry days of a policy's text: ascending whole numbers, separated by commas, semicolons or blanks.

    :raise ValueError: for anything else, for more than `RETRIES_MAX` days or one later than `RETRY_DAYS_MAX`

    >>> parse_retry_days("3, 7"), parse_retry_days("")
    ((3, 7), ())
    >>> parse_retry_days("7, 3")
    Traceback (most recent call last):
    ValueError: 7, 3
    """
    words = re.split(r"[,;\s]+", (text or "").strip(" ,;\t\n"))
    days = tuple(int(word) if re.fullmatch(r"[0-9]{1,3}", word) else 0 for word in words if word)
    rises = all(earlier < later for earlier, later in zip((0, *days), days, strict=False))
    if not rises or len(days) > RETRIES_MAX or any(day > RETRY_DAYS_MAX for day in days):
        raise ValueError(text)
    return days
