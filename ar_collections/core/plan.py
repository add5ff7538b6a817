"""Payment plans: an agreed schedule that lies over open items. All amounts of a plan are in one currency."""

from collections.abc import Iterable
from decimal import Decimal

from .money import ZERO


def fill(amounts: Iterable[Decimal], paid: Decimal) -> list[Decimal]:
    """Return what is paid of each installment: payments go to the oldest unpaid one.

    :param amounts: the installments, oldest first
    :param paid: what was settled on the plan's items so far

    >>> fill([Decimal(100), Decimal(100), Decimal(50)], Decimal(130))
    [Decimal('100'), Decimal('30'), Decimal('0')]
    """
    filled = []
    for amount in amounts:
        part = min(amount, max(paid, ZERO))
        filled.append(part)
        paid -= part
    return filled
