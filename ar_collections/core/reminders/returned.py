"""Payments that came back: how much of an item is open again, where other payments stand for it.

All amounts are in the currency of the item.
"""

from collections.abc import Sequence
from decimal import Decimal

from ..money import ZERO


def open_again(came_back: Sequence[tuple[Decimal, Decimal]], standing: Decimal, residual: Decimal) -> list[Decimal]:
    """Return how much of each payment that came back no other payment stands for.

    What the others covered when a payment came back says how much is missing since, and what was a double payment.

    :param came_back: (its amount, what others covered of the item then), of the payments of one item
    :param standing: what all payments that stand cover of the item now
    :param residual: what is open of the item
    :return: amounts in the same order; zero where the payment was replaced, or had been registered twice

    >>> def of(*came_back, standing, residual):
    ...     pairs = [(Decimal(amount), Decimal(covered)) for amount, covered in came_back]
    ...     return [int(amount) for amount in open_again(pairs, Decimal(standing), Decimal(residual))]
    >>> of((100, 0), standing=0, residual=100), of((100, 0), standing=60, residual=100)
    ([100], [40])

    Another half was paid already, and stands; then the first half is registered again:

    >>> of((100, 100), standing=100, residual=200), of((100, 100), standing=200, residual=200)
    ([100], [0])

    A payment that was registered twice is canceled once, then for the second time:

    >>> of((100, 100), standing=100, residual=100), of((100, 100), (100, 0), standing=0, residual=100)
    ([0], [0, 100])
    """
    level, left = standing, [ZERO] * len(came_back)
    for number in sorted(range(len(came_back)), key=lambda number: came_back[number][1]):
        amount, covered = came_back[number]
        left[number] = max(min(amount, min(covered + amount, residual) - level), ZERO)
        level += left[number]
    return left
