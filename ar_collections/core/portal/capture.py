"""Which items a captured part of an authorized payment is for: the oldest first, as nothing else says so."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from ..money import ZERO


def take_part(
    rows: Iterable[tuple[Decimal, Decimal]], before: Decimal, amount: Decimal
) -> Iterator[tuple[int, Decimal, Decimal]]:
    """Yield (number of the row, cash, discount) of what a part of a payment is for.

    A discount is granted with the part that completes its row.

    :param rows: (cash, discount) of the whole payment, in the order in which they are paid
    :param before: what earlier parts captured
    :param amount: what this part captured

    >>> rows = [(Decimal(70), Decimal(0)), (Decimal(98), Decimal(2))]
    >>> [(number, str(cash), str(discount)) for number, cash, discount in take_part(rows, Decimal(0), Decimal(100))]
    [(0, '70', '0'), (1, '30', '0')]
    >>> [(number, str(cash), str(discount)) for number, cash, discount in take_part(rows, Decimal(100), Decimal(68))]
    [(1, '68', '2')]
    """
    reached = ZERO
    for number, (cash, discount) in enumerate(rows):
        start, end = max(before, reached), min(before + amount, reached + cash)
        reached += cash
        if end > start:
            yield number, end - start, discount if end == reached else ZERO
