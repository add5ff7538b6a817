"""The cash forecast: when today's open items are expected to be paid. SQL applies the same rules to whole companies.

1. Agreed amounts are expected on the agreed dates: promises on theirs, payment plans on those of the installments,
   what a settlement leaves to pay on its last day.
2. What is contested, or granted and not credited yet, has no expected date. Where it overlaps with agreed amounts of
   the same item, it replaces those with the latest dates; the rest is expected as agreed. The same holds for what a
   settlement releases the customer from, and for all that is claimed in insolvency proceedings.
3. The rest is expected on its due date plus the customer's usual delay: the days late of what was paid in the last
   twelve months, weighted by amount, because the forecast is about money and not about the number of invoices. A
   customer who has paid too few invoices gets the company's payment behavior: a single invoice shows none, however
   many installments it has.
4. What is past that day is late even by the customer's usual delay, which then predicts nothing any more. The time it
   has been overdue since does: it is expected to take as long again (`still_expected`). Such delays have long tails,
   for which the mean remaining time grows with the time that has passed. The rule needs no parameter, and what has
   been overdue for a quarter leaves the thirteen weeks by itself.
5. Credits and unapplied payments are allocated to the customer's oldest items of the same currency first, because
   nobody pays for what is on account already. Contested amounts come last, because the customer is asked to pay the
   rest alone, less credits. What is left of the credits is kept separately.

The weeks, what is expected later, what is not expected and what is left of credits add up to the receivables.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from ..customers.lateness import bounded_days
from ..money import ZERO, percentage

WEEKS = 13

#: Below this number of paid invoices the company's payment behavior applies.
ENOUGH_INVOICES = 3

# --- What an expected date is based on ---
BEHAVIOR, PROMISE, PLAN, SETTLEMENT = "behavior", "promise", "plan", "settlement"

# --- Without an expected date ---
DISPUTED = "disputed"

#: Claimed in insolvency proceedings.
CLAIMED = "claimed"

#: What a settlement releases the customer from.
RELEASED = "released"

#: Not expected at all: what is left of credit notes and unapplied payments.
CREDIT = "credit"

AGREED = (PROMISE, PLAN, SETTLEMENT)


@dataclass(frozen=True, slots=True)
class Week:
    """The amount expected from the first to the last day, both included, in company currency.

    :param agreed: the part of it that was promised, is under a payment plan, or is to be paid by a settlement
    """

    first: date
    last: date
    expected: Decimal = ZERO
    agreed: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class CashForecast:
    """The receivables by when they are expected; weeks, later, not expected and credits add up to them.

    :param later: expected after the last week
    :param not_expected: contested, or granted and not credited yet; claimed in insolvency; released by a settlement
    :param credits: what is left of credits, zero or negative
    :param receivable: the receivables: open items less credits
    """

    weeks: tuple[Week, ...]
    later: Decimal
    not_expected: Decimal
    credits: Decimal
    receivable: Decimal

    @property
    def expected(self) -> Decimal:
        """The amount expected within the weeks."""
        return sum((week.expected for week in self.weeks), ZERO)


class ForecastPart(NamedTuple):
    """A part of an item: its kind, the day on which it is expected (``None``: without a date), and its amount."""

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
    """Return the first day of each week: today for the rest of the current one, then Mondays.

    >>> [str(first) for first in week_starts(date(2026, 6, 10), 3)]
    ['2026-06-10', '2026-06-15', '2026-06-22']
    """
    monday = monday_of(today)
    return [today, *(monday + timedelta(weeks=number) for number in range(1, weeks))]


def usual_delay(paid: Iterable[tuple[Decimal, int]]) -> int:
    """Return the mean number of days from due date to payment, weighted by amount; negative: paid early.

    :param paid: (amount, days from the due date to the payment), not empty; days count within bounds, see
        :func:`..customers.lateness.bounded_days`

    >>> usual_delay([(Decimal(10), 5), (Decimal(100), 10)])     # 9.55
    10
    >>> usual_delay([(Decimal(10), 0), (Decimal(10), -1)])
    -1
    >>> usual_delay([(Decimal(1_000), -13_000), (Decimal(99_000), 5)])      # due in 2062, by mistake
    1
    """
    paid = list(paid)
    mean = sum(amount * bounded_days(days) for amount, days in paid) / sum(amount for amount, _days in paid)
    return int(mean.quantize(Decimal(1), ROUND_HALF_UP))


def still_expected(day: date, today: date) -> date:
    """Return when an item is expected: on its day, or once that has passed, as long after today as it is overdue.

    :param day: due date plus the usual delay, or the agreed date

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
    """Return the parts of an item by expected date, see the rules in the module's docstring.

    The parts are ordered like slices of the amount. From the bottom: what follows the payment behavior, then agreed
    amounts by date, and at the top what is contested, which remains open longest. Where these exceed the open amount,
    the agreed amounts with the latest dates are cut. Credits, and payments outside of an agreement, reduce the slices
    from the bottom: what is expected first is settled first.

    :param amount: the open amount
    :param covered: the part of it that is covered by credits
    :param agreed: (kind, date, amount) of promises and installments
    :param disputed: the contested amount
    :param usual_day: due date plus the customer's usual delay
    :return: the parts, from the top

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
    """Return how much of each amount is covered by credits: first amounts first, contested parts after all the rest.

    :param disputed: the contested part of each amount, default: none

    >>> amounts = [Decimal(30), Decimal(20), Decimal(10)]
    >>> [str(covered) for covered in cover(amounts, Decimal(40))]
    ['30', '10', '0']
    >>> [str(covered) for covered in cover(amounts, Decimal(40), [Decimal(25), Decimal(0), Decimal(0)])]
    ['10', '20', '10']
    """
    disputed = disputed or [ZERO] * len(amounts)
    covered = [ZERO] * len(amounts)
    rest = [amount - contested for amount, contested in zip(amounts, disputed, strict=True)]
    for parts in (rest, disputed):
        for number, part in enumerate(parts):
            taken = min(part, credits)
            covered[number] += taken
            credits -= taken
    return covered


# === TOTALS === #


def add_up(parts: Iterable[ForecastPart], today: date, weeks: int = WEEKS) -> CashForecast:
    """Return the forecast: the parts of all items added up by week; credits are negative parts.

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
    not_expected = credits = later = ZERO
    for kind, day, amount in parts:
        if kind == CREDIT:
            credits += amount
        elif day is None:
            not_expected += amount
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
    receivable = sum(expected, ZERO) + later + not_expected + credits
    return CashForecast(found, later, not_expected, credits, receivable)


# === ACCURACY === #


@dataclass(frozen=True, slots=True)
class Check:
    """A past week: the amount that had been forecast for it, and the amount received.

    >>> Check(date(2026, 6, 1), date(2026, 6, 7), Decimal(200), Decimal(150)).deviation
    Decimal('-25.00')
    """

    first: date
    last: date
    expected: Decimal
    received: Decimal

    @property
    def deviation(self) -> Decimal | None:
        """Received less expected, in percent of the expected amount; ``None`` where nothing was expected."""
        return percentage(self.received - self.expected, self.expected) if self.expected else None


def combine(checks: Sequence[Check]) -> Check:
    """Return several consecutive weeks as one.

    >>> weeks = [Check(date(2026, 6, 1), date(2026, 6, 7), Decimal(200), Decimal(150)),
    ...          Check(date(2026, 6, 8), date(2026, 6, 14), Decimal(0), Decimal(50))]
    >>> combine(weeks).deviation
    Decimal('0')
    """
    expected = sum((check.expected for check in checks), ZERO)
    received = sum((check.received for check in checks), ZERO)
    return Check(checks[0].first, checks[-1].last, expected, received)
