"""Disputes: what a customer contests of open items, and how much of that is excluded from reminders.

All amounts are in the item's own currency.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from ..money import ZERO
from ..portal.allocation import RequestRefused
from ..workdays import WorkCalendar

# --- The states of a dispute ---
NEW, REVIEW = "new", "review"
ACCEPTED, PARTLY, REJECTED, WITHDRAWN = "accepted", "partly", "rejected", "withdrawn"

#: Not answered yet.
OPEN_STATES = (NEW, REVIEW)

# --- Why a request is refused; the texts are in ``messages/`` ---
NOTHING_SELECTED = "nothing_selected"
UNKNOWN_ITEM = "unknown_item"
PAID_ITEM = "paid_item"
ALREADY_DISPUTED = "already_disputed"
MIXED_CURRENCIES = "mixed_currencies"
BAD_AMOUNT = "bad_amount"
TOO_MUCH = "too_much"
NO_REASON = "no_reason"
NO_TEXT = "no_text"
TOO_MANY_OPEN = "too_many_open"
TOO_MANY_ON_ITEM = "too_many_on_item"
REJECTED_BEFORE = "rejected_before"
WITHDRAWN_BEFORE = "withdrawn_before"
BELOW_MINIMUM = "below_minimum"
BUSY = "busy"

#: The policy's limits among them: they apply to customers, not to staff, who record what a customer told them.
LIMITS = (TOO_MANY_OPEN, TOO_MANY_ON_ITEM, REJECTED_BEFORE, WITHDRAWN_BEFORE, BELOW_MINIMUM)


@dataclass(frozen=True, slots=True)
class Disputable:
    """An item of the customer, and how much of it may be disputed now.

    :param residual: what is open; zero when it is paid
    :param disputed: what is contested by open disputes already
    """

    item_id: int
    currency: str
    residual: Decimal
    disputed: Decimal = ZERO

    @property
    def left(self) -> Decimal:
        """What may still be disputed."""
        return max(self.residual - self.disputed, ZERO)


@dataclass(frozen=True, slots=True)
class DisputedPart:
    """One item under a dispute, with what the ledger shows of it.

    :param state: the state of the dispute
    :param amount: what is contested
    :param accepted: how much of it the company granted
    :param credited: how much the item was reduced since the dispute was raised, other than by payments
    :param grace_until: the day from which reminders of a rejected part may be sent again
    """

    state: str
    amount: Decimal
    accepted: Decimal = ZERO
    credited: Decimal = ZERO
    grace_until: date | None = None


def check(disputables: Iterable[Disputable], requested: Mapping[int, Decimal | None]) -> dict[int, Decimal]:
    """Return {item id: amount to dispute}, or refuse the request.

    :param disputables: the customer's own items
    :param requested: {item id: amount}, ``None`` for all that is open
    :raise RequestRefused: with one of this module's codes

    >>> a = Disputable(1, "EUR", Decimal(300), disputed=Decimal(100))
    >>> check([a], {1: None})
    {1: Decimal('200')}
    >>> try:
    ...     check([a], {1: Decimal(201)})
    ... except RequestRefused as refused:
    ...     refused.code, refused.item_id
    ('too_much', 1)
    """
    by_id = {disputable.item_id: disputable for disputable in disputables}
    if not requested:
        raise RequestRefused(NOTHING_SELECTED)
    for item_id in requested:
        if item_id not in by_id:
            raise RequestRefused(UNKNOWN_ITEM, item_id)
    if len({by_id[item_id].currency for item_id in requested}) > 1:
        raise RequestRefused(MIXED_CURRENCIES)
    return {item_id: _check_amount(by_id[item_id], amount) for item_id, amount in requested.items()}


def _check_amount(item: Disputable, amount: Decimal | None) -> Decimal:
    """Return how much of the item is to be disputed; ``None`` stands for all that is left.

    :raise RequestRefused: with one of this module's codes and the item's id
    """
    if item.residual <= 0:
        raise RequestRefused(PAID_ITEM, item.item_id)
    if not item.left:
        raise RequestRefused(ALREADY_DISPUTED, item.item_id)
    if amount is None:
        return item.left
    if not amount.is_finite() or amount <= 0:
        raise RequestRefused(BAD_AMOUNT, item.item_id)
    if amount > item.left:
        raise RequestRefused(TOO_MUCH, item.item_id)
    return amount


def deadline(raised: date, sla_days: int, calendar: WorkCalendar) -> date:
    """Return the last day for an answer: ``sla_days`` working days after the day on which the dispute was raised.

    >>> deadline(date(2026, 6, 12), 5, WorkCalendar())      # a Friday
    datetime.date(2026, 6, 19)
    """
    return calendar.add_workdays(raised, sla_days)


def deadline_passed_on(
    raised: date, current: date, today: date, sla_days: tuple[int, int], calendar: WorkCalendar
) -> date:
    """Return the last day for an answer of a dispute that gets another reason today.

    It is counted anew from today by the new reason. Together both owners have no longer than the working days of both
    reasons, from the day on which the dispute was raised, so that passing on puts off no answer for ever; a day that is
    later already stays.

    :param current: the last day for an answer so far
    :param sla_days: working days of the reason so far, and of the new one

    Raised on Monday, June 1, to be answered by June 8; passed on on the third, to who has five days, or one day:

    >>> raised, current, calendar = date(2026, 6, 1), date(2026, 6, 8), WorkCalendar()
    >>> deadline_passed_on(raised, current, date(2026, 6, 3), (5, 5), calendar)
    datetime.date(2026, 6, 10)
    >>> deadline_passed_on(raised, current, date(2026, 6, 3), (5, 1), calendar)
    datetime.date(2026, 6, 4)
    """
    latest = deadline(raised, sum(sla_days), calendar)
    limit = max(current, latest) if latest >= today else current
    return min(deadline(today, sla_days[1], calendar), limit)


def grace_end(resolved: date, days: int) -> date:
    """Return the day from which reminders of what was not granted may be sent again.

    >>> grace_end(date(2026, 6, 12), 7), grace_end(date(2026, 6, 12), 0)
    (datetime.date(2026, 6, 19), datetime.date(2026, 6, 12))
    """
    return resolved + timedelta(days=days)


def outcome(parts: Iterable[tuple[Decimal, Decimal]]) -> str:
    """Return the final state of a dispute: ``accepted``, ``partly`` or ``rejected``.

    :param parts: (contested, granted) for each item

    >>> hundred = Decimal(100)
    >>> outcome([(hundred, hundred)]), outcome([(hundred, ZERO)]), outcome([(hundred, hundred), (hundred, ZERO)])
    ('accepted', 'rejected', 'partly')
    """
    parts = list(parts)
    if all(accepted >= amount for amount, accepted in parts):
        return ACCEPTED
    return PARTLY if any(accepted > 0 for _amount, accepted in parts) else REJECTED


def accept(amount: Decimal, accepted: Decimal) -> Decimal:
    """Return the granted part of a contested amount, or refuse an invalid one.

    :raise RequestRefused: ``BAD_AMOUNT`` below zero, ``TOO_MUCH`` above what is contested

    >>> accept(Decimal(100), Decimal(30))
    Decimal('30')
    """
    if not accepted.is_finite() or accepted < 0:
        raise RequestRefused(BAD_AMOUNT)
    if accepted > amount:
        raise RequestRefused(TOO_MUCH)
    return accepted


def share_credits(granted: Sequence[tuple[Decimal, Decimal]], credited: Decimal) -> list[Decimal]:
    """Return how much of an item's credits counts for each of its disputes, the oldest first.

    A dispute takes at most what was granted, so that one credit note never counts for two disputes.

    :param granted: (granted, credited when the dispute was raised) of the item's disputes, oldest first
    :param credited: what was credited so far

    30 and 40 were granted; a credit note of 30 is booked, then one of 40:

    >>> both = [(Decimal(30), ZERO), (Decimal(40), ZERO)]
    >>> [[str(share) for share in share_credits(both, Decimal(credited))] for credited in (30, 70)]
    [['30', '0'], ['30', '40']]
    """
    # What all disputes so far took together, by the amount credited: now, and when each of them was raised. The cost is
    # the number of disputes times the number of different amounts, which is that of the credit notes.
    taken = dict.fromkeys([credited, *(before for _accepted, before in granted)], ZERO)
    shares = []
    for accepted, before in granted:
        by_then = taken[before]
        for amount, earlier in taken.items():
            taken[amount] = earlier + max(min(accepted, amount - before - (earlier - by_then)), ZERO)
            if amount == credited:
                shares.append(taken[amount] - earlier)
    return shares


def excluded_parts(part: DisputedPart, residual: Decimal, today: date) -> list[tuple[Decimal, date | None]]:
    """Return how much of an item a dispute excludes from reminders, and until when: [(amount, day or ``None``)].

    Payments settle what is not contested: a customer who pays all but the disputed part gets no reminder of the item.

    - Not answered yet: what is contested.
    - Granted: until the ledger shows it, for instance by a credit note; excluded again when that is undone.
    - Not granted: until the grace period is over.

    :param residual: what is open of the item; the parts never exceed it

    >>> friday = date(2026, 6, 12)
    >>> excluded_parts(DisputedPart(REVIEW, Decimal(40)), Decimal(100), friday)
    [(Decimal('40'), None)]
    >>> partly = DisputedPart(PARTLY, Decimal(40), accepted=Decimal(30), grace_until=date(2026, 6, 19))
    >>> excluded_parts(partly, Decimal(100), friday)
    [(Decimal('30'), None), (Decimal('10'), datetime.date(2026, 6, 19))]
    """
    if part.state in OPEN_STATES:
        parts = [(part.amount, None)]
    elif part.state in (ACCEPTED, PARTLY, REJECTED):
        parts = [(part.accepted - max(part.credited, ZERO), None)]
        if part.grace_until is not None and today < part.grace_until:
            parts.append((part.amount - part.accepted, part.grace_until))
    else:
        parts = []
    excluded = []
    for amount, until in parts:
        amount = min(amount, residual)
        if amount > 0:
            excluded.append((amount, until))
            residual -= amount
    return excluded
