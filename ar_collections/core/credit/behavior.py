"""From what the books say about a customer's invoices and payments to its payment experiences."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..customers.differences import Tolerance
from ..customers.lateness import bounded_days
from ..money import ZERO
from .experience import PaymentExperience

#: How far back payments count, in months.
BEHAVIOR_MONTHS = 12

NO_TOLERANCE = Tolerance()


@dataclass(frozen=True, slots=True)
class Debt:
    """An item that was paid, or is open; in company currency.

    :param original: the amount that the item was booked with
    """

    item: int
    invoice: int
    due: date
    original: Decimal


@dataclass(frozen=True, slots=True)
class Paid:
    """A part of a debt that was paid with money on a day; what credit notes and write-offs settle is not paid."""

    debt: Debt
    day: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Open:
    """What is open of a debt, without what is disputed and not decided yet.

    :param is_part: another part of the item was settled
    """

    debt: Debt
    amount: Decimal
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class Granted:
    """The time in which an item was disputed, in a dispute that was granted; ``last``: the day of the answer."""

    first: date
    last: date


def days_beyond(due: date, day: date, granted: Sequence[Granted] = ()) -> int:
    """Return how many days after the due date a day is, below zero: before; both within bounds.

    What was disputed, and granted, was not late in that time.

    >>> due = date(2026, 3, 1)
    >>> days_beyond(due, date(2026, 2, 24)), days_beyond(due, date(2026, 3, 21))
    (-5, 20)
    >>> days_beyond(due, date(2026, 3, 21), [Granted(date(2026, 2, 20), date(2026, 3, 5)),
    ...                                      Granted(date(2026, 3, 4), date(2026, 3, 11))])
    10
    """
    days, counted = (day - due).days, due
    for time in sorted(granted, key=lambda time: time.first):
        first, last = max(time.first, counted), min(time.last, day)
        if last > first:
            days -= (last - first).days
            counted = last
    return bounded_days(days)


def months_between(first: date, last: date) -> int:
    """Return the full months from one day to another, at least 0.

    >>> months_between(date(2026, 3, 10), date(2026, 6, 10)), months_between(date(2026, 3, 11), date(2026, 6, 10))
    (3, 2)
    >>> months_between(date(2026, 6, 11), date(2026, 6, 10))
    0
    """
    months = (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
    return max(months, 0)


def read_experiences(
    paid: Iterable[Paid],
    opened: Iterable[Open],
    credits: Decimal,
    granted: dict[int, list[Granted]],
    today: date,
    tolerance: Tolerance = NO_TOLERANCE,
) -> tuple[PaymentExperience, ...]:
    """Return the payment experiences with a customer: what was paid, and what is open and late.

    Small differences are nothing that is paid late. What the customer paid and nobody has matched yet covers its
    oldest items first.

    :param credits: payments and credit notes that are not matched
    :param granted: by item
    :param tolerance: what may be left of an item

    >>> debt = Debt(1, 1, date(2026, 6, 1), Decimal(100))
    >>> of_bank = Paid(debt, date(2026, 6, 1), Decimal("98.50")), Paid(debt, date(2026, 6, 30), Decimal("1.50"))
    >>> found = read_experiences(of_bank, (), ZERO, {}, date(2026, 7, 1), Tolerance(Decimal(5), Decimal(3)))
    >>> [(str(one.amount), one.days) for one in found]
    [('98.50', 0)]
    >>> late = Open(debt, Decimal(100)), Open(Debt(2, 2, date(2026, 6, 10), Decimal(50)), Decimal(50))
    >>> found = read_experiences((), late, Decimal(120), {}, date(2026, 6, 20))
    >>> [(str(one.amount), one.days) for one in found]
    [('30', 10)]
    """
    found = []
    for part in paid:
        days = days_beyond(part.debt.due, part.day, granted.get(part.debt.item, ()))
        is_rest = part.amount < part.debt.original and tolerance.covers(part.amount, part.debt.original)
        if not (is_rest and days > 0):
            months = months_between(part.day, today)
            found.append(PaymentExperience(part.amount, days, months, part.debt.invoice))
    for part in sorted(opened, key=lambda part: (part.debt.due, part.debt.item)):
        covered = min(credits, part.amount)
        credits -= covered
        left = part.amount - covered
        if left <= ZERO or part.debt.due >= today or (part.is_part and tolerance.covers(left, part.debt.original)):
            continue
        days = days_beyond(part.debt.due, today, granted.get(part.debt.item, ()))
        found.append(PaymentExperience(left, days, invoice=part.debt.invoice))
    return tuple(found)
