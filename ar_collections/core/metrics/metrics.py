"""Key figures of collections: amounts are in one currency, shares in percent, all unrounded.

`None` stands for "not available": the denominator is not positive. For days sales outstanding see :mod:`.dso`.
"""

from collections.abc import Iterable
from decimal import Decimal

from ..money import ZERO
from ..promises.judgement import BROKEN, KEPT, PARTLY


def collection_effectiveness(
    opening: Decimal, credit_sales: Decimal, closing: Decimal, closing_not_due: Decimal
) -> Decimal | None:
    """Return the collection effectiveness index (CEI) in percent: the collected share of what could be collected.

    (opening + sales - closing total) / (opening + sales - closing not due) x 100, over the whole period

    >>> books = Decimal(6_200), Decimal(10_890), Decimal(6_340), Decimal(3_590)
    >>> round(collection_effectiveness(*books), 2)
    Decimal('79.63')
    """
    start = opening + credit_sales
    collectible = start - closing_not_due
    return (start - closing) / collectible * 100 if collectible > 0 else None


def turnover(credit_sales: Decimal, average_receivables: Decimal) -> Decimal | None:
    """Return the receivables turnover, a number of times: credit sales / average receivables.

    >>> round(turnover(Decimal(6_205_000), Decimal(335_000)), 2)
    Decimal('18.52')
    """
    return credit_sales / average_receivables if average_receivables > 0 else None


def turnover_days(turnovers: Decimal | None, days: int = 365) -> Decimal | None:
    """Return the number of days that one turnover takes: days of the period / turnover.

    >>> round(turnover_days(turnover(Decimal(6_205_000), Decimal(335_000))), 2)
    Decimal('19.71')
    """
    return days / turnovers if turnovers and turnovers > 0 else None


def average(opening: Decimal, closing: Decimal) -> Decimal:
    """Return the average balance of a period: the mean of opening and closing balance.

    >>> average(Decimal(300), Decimal(400))
    Decimal('350')
    """
    return (opening + closing) / 2


def weighted_days(paid: Iterable[tuple[Decimal, int]]) -> Decimal | None:
    """Return the mean number of days, weighted by amount: sum(amount x days) / sum(amount).

    :param paid: (amount, days to pay or days late) of each payment

    >>> round(weighted_days([(Decimal(10), 5), (Decimal(100), 10)]), 2)
    Decimal('9.55')
    """
    paid = list(paid)
    total = sum((amount for amount, _days in paid), ZERO)
    return sum((amount * days for amount, days in paid), ZERO) / total if total else None


def percent_current(not_due: Decimal, total: Decimal) -> Decimal | None:
    """Return the share of debts that is not due yet.

    >>> percent_current(Decimal(30), Decimal(40))
    Decimal('75.00')
    """
    return _percent(not_due, total)


def bad_debt_ratio(write_offs: Decimal, credit_sales: Decimal) -> Decimal | None:
    """Return the share of credit sales that was written off.

    >>> bad_debt_ratio(Decimal(2_500), Decimal(50_000))
    Decimal('5.00')
    """
    return _percent(write_offs, credit_sales)


def promise_kept_rate(promises: Iterable[tuple[str, Decimal]]) -> tuple[Decimal | None, Decimal | None]:
    """Return the share of promises that were kept, by number and by amount; partly kept counts as not kept.

    :param promises: (state, amount); those that are open or withdrawn do not count

    >>> ended = [(KEPT, Decimal(30)), (PARTLY, Decimal(10)), (BROKEN, Decimal(60)), (KEPT, Decimal(20))]
    >>> promise_kept_rate([*ended, ("open", Decimal(99)), ("withdrawn", Decimal(99))])
    (Decimal('50.0'), Decimal('41.66666666666666666666666667'))
    """
    judged = [(state, amount) for state, amount in promises if state in (KEPT, PARTLY, BROKEN)]
    kept = [amount for state, amount in judged if state == KEPT]
    by_amount = _percent(sum(kept, ZERO), sum((amount for _state, amount in judged), ZERO))
    return _percent(Decimal(len(kept)), Decimal(len(judged))), by_amount


def dispute_share(disputed: Decimal, debts: Decimal) -> Decimal | None:
    """Return the disputed share of what customers owe.

    >>> dispute_share(Decimal(30), Decimal(1_200))
    Decimal('2.500')
    """
    return _percent(disputed, debts)


def _percent(part: Decimal, whole: Decimal) -> Decimal | None:
    """Return ``part`` in percent of ``whole``, or `None` where ``whole`` is not positive."""
    return part / whole * 100 if whole > 0 else None
