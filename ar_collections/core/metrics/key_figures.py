"""All key figures of a company for a period, calculated from its ledger."""

from dataclasses import dataclass
from decimal import Decimal

from ..customers.aging import Aging
from ..money import ZERO, proportion
from . import dso, metrics
from .periods import Period


@dataclass(frozen=True, slots=True)
class Paid:
    """Totals of the invoices that were fully paid in a period, in company currency.

    :param amount: sum of the amounts
    :param amount_days: sum of amount x days from the invoice date to the payment
    :param amount_days_late: sum of amount x days from the due date to the payment; negative days for early payment
    """

    amount: Decimal = ZERO
    amount_days: Decimal = ZERO
    amount_days_late: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Books:
    """The ledger's figures of a company for a period, in company currency.

    :param opening: what was open before the first day, debts less credits
    :param closing: what was open at the end of the last day
    :param credit_sales: of the period, credit notes deducted
    :param months: (credit sales, days) of months, newest first; the first one ends with the period
    :param paid: the invoices that were fully paid in the period
    :param written_off: losses of the period, less what was recovered of earlier ones; below zero where that is more
    """

    period: Period
    opening: Decimal
    closing: Aging
    credit_sales: Decimal
    months: tuple[tuple[Decimal, int], ...] = ()
    paid: Paid = Paid()
    written_off: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """The key figures of a period; `None` where one is not available.

    CEI and ``percent_current`` are in percent, ``turnover`` is a number of times; all others are in days.
    """

    dso_simple: Decimal | None
    dso_countback: dso.CountBack
    best_dso: Decimal | None
    average_days_delinquent: Decimal | None
    cei: Decimal | None
    turnover: Decimal | None
    turnover_days: Decimal | None
    percent_current: Decimal | None
    weighted_days_to_pay: Decimal | None
    weighted_days_late: Decimal | None
    bad_debt_ratio: Decimal | None = None


def measure(books: Books, average_receivables: bool = False) -> KeyFigures:
    """Return the key figures; for the formulas see :mod:`.dso` and :mod:`.metrics`.

    :param average_receivables: calculate the simple DSO from the average of opening and closing, not from the closing

    >>> from datetime import date
    >>> june = Period(date(2026, 6, 1), date(2026, 6, 30))
    >>> closing = Aging((Decimal(4_000), Decimal(11_000)))
    >>> figures = measure(Books(june, Decimal(15_000), closing, Decimal(10_000), ((Decimal(10_000), 30),)))
    >>> figures.dso_simple, figures.best_dso, figures.average_days_delinquent, str(figures.dso_countback)
    (Decimal('45'), Decimal('12'), Decimal('33'), '> 30')

    Credits of 3,000 reduce both in proportion, so that the best possible DSO never exceeds the DSO:

    >>> in_part = measure(Books(june, Decimal(15_000), Aging(closing.buckets, Decimal(-3_000)), Decimal(10_000)))
    >>> in_part.dso_simple, round(in_part.best_dso, 1)
    (Decimal('36'), Decimal('9.6'))

    So it is in the CEI, which never exceeds 100 percent: of 150,000 90,000 were not due, and all that was due was paid.

    >>> paid_early = Aging((Decimal(90_000), Decimal(0)), Decimal(-15_000))
    >>> measure(Books(june, Decimal(50_000), paid_early, Decimal(100_000))).cei
    Decimal('100')

    A loss is no collection. Of 5,000 and sales of 10,000 4,000 were paid and 1,000 written off: without the loss the
    CEI would be 5,000 of 11,000.

    >>> lost = measure(Books(june, Decimal(5_000), Aging((Decimal(4_000), Decimal(6_000))), Decimal(10_000),
    ...                      written_off=Decimal(1_000)))
    >>> round(lost.cei, 2), lost.dso_simple, lost.bad_debt_ratio
    (Decimal('36.36'), Decimal('33'), Decimal('10.0'))
    """
    period, closing, sales, paid = books.period, books.closing, books.credit_sales, books.paid
    # As if what was lost in the period were still open; what was recovered could be collected again.
    lost, recovered = max(books.written_off, ZERO), max(-books.written_off, ZERO)
    closing_total = closing.total + lost
    average = metrics.average(books.opening, closing_total)
    receivables = average if average_receivables else closing_total
    simple = dso.simple_dso(receivables, sales, period.days)
    best = dso.best_possible_dso(_not_due_of(receivables, closing, lost), sales, period.days)
    turnover = metrics.turnover(sales, average)
    return KeyFigures(
        dso_simple=simple,
        dso_countback=dso.count_back_dso(closing_total, books.months),
        best_dso=best,
        average_days_delinquent=dso.average_days_delinquent(simple, best),
        cei=metrics.collection_effectiveness(
            books.opening + recovered, sales, max(closing_total, ZERO), _not_due_of(closing_total, closing, lost)
        ),
        turnover=turnover,
        turnover_days=metrics.turnover_days(turnover, period.days),
        percent_current=metrics.percent_current(closing.not_due, closing.debts),
        weighted_days_to_pay=paid.amount_days / paid.amount if paid.amount else None,
        weighted_days_late=paid.amount_days_late / paid.amount if paid.amount else None,
        bad_debt_ratio=metrics.bad_debt_ratio(books.written_off, sales),
    )


def _not_due_of(receivables: Decimal, closing: Aging, lost: Decimal) -> Decimal:
    """Return the part of the receivables that is not due: credits reduce what is due and what is not in proportion."""
    return max(proportion(receivables, closing.not_due, closing.debts + lost), ZERO)
