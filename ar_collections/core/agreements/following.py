"""Where the amounts of agreements are after their invoice was posted again, with other items or in other parts."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from decimal import Decimal

from ..money import ZERO


def follow(
    parts: Iterable[tuple[Hashable, int | None, Decimal]], items: Mapping[int, Decimal], exclusive: bool = False
) -> dict[Hashable, dict[int | None, Decimal]]:
    """Return {agreement: {item: amount}}: the agreed amounts, spread over the invoice's present items.

    An amount stays on its own item as far as that holds it; what is left over goes to the other items, oldest first.
    What no item holds is returned for ``None``.

    :param parts: (agreement, item or ``None`` where it was deleted, amount)
    :param items: {item: amount}, oldest first
    :param exclusive: an item can be in one of these agreements only

    An invoice of 100 in dispute is posted again in two parts; then with a total of 80:

    >>> whole, half = Decimal(100), Decimal(50)
    >>> follow([("D1", 1, whole)], {1: half, 2: half})
    {'D1': {1: Decimal('50'), 2: Decimal('50')}}
    >>> follow([("D1", None, Decimal(60))], {3: half, 4: half})
    {'D1': {3: Decimal('50'), 4: Decimal('10')}}
    >>> follow([("D1", 1, whole)], {1: Decimal(80)})
    {'D1': {1: Decimal('80'), None: Decimal('20')}}
    >>> follow([("P1", 1, half), ("P2", None, half)], {1: whole}, exclusive=True)
    {'P1': {1: Decimal('50')}, 'P2': {None: Decimal('50')}}
    """
    left, holders = dict(items), {}
    found: dict[Hashable, dict[int | None, Decimal]] = defaultdict(lambda: defaultdict(Decimal))

    def take(agreement: Hashable, item: int | None, amount: Decimal) -> Decimal:
        """Put as much of the amount on the item as it holds; return the rest."""
        if item not in left or (exclusive and holders.get(item, agreement) != agreement):
            return amount
        part = min(amount, left[item])
        if part > 0:
            holders[item] = agreement
            left[item] -= part
            found[agreement][item] += part
        return amount - part

    rests = [(agreement, take(agreement, item, amount)) for agreement, item, amount in parts]
    for agreement, rest in rests:
        for item in items:
            rest = take(agreement, item, rest)
        if rest > ZERO:
            found[agreement][None] += rest
    return {agreement: dict(amounts) for agreement, amounts in found.items()}
