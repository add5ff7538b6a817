"""The cash forecast: when what is open today can be expected. The database follows these rules for whole companies.

1. What was agreed is expected when it was agreed: promises on their date, plans on the dates of their installments.
2. What is contested, or granted and not credited yet, is not expected within a stated time. Of what was agreed about
   the same item the latest dates are left out for it: the rest is to be paid in its time.
3. The rest is expected on its due date, shifted by what the customer usually needs: days late over what was paid in
   the last twelve months, weighted by amount, because the money matters and not the number of invoices. Who has paid
   too few invoices has the company's habit: a habit of one invoice is none, however many installments it has.
4. What is past that day is late by the customer's own measure, and the measure says nothing about it any more. How
   long it has been missing does: it is expected to stay away as long again (`still_expected`). Such delays have long
   tails; for these the mean of what remains grows with what has passed. It needs no number that somebody would have
   to choose, and what has been missing for a quarter leaves the thirteen weeks by itself.
5. Credits and unapplied cash are set against the customer's oldest items of the same currency first: nobody sends
   money for what is on account already. What is contested has its turn after all the rest, because the customer is
   asked for the rest alone, credits taken off. What is left of the credits stays apart.

Nothing is lost: the weeks, what comes later, what is contested and what is left of credits are the receivables.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from ..money import ZERO, percentage

WEEKS = 13

#: Below so many paid invoices the company's habit counts.
ENOUGH_INVOICES = 3

# --- Why something is expected on its day ---
BEHAVIOR, PROMISE, PLAN = "behavior", "promise", "plan"

#: Not expected within a stated time.
DISPUTED = "disputed"

#: Not expected at all: what is left of credit notes and unapplied cash.
CREDIT = "credit"

AGREED = (PROMISE, PLAN)


@dataclass(frozen=True, slots=True)
class Week:
    """What is expected from the first to the last day, both included, in company currency.

    :param agreed: what of it was promised or planned
    """

    first: date
    last: date
    expected: Decimal = ZERO
    agreed: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class CashForecast:
    """What becomes of the receivables; everything adds up to them.

    :param later: after the last week
    :param disputed: contested, or granted and not credited yet
    :param credits: what is left of credits, not positive
    :param receivable: the receivables: open items, credits taken off
    """

    weeks: tuple[Week, ...]
    later: Decimal
    disputed: Decimal
    credits: Decimal
    receivable: Decimal

    @property
    def expected(self) -> Decimal:
        """What is expected within the weeks."""
        return sum((week.expected for week in self.weeks), ZERO)


class ForecastPart(NamedTuple):
    """A part of an item: its kind, the day it is expected (``None``: not within a stated time), and its amount."""

    kind: str
    day: date | None
    amount: Decimal


# === DAYS === #


def monday_of(day: date) -> date:
    """Return the Monday of the day's week.

    >>> monday_of(date(2026, 6, 10)), monday_of(date(2026, 6, 8))
    (datetime.date(2026, 6, 8), datetime.date(2026, 6, 8))
    """
    return day - timedelta(days=day.weekday())


def week_starts(today: date, weeks: int = WEEKS) -> list[date]:
    """Return the first day of each week: today for what is left of the running one, then Mondays.

    >>> [str(first) for first in week_starts(date(2026, 6, 10), 3)]
    ['2026-06-10', '2026-06-15', '2026-06-22']
    """
    monday = monday_of(today)
    return [today, *(monday + timedelta(weeks=number) for number in range(1, weeks))]


def usual_delay(paid: Iterable[tuple[Decimal, int]]) -> int:
    """Return how many days after the due date money comes, weighted by amount; below zero it comes before.

    :param paid: (amount, days from the due date to the payment), not empty

    >>> usual_delay([(Decimal(10), 5), (Decimal(100), 10)])     # 9.55
    10
    >>> usual_delay([(Decimal(10), 0), (Decimal(10), -1)])
    -1
    """
    paid = list(paid)
    mean = sum(amount * days for amount, days in paid) / sum(amount for amount, _days in paid)
    return int(mean.quantize(Decimal(1), ROUND_HALF_UP))


def still_expected(day: date, today: date) -> date:
    """Return when something is expected that was expected on a day: then, or later by as much as it is late.

    >>> june = date(2026, 6, 10)
    >>> [str(still_expected(day, june)) for day in (date(2026, 6, 12), june, date(2026, 6, 9), date(2026, 5, 11))]
    ['2026-06-12', '2026-06-10', '2026-06-11', '2026-07-10']
    """
    return max(day, today + (today - day))


# === ONE ITEM === #


def split(
    amount: Decimal,
    covered: Decimal,
    agreed: Sequence[tuple[str, date, Decimal]],
    disputed: Decimal,
    usual_day: date,
    today: date,
) -> list[ForecastPart]:
    """Return the parts of an item, see the rules above.

    From the bottom: what follows the habit, what was agreed, the earliest date first, and at the top what is contested,
    which is not paid, so it is what remains last. Where both exceed what is open, the latest dates give way. Credits,
    and whatever was paid beside an agreement, are missing from the bottom: what is expected first is gone first.

    :param amount: what is open
    :param covered: what of it is covered by credits
    :param agreed: (kind, date, amount) of promises and installments
    :param disputed: what is contested
    :param usual_day: due date and the customer's usual delay
    :return: from the top

    An item of 100, of which 30 are contested, 50 promised, and 40 on account already:

    >>> june, july, august = date(2026, 6, 10), date(2026, 7, 1), date(2026, 8, 1)
    >>> for part in split(Decimal(100), Decimal(40), [(PROMISE, july, Decimal(50))], Decimal(30), august, june):
    ...     print(*part)
    disputed None 30
    promise 2026-07-01 30

    Two installments of 50 each, of which 50 are contested:

    >>> plan = [(PLAN, july, Decimal(50)), (PLAN, august, Decimal(50))]
    >>> for part in split(Decimal(100), Decimal(0), plan, Decimal(50), june, june):
    ...     print(*part)
    disputed None 50
    plan 2026-07-01 50
    """
    available = amount - min(disputed, amount)
    bottom = max(available - sum(part for _kind, _day, part in agreed), ZERO)
    slices = [(BEHAVIOR, usual_day, ZERO, bottom)]
    for kind, day, part in sorted(agreed, key=lambda part: part[1]):
        top = min(bottom + part, available)
        slices.append((kind, day, bottom, top))
        bottom = top
    slices.append((DISPUTED, None, available, amount))
    return [
        ForecastPart(kind, day and still_expected(day, today), top - max(bottom, covered))
        for kind, day, bottom, top in reversed(slices)
        if top > max(bottom, covered)
    ]


def cover(amounts: Sequence[Decimal], credits: Decimal, disputed: Sequence[Decimal] = ()) -> list[Decimal]:
    """Return how much of each amount is covered, the first ones first; what is contested of them after all the rest.

    :param disputed: what of each amount is contested, default: nothing

    >>> amounts = [Decimal(30), Decimal(20), Decimal(10)]
    >>> [str(covered) for covered in cover(amounts, Decimal(40))]
    ['30', '10', '0']
    >>> [str(covered) for covered in cover(amounts, Decimal(40), [Decimal(25), Decimal(0), Decimal(0)])]
    ['10', '20', '10']
    """
    disputed = disputed or [ZERO] * len(amounts)
    covered = [ZERO] * len(amounts)
    rest = [amount - own for amount, own in zip(amounts, disputed, strict=True)]
    for parts in (rest, disputed):
        for number, part in enumerate(parts):
            taken = min(part, credits)
            covered[number] += taken
            credits -= taken
    return covered


# === ALL TOGETHER === #


def add_up(parts: Iterable[ForecastPart], today: date, weeks: int = WEEKS) -> CashForecast:
    """Return the forecast of all parts of all items, credits among them.

    >>> june = date(2026, 6, 10)
    >>> parts = [ForecastPart(PROMISE, june, Decimal(5)), ForecastPart(BEHAVIOR, date(2026, 6, 22), Decimal(7)),
    ...          ForecastPart(DISPUTED, None, Decimal(3)), ForecastPart(CREDIT, None, Decimal(-2))]
    >>> found = add_up(parts, june, weeks=2)
    >>> [str(week.expected) for week in found.weeks], str(found.later), str(found.receivable)
    (['5', '0'], '7', '13')
    """
    starts = week_starts(today, weeks)
    end = monday_of(today) + timedelta(weeks=weeks)
    expected, agreed = [ZERO] * weeks, [ZERO] * weeks
    apart = {DISPUTED: ZERO, CREDIT: ZERO}
    later = ZERO
    for kind, day, amount in parts:
        if day is None:
            apart[kind] += amount
        elif day >= end:
            later += amount
        else:
            number = (day - monday_of(today)).days // 7
            expected[number] += amount
            agreed[number] += amount if kind in AGREED else ZERO
    found = tuple(
        Week(first, monday_of(first) + timedelta(days=6), *amounts)
        for first, *amounts in zip(starts, expected, agreed, strict=True)
    )
    receivable = sum(expected, ZERO) + later + sum(apart.values(), ZERO)
    return CashForecast(found, later, apart[DISPUTED], apart[CREDIT], receivable)


# === LOOKING BACK === #


@dataclass(frozen=True, slots=True)
class Check:
    """A week that is over: what had been expected, and what came.

    >>> Check(date(2026, 6, 1), date(2026, 6, 7), Decimal(200), Decimal(150)).deviation
    Decimal('-25.00')
    """

    first: date
    last: date
    expected: Decimal
    received: Decimal

    @property
    def deviation(self) -> Decimal | None:
        """By how many percent of the expected more (or less) came; ``None`` where nothing was expected."""
        return percentage(self.received - self.expected, self.expected) if self.expected else None


def combine(checks: Sequence[Check]) -> Check:
    """Return several weeks, side by side, as one.

    >>> weeks = [Check(date(2026, 6, 1), date(2026, 6, 7), Decimal(200), Decimal(150)),
    ...          Check(date(2026, 6, 8), date(2026, 6, 14), Decimal(0), Decimal(50))]
    >>> combine(weeks).deviation
    Decimal('0')
    """
    expected = sum((check.expected for check in checks), ZERO)
    received = sum((check.received for check in checks), ZERO)
    return Check(checks[0].first, checks[-1].last, expected, received)
