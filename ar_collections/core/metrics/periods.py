"""The month that ends on a day, and the months before it."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Period:
    """Days from the first to the last, both included.

    >>> Period(date(2026, 2, 1), date(2026, 2, 28)).days
    28
    """

    first: date
    last: date

    @property
    def days(self) -> int:
        """Number of days, the first and the last included."""
        return (self.last - self.first).days + 1

    @property
    def day_before(self) -> date:
        """The day before the first: the balance at its end is the opening balance."""
        return self.first - timedelta(days=1)


def months_before(day: date, months: int) -> date:
    """Return the same day ``months`` months earlier; the last day of a month stays the last day.

    >>> [str(months_before(date(2026, 6, 15), 1)), str(months_before(date(2026, 2, 28), 1))]
    ['2026-05-15', '2026-01-31']
    >>> str(months_before(date(2026, 3, 30), 1))
    '2026-02-28'
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = monthrange(year, month + 1)[1]
    if is_month_end(day):
        return date(year, month + 1, last)
    return date(year, month + 1, min(day.day, last))


def is_month_end(day: date) -> bool:
    """Return whether the day is the last of its month."""
    return day.day == monthrange(day.year, day.month)[1]


def month_ending(day: date) -> Period:
    """Return the month that ends on the day: the calendar month, if it is the last day of one.

    >>> period = month_ending(date(2026, 2, 28))
    >>> str(period.first), period.days
    ('2026-02-01', 28)
    >>> period = month_ending(date(2026, 6, 15))
    >>> str(period.first), period.days
    ('2026-05-16', 31)
    """
    return Period(months_before(day, 1) + timedelta(days=1), day)


def months_back(day: date, since: date, limit: int) -> Iterator[Period]:
    """Yield the months that end on the day or a whole number of months before, newest first, back to ``since``.

    They have no gaps and do not overlap, also where a month has no such day.

    :param since: the oldest month yielded contains it
    :param limit: maximum number of months

    >>> [str(month.first) for month in months_back(date(2026, 3, 31), date(2026, 1, 5), 12)]
    ['2026-03-01', '2026-02-01', '2026-01-01']
    >>> [str(month.first) for month in months_back(date(2026, 3, 30), date(2026, 1, 5), 12)]
    ['2026-03-01', '2026-01-31', '2025-12-31']
    """
    for number in range(limit):
        last = months_before(day, number)
        if last < since:
            return
        yield Period(months_before(day, number + 1) + timedelta(days=1), last)
