"""Ageing: how long what is open has been due."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from .money import ZERO

#: Last day of each bucket; what is later falls into one more, open bucket.
EDGES = (30, 60, 90, 120)


def bucket(due_date: date, today: date, edges: Sequence[int] = EDGES) -> int:
    """Return the bucket of an item: 0 not due, 1 for 1-30 days late, 2 for 31-60, ... the last one open.

    Due today is not due yet; one day late and thirty days late are in bucket 1, thirty-one in bucket 2.

    >>> today = date(2026, 6, 30)
    >>> [bucket(date(2026, 6, 30), today), bucket(date(2026, 6, 29), today), bucket(date(2026, 5, 31), today)]
    [0, 1, 1]
    >>> [bucket(date(2026, 5, 30), today), bucket(date(2026, 1, 1), today)]
    [2, 5]
    """
    days = (today - due_date).days
    if days <= 0:
        return 0
    return next((number for number, edge in enumerate(edges, 1) if days <= edge), len(edges) + 1)


def age(items: Iterable[tuple[date, Decimal]], today: date, edges: Sequence[int] = EDGES) -> tuple[Decimal, ...]:
    """Return the total of each bucket for (due date, amount) pairs of one currency.

    >>> age([(date(2026, 6, 1), Decimal(10)), (date(2026, 7, 1), Decimal(5))], date(2026, 6, 30))
    (Decimal('5'), Decimal('10'), Decimal('0'), Decimal('0'), Decimal('0'), Decimal('0'))
    """
    totals = [ZERO] * (len(edges) + 2)
    for due_date, amount in items:
        totals[bucket(due_date, today, edges)] += amount
    return tuple(totals)
