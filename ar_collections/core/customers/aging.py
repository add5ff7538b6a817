"""Aging: open amounts grouped by how long they have been due."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..money import ZERO

#: The last day of lateness of each bucket; later items are in one more, open-ended bucket.
EDGES = (30, 60, 90, 120)

#: From which date an item ages.
BY_DUE_DATE, BY_INVOICE_DATE = "due", "invoice"


@dataclass(frozen=True, slots=True)
class Aging:
    """What was open at the end of a day, in one currency: debts by age, and credits separately.

    :param buckets: debts not due first, then as :func:`bucket` counts
    :param credits: credit notes and unapplied payments, zero or negative

    >>> aging = Aging((Decimal(40), Decimal(30), Decimal(0)), Decimal(-15))
    >>> aging.not_due, aging.overdue, aging.debts, aging.total
    (Decimal('40'), Decimal('30'), Decimal('70'), Decimal('55'))
    """

    buckets: tuple[Decimal, ...]
    credits: Decimal = ZERO

    @property
    def not_due(self) -> Decimal:
        """Debts that are not due yet."""
        return self.buckets[0]

    @property
    def overdue(self) -> Decimal:
        """Debts that are overdue, credits not deducted."""
        return sum(self.buckets[1:], ZERO)

    @property
    def debts(self) -> Decimal:
        """All debts, credits not deducted."""
        return sum(self.buckets, ZERO)

    @property
    def total(self) -> Decimal:
        """The balance of the ledger: debts less credits."""
        return self.debts + self.credits

    def __add__(self, other: "Aging") -> "Aging":
        """Return the sum of both, bucket by bucket; they must have the same number of buckets.

        >>> Aging((Decimal(1), Decimal(2))) + Aging((Decimal(3), Decimal(4)), Decimal(-5))
        Aging(buckets=(Decimal('4'), Decimal('6')), credits=Decimal('-5'))
        """
        buckets = tuple(mine + theirs for mine, theirs in zip(self.buckets, other.buckets, strict=True))
        return Aging(buckets, self.credits + other.credits)


def nothing_open(edges: Sequence[int] = EDGES) -> Aging:
    """Return the aging of an empty ledger."""
    return Aging((ZERO,) * (len(edges) + 2))


def bucket(due_date: date, today: date, edges: Sequence[int] = EDGES) -> int:
    """Return the bucket of an item: 0 not due, 1 for 1-30 days late, 2 for 31-60, ... the last one open-ended.

    Due today is not due yet; one day late and thirty days late are in bucket 1, thirty-one in bucket 2.

    >>> today = date(2026, 6, 30)
    >>> [bucket(date(2026, 6, 30), today), bucket(date(2026, 6, 29), today), bucket(date(2026, 5, 31), today)]
    [0, 1, 1]
    >>> [bucket(date(2026, 5, 30), today), bucket(date(2026, 1, 1), today)]
    [2, 5]
    """
    days = (today - due_date).days
    return bisect_left(edges, days) + 1 if days > 0 else 0


def age(items: Iterable[tuple[date, Decimal]], today: date, edges: Sequence[int] = EDGES) -> tuple[Decimal, ...]:
    """Return the total of each bucket for (due date, amount) pairs of one currency.

    >>> age([(date(2026, 6, 1), Decimal(10)), (date(2026, 7, 1), Decimal(5))], date(2026, 6, 30))
    (Decimal('5'), Decimal('10'), Decimal('0'), Decimal('0'), Decimal('0'), Decimal('0'))
    """
    totals = [ZERO] * (len(edges) + 2)
    for due_date, amount in items:
        totals[bucket(due_date, today, edges)] += amount
    return tuple(totals)


def first_days(edges: Sequence[int] = EDGES) -> tuple[int, ...]:
    """Return the first day of lateness of each bucket but the first, "not due".

    >>> first_days()
    (1, 31, 61, 91, 121)
    """
    return (1, *(edge + 1 for edge in edges))


def read_edges(text: str) -> tuple[int, ...]:
    """Return the bucket edges of a text: four whole numbers of days, separated by commas, ascending.

    :raise ValueError: for anything else

    >>> read_edges("15, 30, 60, 90")
    (15, 30, 60, 90)
    >>> read_edges("30, 30, 60, 90")
    Traceback (most recent call last):
    ...
    ValueError: 30, 30, 60, 90
    """
    words = [word.strip() for word in text.split(",")]
    edges = tuple(int(word) for word in words if word.isdecimal())
    if len(edges) != len(words) or len(edges) != len(EDGES) or edges[0] < 1 or list(edges) != sorted(set(edges)):
        raise ValueError(text)
    return edges
