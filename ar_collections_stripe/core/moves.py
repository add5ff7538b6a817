"""What the balance transactions of a dispute move of the payment, and what is only a difference of exchange rates."""

from collections.abc import Iterable
from decimal import Decimal

Amount = int | Decimal


def split(moves: Iterable[tuple[Amount, bool]], total: Amount) -> list[tuple[Amount, Amount]]:
    """Return for each balance transaction (amount that is booked, difference that is not), none of them negative.

    No more than the contested amount can be taken back of a payment. Stripe adjusts some withdrawals by a second one,
    as its rate was another one: that is a difference, and so is a return of it. Where the account has another currency
    than the dispute, Stripe moves all or nothing: amounts in that currency say which of them is the adjustment.

    :param moves: (amount, whether it is in the currency of the dispute), oldest first; negative: taken back
    :param total: the contested amount, in the currency and unit of the dispute

    Taken back with an adjustment and returned, in the currency of the dispute and in another one:

    >>> split([(-1000, True), (-2, True), (1002, True)], 1000)
    [(1000, 0), (0, 2), (1000, 2)]
    >>> split([(-9210, False), (-45, False), (9230, False)], 10000)
    [(10000, 0), (0, 48), (10000, 0)]

    Taken back and returned in parts, and taken back again; more returned than was ever taken back is for a person:

    >>> split([(-600, True), (-400, True), (300, True), (700, True), (-1000, True)], 1000)
    [(600, 0), (400, 0), (300, 0), (700, 0), (1000, 0)]
    >>> split([(-500, True), (1000, True)], 500)
    [(500, 0), (1000, 0)]
    """
    zero = total - total
    held, lost, base, found = zero, zero, None, []
    for amount, is_same in moves:
        value = abs(amount)
        base = base or value
        if amount < 0:
            booked = max(min(value if is_same else total, total - held), zero)
        elif is_same:
            booked = held if held < value <= held + lost else value
        else:
            booked = held if held or lost else total
        difference = zero if booked else _at_rate(value, base, total)
        rest = value - booked if is_same else difference
        held, lost = (held + booked, lost + rest) if amount < 0 else (max(held - booked, zero), lost - rest)
        found.append((booked, rest))
    return found


def _at_rate(value: Amount, base: Amount, total: Amount) -> Amount:
    """Return an amount of the account's currency in that of the dispute, of which ``base`` is worth ``total``."""
    return max(total * value // base, 1)
