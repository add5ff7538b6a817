"""What was paid on an item since something was agreed about it: read from the ledger, never counted beside it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from ..money import ZERO


@dataclass(frozen=True, slots=True)
class Settlement:
    """Something that reduced an item on a day: a payment, a credit note, a write-off; positive, in its currency.

    :param credit: no money came in
    """

    day: date
    amount: Decimal
    credit: bool = False


def settled_since(before: Decimal, now: Decimal, settlements: Iterable[Settlement]) -> tuple[Settlement, ...]:
    """Return the settlements that brought the residual from ``before`` down to ``now``, oldest first.

    They are the latest ones. What was settled before the agreement does not count, and a settlement that was undone
    is not there any more: the answer follows the books by itself.

    :param before: the residual when it was agreed
    :param now: the residual today
    :param settlements: all that reduce the item today, in any order

    >>> june = [Settlement(date(2026, 6, day), Decimal(amount)) for day, amount in ((1, 400), (10, 250), (20, 100))]
    >>> [(str(s.day), s.amount) for s in settled_since(Decimal(600), Decimal(250), june)]
    [('2026-06-10', Decimal('250')), ('2026-06-20', Decimal('100'))]
    >>> [(str(s.day), s.amount) for s in settled_since(Decimal(300), Decimal(250), june)]
    [('2026-06-20', Decimal('50'))]
    >>> settled_since(Decimal(250), Decimal(600), june)      # more is open than before: a payment was taken back
    ()
    """
    left = before - now
    counted = []
    for settlement in sorted(settlements, key=lambda settlement: settlement.day, reverse=True):
        amount = min(settlement.amount, left)
        if amount > 0:
            counted.append(Settlement(settlement.day, amount))
            left -= amount
    return tuple(reversed(counted))


def credited_outside(agreed: Decimal, before: Decimal, credited: Decimal) -> Decimal:
    """Return how much of what was credited since an agreement was for the part about which nothing was agreed.

    Money pays what was agreed first. A credit note is for the rest first, a part in dispute for instance: nobody pays
    less than agreed because of it, and nobody is asked for the agreed part outside of the agreement.

    An item of 100, of which 60 were promised:

    >>> [str(credited_outside(Decimal(60), Decimal(100), Decimal(credited))) for credited in (0, 30, 50)]
    ['0', '30', '40']
    """
    return max(min(credited, before - agreed), ZERO)


def without_credits(settlements: Iterable[Settlement], amount: Decimal) -> list[Settlement]:
    """Return the settlements less so much of the latest credits, oldest first.

    >>> june = [Settlement(date(2026, 6, 1), Decimal(60)), Settlement(date(2026, 6, 9), Decimal(50), credit=True)]
    >>> [(str(s.day), str(s.amount)) for s in without_credits(june, Decimal(40))]
    [('2026-06-01', '60'), ('2026-06-09', '10')]
    """
    kept = []
    for settlement in sorted(settlements, key=lambda settlement: settlement.day, reverse=True):
        taken = min(settlement.amount, amount) if settlement.credit else ZERO
        amount -= taken
        if settlement.amount > taken:
            kept.append(replace(settlement, amount=settlement.amount - taken))
    return kept[::-1]


def settled_by(settlements: Iterable[Settlement], day: date, limit: Decimal | None = None) -> Decimal:
    """Return how much was settled up to the day, included; not more than ``limit``.

    >>> paid = [Settlement(date(2026, 6, 10), Decimal(250)), Settlement(date(2026, 6, 20), Decimal(100))]
    >>> settled_by(paid, date(2026, 6, 19)), settled_by(paid, date(2026, 6, 20), limit=Decimal(300))
    (Decimal('250'), Decimal('300'))
    """
    amount = sum((settlement.amount for settlement in settlements if settlement.day <= day), ZERO)
    return amount if limit is None else min(amount, limit)


def open_part(agreed: Decimal, before: Decimal, now: Decimal) -> Decimal:
    """Return how much of what was agreed about an item is still open: payments go to the agreed part first.

    An item of 100, of which 70 were promised:

    >>> [open_part(Decimal(70), Decimal(100), Decimal(now)) for now in (100, 60, 30, 0)]
    [Decimal('70'), Decimal('30'), Decimal('0'), Decimal('0')]
    >>> open_part(Decimal(70), Decimal(100), Decimal(120))     # more is open than before
    Decimal('70')
    """
    settled = max(before - now, ZERO)
    return max(min(agreed - settled, now), ZERO)
