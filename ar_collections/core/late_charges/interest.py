"""Interest for late payment: day by day on what was open, rounded once.

The days run from the day after the due date up to and including the day of payment. Interest bears no interest, but
where the rules compound it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..money import ZERO, round_half_up
from ..months import add_months
from ..workdays import WorkCalendar
from .days import ACT_365, count_days, get_year_part
from .rates import RateTable

# --- Which rate counts where it changes during the delay ---
#: Each day has the rate of its own period.
SPLIT = "split"

#: The rate of the first day of the delay holds for all of it.
AT_DEFAULT = "at_default"

#: What is paid on a day bears the rate of that day for its whole delay.
AT_PAYMENT = "at_payment"

#: Interest is added to the debt each month and bears interest, at the rate of the first day of each month.
COMPOUND = "compound"


@dataclass(frozen=True, slots=True)
class Terms:
    """How interest is computed.

    :param moves_to_workday: a due date that is no working day moves to the next one
    :param rounding: the smallest unit of the currency
    :param free_days: number of days after the due date that bear no interest at all
    """

    table: RateTable
    convention: str = SPLIT
    day_count: str = ACT_365
    moves_to_workday: bool = False
    rounding: Decimal = Decimal("0.01")
    free_days: int = 0

    def is_known(self, after: date, until: date) -> bool:
        """Return whether all rates of a delay are known, and none is only assumed to go on."""
        return self.table.covers(next_day(after) if self.convention == AT_DEFAULT else until)


@dataclass(frozen=True, slots=True)
class Change:
    """A part of the debt that ceased to be owed.

    :param amount: positive
    :param works_back: it was never owed: a credit note for an error, or what a dispute was right about
    :param is_loss: it was written off: nobody paid it, and it bears interest until then
    """

    day: date
    amount: Decimal
    works_back: bool = False
    is_loss: bool = False


@dataclass(frozen=True, slots=True)
class Debt:
    """An item with its history.

    :param amount: as invoiced
    :param changes: payments and credit notes, in any order
    :param excluded: part that bears no interest as long as it is so, such as what a customer disputes
    """

    amount: Decimal
    due: date
    changes: tuple[Change, ...] = ()
    excluded: Decimal = ZERO

    @property
    def principal(self) -> Decimal:
        """What was owed from the beginning."""
        return self.amount - self.excluded - sum(change.amount for change in self.changes if change.works_back)

    @property
    def steps(self) -> list[Change]:
        """The payments and losses, in the order of their days, each with the part of the principal that it took."""
        left, steps = max(self.principal, ZERO), []
        for change in sorted((change for change in self.changes if not change.works_back), key=lambda c: c.day):
            paid = min(change.amount, left)
            left -= paid
            if paid > 0:
                steps.append(Change(change.day, paid, is_loss=change.is_loss))
        return steps

    @property
    def paid_on(self) -> date | None:
        """The day on which the rest of the principal was paid; ``None``: some is open, or was written off.

        The due date without any principal.
        """
        if self.principal <= 0:
            return self.due
        steps = self.steps
        if any(step.is_loss for step in steps):
            return None
        return steps[-1].day if sum(step.amount for step in steps) == self.principal else None


@dataclass(frozen=True, slots=True)
class Period:
    """A line of the computation: some days with one balance and one rate.

    :param after: the day before the first one
    :param interest: unrounded
    """

    after: date
    last: date
    days: int
    balance: Decimal
    percent: Decimal
    interest: Decimal


@dataclass(frozen=True, slots=True)
class Interest:
    """The interest of one debt up to a day, and how it was computed.

    :param amount: rounded once, half up
    :param is_known: false where a rate is not known yet, and the last one was taken
    """

    periods: tuple[Period, ...] = ()
    amount: Decimal = ZERO
    is_known: bool = True

    @property
    def days(self) -> int:
        """Number of days in delay."""
        return count_days(self.periods[0].after, self.periods[-1].last) if self.periods else 0


def next_day(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def sum_balances(debt: Debt, until: date) -> Decimal:
    """Return the balances of all days in delay up to and including a day, added up: what a rate is applied to.

    Whatever the rules, it falls where the books say that less was owed than they said before.

    >>> paid = Debt(Decimal(100), date(2026, 3, 1), (Change(date(2026, 3, 5), Decimal(60)),))
    >>> [int(sum_balances(paid, date(2026, 3, day))) for day in (1, 5, 11)]
    [0, 400, 640]
    """

    def count(after: date) -> int:
        return max((until - max(after, debt.due)).days, 0)

    owed = max(debt.principal, ZERO) * count(debt.due)
    return owed - sum((step.amount * count(step.day) for step in debt.steps), ZERO)


def get_start(due: date, terms: Terms, calendar: WorkCalendar | None = None) -> date:
    """Return the last day without interest: the due date, moved to a working day where the rules say so.

    >>> from .rates import Rate
    >>> terms = Terms(RateTable((Rate(date(2025, 1, 1), Decimal(5)),)), moves_to_workday=True)
    >>> get_start(date(2025, 5, 31), terms, WorkCalendar())     # a Saturday
    datetime.date(2025, 6, 2)
    """
    start = calendar.next_workday(due) if terms.moves_to_workday and calendar is not None else due
    return date.fromordinal(start.toordinal() + terms.free_days)


def accrue(debt: Debt, terms: Terms, until: date, calendar: WorkCalendar | None = None) -> Interest:
    """Return the interest of a debt up to and including a day, or until it was paid.

    :param calendar: the working days, for terms that move due dates
    :raise ChargeRefused: ``NO_RATE`` where no rate is known for the beginning

    >>> from .rates import Rate, make_table
    >>> eu = make_table([Rate(date(2025, 1, 1), Decimal("3.15"), date(2025, 6, 30)),
    ...                  Rate(date(2025, 7, 1), Decimal("2.15"), date(2025, 12, 31))], points=Decimal(8))
    >>> paid = Debt(Decimal(5000), date(2025, 5, 15), (Change(date(2025, 8, 13), Decimal(5000)),))
    >>> interest = accrue(paid, Terms(eu), date(2025, 12, 1))
    >>> interest.amount, [(period.days, str(period.percent)) for period in interest.periods]
    (Decimal('131.44'), [(46, '11.15'), (44, '10.15')])
    """
    start, end = get_start(debt.due, terms, calendar), min(until, debt.paid_on or until)
    if end <= start:  # also without a principal, which is paid when it is due
        return Interest()
    compute = {AT_PAYMENT: _by_payment, COMPOUND: _by_month}.get(terms.convention, _by_period)
    periods = tuple(compute(debt, terms, start, end))
    total = sum((period.interest for period in periods), ZERO)
    return Interest(periods, round_half_up(total, terms.rounding), terms.is_known(start, end))


def _by_period(debt: Debt, terms: Terms, start: date, end: date) -> Iterator[Period]:
    """Yield a period for each balance, and for each rate where the rates are split."""
    breaks = set()
    if terms.convention == SPLIT:
        breaks = {date.fromordinal(day.toordinal() - 1) for day in terms.table.get_change_days(next_day(start), end)}
    for after, last, balance in _balances(debt, start, end, breaks):
        percent = terms.table.get(next_day(start if terms.convention == AT_DEFAULT else after))
        yield _make_period(after, last, balance, percent, terms)


def _by_payment(debt: Debt, terms: Terms, start: date, end: date) -> Iterator[Period]:
    """Yield a period for each payment, and one for what is open at the end."""
    late = [step for step in debt.steps if start < step.day <= end]
    rest = debt.principal - sum(step.amount for step in debt.steps if step.day <= end)
    for last, amount in [(step.day, step.amount) for step in late] + [(end, rest)]:
        if amount > 0:
            yield _make_period(start, last, amount, terms.table.get(last), terms)


def _by_month(debt: Debt, terms: Terms, start: date, end: date) -> Iterator[Period]:
    """Yield a period for each month of the delay and each balance in it; the interest bears interest.

    A part of a month bears the same rate as a whole one: the balance grows evenly.
    """
    rests = [start]
    while rests[-1] < end:
        rests.append(add_months(start, len(rests)))
    added, number = ZERO, 0
    for after, last, balance in _balances(debt, start, end, set(rests)):
        while rests[number + 1] <= after:
            number += 1
        percent = terms.table.get(next_day(rests[number]))
        days = count_days(after, last, terms.day_count)
        part = Decimal(days) / count_days(rests[number], rests[number + 1], terms.day_count)
        interest = (balance + added) * ((1 + percent / 1200) ** part - 1)
        yield Period(after, last, (last - after).days, balance + added, percent, interest)
        added += interest


def _balances(debt: Debt, start: date, end: date, breaks: set[date]) -> Iterator[tuple[date, date, Decimal]]:
    """Yield (day before the first, last day, balance) for the delay, divided at payments and at ``breaks``."""
    steps = debt.steps
    days = sorted({day for day in (*(step.day for step in steps), *breaks, end) if start < day <= end})
    after = start
    for last in days:
        balance = debt.principal - sum(step.amount for step in steps if step.day <= after)
        if balance > 0:
            yield after, last, balance
        after = last


def _make_period(after: date, last: date, balance: Decimal, percent: Decimal, terms: Terms) -> Period:
    interest = balance * percent / 100 * get_year_part(after, last, terms.day_count)
    return Period(after, last, count_days(after, last, terms.day_count), balance, percent, interest)
