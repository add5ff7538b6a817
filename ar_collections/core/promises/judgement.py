"""Promises to pay: whether one was kept, and the promise-kept rate of a customer.

A promise is kept if it was settled in full by the promised date plus a tolerance for bank transfers. The amounts of one
promise are in one currency.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from ..agreements.settlement import Settlement, settled_by
from ..money import ZERO, percentage
from ..workdays import WorkCalendar

# --- The states of a promise ---
OPEN, KEPT, PARTLY, BROKEN, WITHDRAWN = "open", "kept", "partly", "broken", "withdrawn"

#: Date and tolerance have passed, and not all that was promised was paid in time.
NOT_KEPT = (PARTLY, BROKEN)


# === JUDGEMENT === #


@dataclass(frozen=True, slots=True)
class PromisedPart:
    """The amount promised of one item, and what was settled on it since, see :mod:`..agreements.settlement`.

    :param contested: how much of the promised amount was disputed later and is not answered, or was granted
    """

    promised: Decimal
    settled: tuple[Settlement, ...] = ()
    contested: Decimal = ZERO

    def kept_by(self, day: date) -> Decimal:
        """Return how much of the promised amount was settled up to and including the day."""
        return settled_by(self.settled, day, limit=self.promised)

    @property
    def lost(self) -> Decimal:
        """What was written off of the promised amount: it was not paid, and is not owed any more."""
        return min(sum((one.amount for one in self.settled if one.loss), ZERO), self.promised)


def deadline(day: date, tolerance_days: int) -> date:
    """Return the last day on which a payment counts for the promise."""
    return day + timedelta(days=tolerance_days)


def amount_kept(parts: Iterable[PromisedPart], day: date, tolerance_days: int) -> Decimal:
    """Return how much of the promised amount was settled in time."""
    last = deadline(day, tolerance_days)
    return sum((part.kept_by(last) for part in parts), ZERO)


def judge(parts: Collection[PromisedPart], day: date, tolerance_days: int, today: date) -> str:
    """Return the state of a promise as the ledger stands today: ``open``, ``kept``, ``partly`` or ``broken``.

    It is kept as soon as all is paid; partly kept or broken once date and tolerance have passed. A reversed payment is
    no longer in the ledger, so the state changes with it. What the customer contests is not judged: the rest is, and a
    promise that is contested as a whole stays open until the dispute is answered. A write-off keeps no promise: what
    was paid beside it may.

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
    >>> [judge([PromisedPart(Decimal(100), (in_time,), Decimal(part))], friday, 2, monday) for part in (30, 40)]
    ['partly', 'kept']
    >>> judge([PromisedPart(Decimal(100), (), Decimal(100))], friday, 2, monday)
    'open'
    >>> rest, all_of_it = (Settlement(date(2026, 6, 11), Decimal(amount), loss=True) for amount in (40, 100))
    >>> judged(in_time, rest), judged(rest), judged(all_of_it)
    ('kept', 'broken', 'broken')
    """
    promised = sum((part.promised - part.lost for part in parts), ZERO)
    contested = sum((part.contested for part in parts), ZERO)
    kept = amount_kept(parts, day, tolerance_days)
    if kept >= promised and kept > 0:
        return KEPT
    if today <= deadline(day, tolerance_days) or contested >= promised > 0:
        return OPEN
    if kept >= promised - contested and kept > 0:
        return KEPT
    return PARTLY if kept > 0 else BROKEN


def note_day(day: date, calendar: WorkCalendar) -> date:
    """Return the day of the notice that a promise is due: the last working day before the promised date.

    >>> str(note_day(date(2026, 6, 15), WorkCalendar()))     # promised for a Monday
    '2026-06-12'
    """
    return calendar.previous_workday(day)


def number_of(earlier: Iterable[str]) -> int:
    """Return the number of a promise about an item, given the states of earlier ones; withdrawn ones do not count.

    >>> number_of([]), number_of([BROKEN]), number_of([WITHDRAWN])
    (1, 2, 1)
    """
    return 1 + sum(state != WITHDRAWN for state in earlier)


# === RELIABILITY === #


@dataclass(frozen=True, slots=True)
class Reliability:
    """The promises that came due and those that were kept, by number and by amount; rates in percent."""

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
    """Return how many of a customer's promises were kept, by number and by amount.

    :param groups: (state, number, amount) of promises; open and withdrawn ones do not count

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
