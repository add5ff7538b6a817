"""All key figures of a company for a period, from what its books say."""

from dataclasses import dataclass
from decimal import Decimal

from ..customers.aging import Aging
from ..money import ZERO
from . import dso, metrics
from .periods import Period


@dataclass(frozen=True, slots=True)
class Paid:
    """The invoices that were fully paid in a period, added up: amounts, and amounts times days."""

    amount: Decimal = ZERO
    #: From the date of invoice to the payment.
    amount_days: Decimal = ZERO
    #: From the due date to the payment; early payment counts below zero.
    amount_days_late: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Books:
    """What the books of a company say about a period, in company currency.

    :param opening: what was open before the first day, debts less credits
    :param closing: what was open at the end of the last day
    :param months: (credit sales, days) of months, the newest first; the first ends with the period
    """

    period: Period
    opening: Decimal
    closing: Aging
    credit_sales: Decimal
    months: tuple[tuple[Decimal, int], ...] = ()
    paid: Paid = Paid()


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """The figures of a period; `None` where one is not available. Shares in percent, the rest in days."""

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


def measure(books: Books, average_receivables: bool = False) -> KeyFigures:
    """Return the key figures of the books.

    :param average_receivables: the simple DSO takes opening and closing together, not the end of the period

    >>> from datetime import date
    >>> june = Period(date(2026, 6, 1), date(2026, 6, 30))
    >>> closing = Aging((Decimal(4_000), Decimal(11_000)))
    >>> figures = measure(Books(june, Decimal(15_000), closing, Decimal(10_000), ((Decimal(10_000), 30),)))
    >>> figures.dso_simple, figures.best_dso, figures.average_days_delinquent, str(figures.dso_countback)
    (Decimal('45'), Decimal('12'), Decimal('33'), '> 30')
    """
    period, closing, sales, paid = books.period, books.closing, books.credit_sales, books.paid
    average = metrics.average(books.opening, closing.total)
    simple = dso.simple_dso(average if average_receivables else closing.total, sales, period.days)
    best = dso.best_possible_dso(closing.not_due, sales, period.days)
    turnover = metrics.turnover(sales, average)
    return KeyFigures(
        dso_simple=simple,
        dso_countback=dso.count_back_dso(closing.total, books.months),
        best_dso=best,
        average_days_delinquent=dso.average_days_delinquent(simple, best),
        cei=metrics.collection_effectiveness(books.opening, sales, closing.total, closing.not_due),
        turnover=turnover,
        turnover_days=metrics.turnover_days(turnover, period.days),
        percent_current=metrics.percent_current(closing.not_due, closing.debts),
        weighted_days_to_pay=paid.amount_days / paid.amount if paid.amount else None,
        weighted_days_late=paid.amount_days_late / paid.amount if paid.amount else None,
    )
