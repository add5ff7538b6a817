"""How long money that is not matched yet holds reminders, and which of it matters for a message."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from ..payments import UnmatchedPayment

#: A series of payments, each within the hold of the one before, holds at most this many times the policy's days.
SERIES_FACTOR = 3


def relevant(
    payments: Iterable[UnmatchedPayment], item_ids: Collection[int], asked: Collection[tuple[int | None, str]]
) -> tuple[UnmatchedPayment, ...]:
    """Return the payments that matter for a message about these items.

    An open credit in the currency of an item is listed in the message and deducted already; it matters where it was
    probably made for an item that the message asks for.

    :param asked: debtors and currencies of the items, see ``OpenItem.debtor_currency``
    """
    return tuple(
        payment
        for payment in payments
        if not payment.is_credit or payment.debtor_currency not in asked or payment.item_ids & set(item_ids)
    )


def held_until(payments: Iterable[UnmatchedPayment], days: int, today: date) -> date | None:
    """Return the day from which the payments hold no reminders any more, ``None``: they hold none today.

    Each holds for a number of days from the day on which it was booked. A series of them holds at most
    ``SERIES_FACTOR`` times as long as one, so that many small payments do not hold reminders for ever; the next series
    begins after a pause as long as one hold.

    >>> from decimal import Decimal
    >>> def june(*days):
    ...     return [UnmatchedPayment(date(2026, 6, day), date(2026, 6, day), "EUR", Decimal(1)) for day in days]
    >>> str(held_until(june(10), 3, date(2026, 6, 12))), held_until(june(10), 3, date(2026, 6, 13))
    ('2026-06-13', None)
    >>> str(held_until(june(10, 12), 3, date(2026, 6, 13)))
    '2026-06-15'
    >>> held_until(june(*range(1, 21)), 3, date(2026, 6, 20)), str(held_until(june(*range(1, 9)), 3, date(2026, 6, 9)))
    (None, '2026-06-10')
    >>> held_until(june(10), 0, date(2026, 6, 10))
    """
    hold = timedelta(days=days)
    booked = sorted({payment.booked_on for payment in payments if payment.booked_on <= today})
    if not booked or not days:
        return None
    first = booked[-1]
    for day in reversed(booked):
        if first - day > hold:
            break
        first = day
    until = min(booked[-1] + hold, first + hold * SERIES_FACTOR)
    return until if today < until else None
