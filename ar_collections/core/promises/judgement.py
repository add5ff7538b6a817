"""Promises to pay: whether one was kept, and how reliable a customer is.

Kept is what was settled in full by the promised date and the tolerance that bank transfers need. Amounts of one promise
are in one currency.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from ..agreements.settlement import Settlement, settled_by
from ..money import ZERO, percentage
from ..workdays import LONGEST_CLOSURE_DAYS, WorkCalendar

# --- What becomes of a promise ---
OPEN, KEPT, PARTLY, BROKEN, WITHDRAWN = "open", "kept", "partly", "broken", "withdrawn"

#: The date has passed, and not all that was promised was paid.
NOT_KEPT = (PARTLY, BROKEN)


# === WAS IT KEPT === #


@dataclass(frozen=True, slots=True)
class PromisedPart:
    """What was promised about one item, and what was settled on it since, see :mod:`settlement`."""

    promised: Decimal
    settled: tuple[Settlement, ...] = ()

    def kept_by(self, day: date) -> Decimal:
        """Return how much of the promise was settled up to the day, included."""
        return settled_by(self.settled, day, limit=self.promised)


def deadline(day: date, tolerance_days: int) -> date:
    """Return the last day on which a payment keeps the promise."""
    return day + timedelta(days=tolerance_days)


def amount_kept(parts: Iterable[PromisedPart], day: date, tolerance_days: int) -> Decimal:
    """Return how much of what was promised was settled in time."""
    last = deadline(day, tolerance_days)
    return sum((part.kept_by(last) for part in parts), ZERO)


def judge(parts: Collection[PromisedPart], day: date, tolerance_days: int, today: date) -> str:
    """Return what became of a promise, as the books stand today.

    Kept is known as soon as all is paid; the rest once the date and the tolerance have passed. A payment that is taken
    back is not in the books any more, and so the answer changes with it.

    :param day: the promised date

    100 promised for Friday 12 June, two days of tolerance; 60 are paid on time, the rest on the 14th or the 15th:

    >>> friday, monday = date(2026, 6, 12), date(2026, 6, 15)
    >>> in_time = Settlement(date(2026, 6, 11), Decimal(60))
    >>> def judged(*settled, today=monday):
    ...     return judge([PromisedPart(Decimal(100), settled)], friday, 2, today)
    >>> judged(in_time, Settlement(date(2026, 6, 14), Decimal(40)), today=date(2026, 6, 14))
    'kept'
    >>> judged(in_time, Settlement(monday, Decimal(40))), judged(), judged(today=date(2026, 6, 14))
    ('partly', 'broken', 'open')
    """
    promised = sum((part.promised for part in parts), ZERO)
    kept = amount_kept(parts, day, tolerance_days)
    if kept >= promised:
        return KEPT
    if today <= deadline(day, tolerance_days):
        return OPEN
    return PARTLY if kept > 0 else BROKEN


def note_day(day: date, calendar: WorkCalendar) -> date:
    """Return when the customer is reminded of a promise: on the working day before it.

    >>> str(note_day(date(2026, 6, 15), WorkCalendar()))     # promised for a Monday
    '2026-06-12'
    """
    for days in range(1, LONGEST_CLOSURE_DAYS):
        candidate = day - timedelta(days=days)
        if calendar.is_workday(candidate):
            return candidate
    return day - timedelta(days=1)


def number_of(earlier: Iterable[str]) -> int:
    """Return which promise on an item this is, given the states of the ones before; withdrawn ones do not count.

    >>> number_of([]), number_of([BROKEN]), number_of([WITHDRAWN])
    (1, 2, 1)
    """
    return 1 + sum(state != WITHDRAWN for state in earlier)


# === HOW RELIABLE === #


@dataclass(frozen=True, slots=True)
class Reliability:
    """How many promises came due, how many of them were kept, and the same by amount; rates in percent."""

    due: int = 0
    kept: int = 0
    amount_due: Decimal = ZERO
    amount_kept: Decimal = ZERO

    @property
    def rate(self) -> Decimal:
        """Kept promises in percent of those that came due."""
        return percentage(Decimal(self.kept), Decimal(self.due))

    @property
    def amount_rate(self) -> Decimal:
        """The amounts of kept promises in percent of those that came due; a promise partly kept was not kept."""
        return percentage(self.amount_kept, self.amount_due)


def reliability(groups: Collection[tuple[str, int, Decimal]]) -> Reliability:
    """Return how reliable a customer's promises are.

    :param groups: (state, number, amount) of the promises whose date and tolerance have passed; open and withdrawn ones
        do not count

    >>> found = reliability([(KEPT, 1, Decimal(300)), (PARTLY, 1, Decimal(100)), (WITHDRAWN, 3, Decimal(50))])
    >>> found.due, found.kept, found.rate, found.amount_rate
    (2, 1, Decimal('50.0'), Decimal('75.00'))
    """
    due = [(number, amount) for state, number, amount in groups if state in (KEPT, *NOT_KEPT)]
    kept = [(number, amount) for state, number, amount in groups if state == KEPT]
    return Reliability(
        sum(number for number, _amount in due),
        sum(number for number, _amount in kept),
        sum((amount for _number, amount in due), ZERO),
        sum((amount for _number, amount in kept), ZERO),
    )
