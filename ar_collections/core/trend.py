"""The quarters that a customer's trend looks back on."""

from collections.abc import Iterator
from datetime import date

#: Two years: the same season is seen twice.
QUARTERS = 8


def last_quarters(today: date, number: int = QUARTERS) -> Iterator[date]:
    """Yield the first days of the last quarters, oldest first, the running one included.

    >>> [str(day) for day in last_quarters(date(2026, 6, 10), 3)]
    ['2025-10-01', '2026-01-01', '2026-04-01']
    """
    running = today.year * 4 + (today.month - 1) // 3
    for quarter in range(running - number + 1, running + 1):
        year, part = divmod(quarter, 4)
        yield date(year, part * 3 + 1, 1)
