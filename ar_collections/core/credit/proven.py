"""The highest balance that a customer paid on time: what it has carried before is no risk to allow again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..money import ZERO


@dataclass(frozen=True, slots=True)
class PastItem:
    """An invoice of the past.

    :param paid: the day on which nothing of it was open any more; ``None``: some of it still is
    """

    amount: Decimal
    opened: date
    due: date
    paid: date | None = None

    @property
    def is_proven(self) -> bool:
        """Whether it was paid, and not late."""
        return self.paid is not None and self.paid <= self.due


def find_highest_proven(items: Iterable[PastItem], since: date) -> Decimal:
    """Return the highest sum of invoices open on the same day, all of which were paid on time.

    A day on which one was open that was paid late, or is not paid yet, proves nothing. On the day of its payment an
    invoice is not open any more.

    :param since: earlier days do not count

    >>> def item(amount, opened, due, paid=None):
    ...     return PastItem(Decimal(amount), *(day and date(2026, *day) for day in (opened, due, paid)))
    >>> items = [item(4000, (1, 1), (1, 31), (1, 31)), item(2000, (1, 20), (2, 19), (2, 10))]
    >>> str(find_highest_proven(items, date(2026, 1, 1))), str(find_highest_proven(items, date(2026, 2, 1)))
    ('6000', '2000')
    >>> late = item(9000, (1, 10), (1, 25), (1, 30))
    >>> str(find_highest_proven([*items, late], date(2026, 1, 1)))
    '6000'
    >>> str(find_highest_proven([*items, item(1, (1, 10), (3, 31))], date(2026, 1, 1)))
    '4000'
    """
    changes: dict[date, tuple[Decimal, int]] = {since: (ZERO, 0)}
    for item in items:
        _add(changes, max(item.opened, since), item, 1)
        if item.paid is not None:
            _add(changes, max(item.paid, since), item, -1)
    highest, balance, unproven = ZERO, ZERO, 0
    for day in sorted(changes):
        amount, number = changes[day]
        balance += amount
        unproven += number
        if not unproven:
            highest = max(highest, balance)
    return highest


def _add(changes: dict[date, tuple[Decimal, int]], day: date, item: PastItem, sign: int) -> None:
    """Add an item that opens or ends on a day to the balance, and to the number of items that prove nothing."""
    amount, number = changes.get(day, (ZERO, 0))
    changes[day] = amount + sign * item.amount, number + sign * (not item.is_proven)
