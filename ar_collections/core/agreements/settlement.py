"""What was paid on an item since an agreement about it: derived from the ledger's entries, never stored apart.

An agreement is a promise, a dispute or a payment plan. All amounts are positive, in the item's own currency.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from ..money import ZERO


@dataclass(frozen=True, slots=True)
class Settlement:
    """What reduced an item's residual on a day: a payment, a credit note, a write-off; positive, in its currency.

    :param credit: no money was received: it was a credit note or a write-off
    :param loss: it was a write-off: the customer neither paid nor was granted anything
    :param source: the journal item that settled it, where who asks needs to know
    """

    day: date
    amount: Decimal
    credit: bool = False
    loss: bool = False
    source: int | None = None


def settled_since(before: Decimal, now: Decimal, settlements: Iterable[Settlement]) -> tuple[Settlement, ...]:
    """Return the settlements that brought the residual from ``before`` down to ``now``, oldest first.

    These are the latest ones, the first of them cut to fit. What was settled before the agreement does not count. A
    settlement that was undone is no longer among the ledger's entries, so the result follows the ledger. A loss is
    among them, but :func:`settled_by` counts it as nothing.

    :param before: the residual at the time of the agreement
    :param now: the residual today
    :param settlements: all that reduce the item today, in any order

    >>> june = [Settlement(date(2026, 6, day), Decimal(amount)) for day, amount in ((1, 400), (10, 250), (20, 100))]
    >>> [(str(s.day), s.amount) for s in settled_since(Decimal(600), Decimal(250), june)]
    [('2026-06-10', Decimal('250')), ('2026-06-20', Decimal('100'))]
    >>> [(str(s.day), s.amount) for s in settled_since(Decimal(300), Decimal(250), june)]
    [('2026-06-20', Decimal('50'))]
    >>> settled_since(Decimal(250), Decimal(600), june)      # more is open than before: a payment was reversed
    ()
    """
    left = before - now
    counted = []
    for settlement in sorted(settlements, key=lambda settlement: settlement.day, reverse=True):
        amount = min(settlement.amount, left)
        if amount > 0:
            counted.append(replace(settlement, amount=amount))
            left -= amount
    return tuple(reversed(counted))


def settled_of_part(
    agreed: Decimal, before: Decimal, now: Decimal, settlements: Iterable[Settlement], outside: Decimal
) -> list[Settlement]:
    """Return what settled the agreed part of an item since the agreement, oldest first; at most the agreed amount.

    :param agreed: the agreed amount of the item
    :param before: the item's residual at the time of the agreement
    :param now: its residual today
    :param settlements: all that reduce the item today; of those of one day the latest first
    :param outside: what was credited on the rest of the item, see :func:`credited_outside`

    An item of 100, of which 70 were agreed; 30 of it are credited, then 60 and 10 are paid:

    >>> found = [Settlement(date(2026, 6, 1), Decimal(30), credit=True), Settlement(date(2026, 6, 9), Decimal(60))]
    >>> found.append(Settlement(date(2026, 6, 20), Decimal(10)))
    >>> [str(one.amount) for one in settled_of_part(Decimal(70), Decimal(100), Decimal(0), found, Decimal(30))]
    ['60', '10']

    Nothing is credited, and all 100 are paid: 30 of it for the rest of the item:

    >>> paid = [Settlement(date(2026, 6, 9), Decimal(60)), Settlement(date(2026, 6, 20), Decimal(40))]
    >>> [str(one.amount) for one in settled_of_part(Decimal(70), Decimal(100), Decimal(0), paid, Decimal(0))]
    ['60', '10']
    """
    counted = []
    for one in settled_since(before - outside, now, without_credits(settlements, outside)):
        amount = min(one.amount, agreed)
        if amount > 0:
            counted.append(replace(one, amount=amount))
            agreed -= amount
    return counted


def credited_outside(agreed: Decimal, before: Decimal, credited: Decimal) -> Decimal:
    """Return how much of what was credited since an agreement applies to the part that is not under it.

    Payments settle the agreed part first. A credit note is applied to the rest first, for instance to a disputed part:
    it does not reduce what the customer agreed to pay, nor is the agreed part requested outside of the agreement.

    :param agreed: the agreed amount of the item
    :param before: the item's residual at the time of the agreement
    :param credited: credit notes and write-offs since then

    An item of 100, of which 60 were promised:

    >>> [str(credited_outside(Decimal(60), Decimal(100), Decimal(credited))) for credited in (0, 30, 50)]
    ['0', '30', '40']
    """
    return max(min(credited, before - agreed), ZERO)


def without_credits(settlements: Iterable[Settlement], amount: Decimal) -> list[Settlement]:
    """Return the settlements without ``amount`` of the latest credits, oldest first.

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


def with_rest(settlements: Iterable[Settlement], rest: Decimal) -> list[Settlement]:
    """Return the settlements and a rest that nobody asks for, which counts as settled with the last of them.

    >>> june = [Settlement(date(2026, 6, 9), Decimal(38)), Settlement(date(2026, 6, 1), Decimal(60))]
    >>> [(str(s.day), str(s.amount)) for s in with_rest(june, Decimal(2))][-1]
    ('2026-06-09', '2')
    >>> with_rest([], Decimal(2))
    []
    """
    settlements = list(settlements)
    last = max((settlement.day for settlement in settlements), default=None)
    return settlements if last is None else [*settlements, Settlement(last, rest)]


def settled_by(settlements: Iterable[Settlement], day: date, limit: Decimal | None = None) -> Decimal:
    """Return how much was settled up to and including the day, at most ``limit``.

    >>> paid = [Settlement(date(2026, 6, 10), Decimal(250)), Settlement(date(2026, 6, 20), Decimal(100))]
    >>> settled_by(paid, date(2026, 6, 19)), settled_by(paid, date(2026, 6, 20), limit=Decimal(300))
    (Decimal('250'), Decimal('300'))
    >>> settled_by([*paid, Settlement(date(2026, 6, 20), Decimal(600), loss=True)], date(2026, 6, 20))
    Decimal('350')
    """
    amount = sum((one.amount for one in settlements if one.day <= day and not one.loss), ZERO)
    return amount if limit is None else min(amount, limit)


def contested_part(left: Decimal, residual: Decimal, contested: Decimal) -> Decimal:
    """Return how much of the agreed part of an item cannot be demanded because the customer contests it.

    A contested amount concerns the rest of the item first, which is not under the agreement.

    :param left: what is still open of the agreed part, see :func:`open_part`
    :param residual: what is open of the whole item
    :param contested: how much of the item is contested

    An item of 100, of which 60 were promised:

    >>> [str(contested_part(Decimal(60), Decimal(100), Decimal(contested))) for contested in (0, 40, 70, 100)]
    ['0', '0', '30', '60']
    """
    return max(left - max(residual - contested, ZERO), ZERO)


def open_part(agreed: Decimal, before: Decimal, now: Decimal) -> Decimal:
    """Return how much of the agreed part of an item is still open: payments settle the agreed part first.

    :param agreed: the agreed amount
    :param before: the item's residual at the time of the agreement
    :param now: its residual today

    An item of 100, of which 70 were promised:

    >>> [open_part(Decimal(70), Decimal(100), Decimal(now)) for now in (100, 60, 30, 0)]
    [Decimal('70'), Decimal('30'), Decimal('0'), Decimal('0')]
    >>> open_part(Decimal(70), Decimal(100), Decimal(120))     # more is open than before
    Decimal('70')
    """
    settled = max(before - now, ZERO)
    return max(min(agreed - settled, now), ZERO)
