"""Months: the calendar arithmetic that the standard library has not."""

from calendar import monthrange
from datetime import date


def add_months(day: date, months: int) -> date:
    """Return the same day a number of months later, or the last day of a month that is too short.

    >>> str(add_months(date(2026, 8, 31), 6)), str(add_months(date(2026, 11, 15), 2))
    ('2027-02-28', '2027-01-15')
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
