"""Charges of one customer and currency wait for each other: never two are in flight."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple


class Span(NamedTuple):
    """The days on which a charge was in flight.

    :param start: of the request
    :param end: of the answer; of one that is still in flight the earliest day on which it may come
    """

    start: date
    end: date


def day_after(day: date, others: Iterable[Span]) -> date:
    """Return the first day from ``day`` on, on which none of the other charges is in flight.

    >>> first, second = Span(date(2026, 6, 1), date(2026, 6, 12)), Span(date(2026, 6, 12), date(2026, 6, 20))
    >>> str(day_after(date(2026, 6, 8), [second, first])), str(day_after(date(2026, 6, 21), [first, second]))
    ('2026-06-20', '2026-06-21')

    A charge that was made later did not delay it:

    >>> str(day_after(date(2026, 6, 8), [second]))
    '2026-06-08'
    """
    for other in sorted(others):
        if other.start <= day < other.end:
            day = other.end
    return day
