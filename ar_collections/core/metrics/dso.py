"""Days sales outstanding (DSO): how many days of credit sales are still unpaid.

Amounts are in one currency, results unrounded. `None` stands for "not available": there are no sales to divide by.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from ..money import ZERO


def simple_dso(receivables: Decimal, credit_sales: Decimal, days: int) -> Decimal | None:
    """Return the DSO: receivables / credit sales x days; not available without sales.

    :param receivables: at the end of the period, or their average over the period
    :param days: number of days of the period in which the sales were made

    >>> round(simple_dso(Decimal(200_000), Decimal(1_200_000), 365), 1)
    Decimal('60.8')
    >>> simple_dso(Decimal(500_000), Decimal(750_000), 30)
    Decimal('20')
    """
    return receivables * days / credit_sales if credit_sales > 0 else None


def best_possible_dso(not_due: Decimal, credit_sales: Decimal, days: int) -> Decimal | None:
    """Return the DSO if every customer paid by the due date: receivables not yet due / credit sales x days.

    :param not_due: on the same basis as the receivables of the DSO: less their share of the credits, at least 0

    >>> best_possible_dso(Decimal(4_000), Decimal(10_000), 30)
    Decimal('12')
    """
    return simple_dso(not_due, credit_sales, days)


def average_days_delinquent(dso: Decimal | None, best: Decimal | None) -> Decimal | None:
    """Return the average days delinquent (ADD): DSO - best-possible DSO, the days due to late payment.

    >>> dso = simple_dso(Decimal(15_000), Decimal(10_000), 30)
    >>> dso, average_days_delinquent(dso, best_possible_dso(Decimal(4_000), Decimal(10_000), 30))
    (Decimal('45'), Decimal('33'))
    """
    return None if dso is None or best is None else dso - best


@dataclass(frozen=True, slots=True)
class CountBack:
    """A count-back DSO.

    :param exhausted: the sales cover the whole balance; where their history is too short, the DSO is more than ``days``
    """

    days: Decimal
    exhausted: bool = True

    def __str__(self) -> str:
        """Return the number of days, after "> " where it is only a lower limit.

        >>> str(CountBack(Decimal("73.7"))), str(CountBack(Decimal(90), exhausted=False))
        ('73.7', '> 90')
        """
        return str(self.days) if self.exhausted else f"> {self.days}"


def count_back_dso(receivables: Decimal, months: Iterable[tuple[Decimal, int]]) -> CountBack:
    """Return the count-back DSO: how many days of sales, counted back from the newest, make up the receivables.

    While the balance exceeds a month's sales, the month's days are added and its sales deducted; then the remaining
    balance's share of the last month is added. A month without sales, or with more credit notes than sales, adds its
    days.

    :param months: (credit sales, days) of each month, newest first

    >>> months = [(Decimal(100_000), 30), (Decimal(80_000), 30), (Decimal(70_000), 30)]
    >>> round(count_back_dso(Decimal(212_000), months).days, 1)      # 60 + 32/70 x 30
    Decimal('73.7')
    >>> count_back_dso(Decimal(300_000), months)
    CountBack(days=Decimal('90'), exhausted=False)
    >>> count_back_dso(Decimal(-5), months)
    CountBack(days=Decimal('0'), exhausted=True)
    """
    balance, total = receivables, ZERO
    if balance <= 0:
        return CountBack(ZERO)
    for sales, days in months:
        if balance <= sales:
            return CountBack(total + balance * days / sales)
        total += days
        balance -= sales
    return CountBack(total, exhausted=False)
