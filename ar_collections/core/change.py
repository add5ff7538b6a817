"""How a key figure changed since an earlier day, and whether the change is an improvement."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

#: The unit of a figure: money changes in percent of its earlier value, days and shares by their difference.
MONEY, DAYS, PERCENT = "money", "days", "percent"

#: Which direction is an improvement; neither for total receivables, which also grow because more is sold.
UP, DOWN, NEITHER = "up", "down", "neither"

#: Two years, so that each season appears twice.
QUARTERS = 8


@dataclass(frozen=True, slots=True)
class Change:
    """The difference of two values of a key figure, and whether it is an improvement.

    :param difference: percent for money, days for days, percentage points for shares; positive: it rose
    :param good: `True` an improvement, `False` a deterioration, `None` neither
    """

    difference: Decimal
    good: bool | None


def change(now: Decimal | None, then: Decimal | None, unit: str, better: str) -> Change | None:
    """Return how a figure changed; `None` where a value is not available, or for a percentage of zero.

    Differences too small to be shown with one decimal are neither good nor bad.

    :param unit: `MONEY`, `DAYS` or `PERCENT`
    :param better: `UP`, `DOWN` or `NEITHER`

    >>> change(Decimal(110), Decimal(100), MONEY, DOWN)
    Change(difference=Decimal('10.0'), good=False)
    >>> change(Decimal("41.5"), Decimal("44"), DAYS, DOWN)
    Change(difference=Decimal('-2.5'), good=True)
    >>> change(Decimal(80), Decimal("80.04"), PERCENT, UP)
    Change(difference=Decimal('-0.04'), good=None)
    >>> change(Decimal(5), Decimal(0), MONEY, DOWN) is change(None, Decimal(1), DAYS, UP) is None
    True
    """
    if now is None or then is None:
        return None
    difference = now - then
    if unit == MONEY:
        if not then:
            return None
        difference = difference / abs(then) * 100
    if better == NEITHER or abs(difference) < Decimal("0.05"):
        return Change(difference, None)
    return Change(difference, (difference > 0) == (better == UP))


def last_quarters(today: date, number: int = QUARTERS) -> Iterator[date]:
    """Yield the first day of each of the last quarters, oldest first, the current one included.

    >>> [str(day) for day in last_quarters(date(2026, 6, 10), 3)]
    ['2025-10-01', '2026-01-01', '2026-04-01']
    """
    running = today.year * 4 + (today.month - 1) // 3
    for quarter in range(running - number + 1, running + 1):
        year, part = divmod(quarter, 4)
        yield date(year, part * 3 + 1, 1)
