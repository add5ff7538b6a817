"""Payment methods that expire: cards may be used until the end of a month."""

import calendar
from datetime import date, timedelta

#: Days before the end of a method from which the customer is told.
TOLD_DAYS = 30


def last_day(year: int, month: int) -> date | None:
    """Return the last day of a card that expires in a month; ``None`` for what is no month.

    :param year: with four digits, or with two as it is printed on cards

    >>> str(last_day(2028, 2)), str(last_day(28, 12)), last_day(2028, 13), last_day(0, 0)
    ('2028-02-29', '2028-12-31', None, None)
    """
    year = year + 2000 if 0 < year < 100 else year
    if not (2000 <= year <= 2100 and 1 <= month <= 12):
        return None
    return date(year, month, calendar.monthrange(year, month)[1])


def is_told(expires_on: date | None, today: date) -> bool:
    """Return whether the customer is told by now that the method expires, or has expired.

    >>> end = date(2026, 6, 30)
    >>> [is_told(end, day) for day in (date(2026, 5, 30), date(2026, 5, 31), date(2026, 7, 9))], is_told(None, end)
    ([False, True, True], False)
    """
    return expires_on is not None and today >= expires_on - timedelta(days=TOLD_DAYS)
