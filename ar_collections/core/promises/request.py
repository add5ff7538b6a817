"""Whether a promise to pay is taken: a wish, checked against what is open and against the policy's limits."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from ..money import ZERO

# --- Why a promise is not taken; the words live in ``words.py`` ---
NOTHING_SELECTED = "nothing_selected"

UNKNOWN_ITEM = "unknown_item"

NOTHING_FREE = "nothing_free"

ALREADY_PROMISED = "already_promised"

MIXED_CURRENCIES = "mixed_currencies"

BAD_AMOUNT = "bad_amount"

TOO_MUCH = "too_much"

BAD_DATE = "bad_date"

PAST_DATE = "past_date"

BEYOND_HORIZON = "beyond_horizon"

TOO_MANY_OPEN = "too_many_open"

TOO_MANY_BROKEN = "too_many_broken"

ABOVE_SHARE = "above_share"

#: Of these, the policy's limits: they bind customers and collectors, not managers.
LIMITS = (BEYOND_HORIZON, TOO_MANY_OPEN, TOO_MANY_BROKEN, ABOVE_SHARE)

#: A date farther ahead is a slip of the finger, whoever types it.
FARTHEST_DAYS = 5 * 366


class PromiseRefused(Exception):
    """The promise is not taken like that; ``code`` says why."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class PromiseRules:
    """A policy's limits.

    :param open_max: promises that may be open at a time; 0: no limit
    :param broken_max: so many promises not kept on an item, or twice as many in a year, and only staff take another
        one; 0 is the strictest: not one in a year
    :param share_max: percent of the open balance that promises may cover
    """

    horizon_days: int = 30
    open_max: int = 3
    broken_max: int = 1
    share_max: Decimal = Decimal(100)


@dataclass(frozen=True, slots=True)
class RequestedPart:
    """What is to be promised about one item.

    :param free: what of the item may be promised, in its currency
    :param booked: the amount in company currency
    :param unit: the smallest amount of the currency
    :param broken: how many promises about the item were not kept
    """

    amount: Decimal
    free: Decimal
    currency: str
    booked: Decimal
    unit: Decimal = Decimal("0.01")
    promised: bool = False
    broken: int = 0


@dataclass(frozen=True, slots=True)
class PromiseStatus:
    """How the customer stands with its promises; amounts in company currency.

    :param open_count: open promises
    :param broken_count: promises not kept in the last year
    :param promised: what open promises cover
    :param balance: all open items
    """

    open_count: int = 0
    broken_count: int = 0
    promised: Decimal = ZERO
    balance: Decimal = ZERO


def check(
    parts: Collection[RequestedPart], day: date | None, status: PromiseStatus, rules: PromiseRules | None, today: date
) -> None:
    """Refuse a promise that cannot be taken.

    :param rules: the policy's limits, or ``None`` for somebody whom they do not bind
    :raise PromiseRefused: with one of this module's codes

    >>> def answer(amount, day, **status):
    ...     part = RequestedPart(Decimal(amount), Decimal(100), "EUR", Decimal(amount))
    ...     facts = PromiseStatus(balance=Decimal(100), **status)
    ...     try:
    ...         return check([part], day, facts, PromiseRules(), date(2026, 6, 10))
    ...     except PromiseRefused as refused:
    ...         return refused.code
    >>> answer(100, date(2026, 7, 10))
    >>> answer(100, date(2026, 7, 11)), answer(100, date(2026, 6, 9)), answer("100.01", date(2026, 6, 20))
    ('beyond_horizon', 'past_date', 'too_much')
    >>> answer(100, date(2026, 6, 20), open_count=3), answer(100, date(2026, 6, 20), broken_count=2)
    ('too_many_open', 'too_many_broken')
    """
    if code := _error(parts, day, today) or (rules and _limit(parts, day, status, rules, today)):
        raise PromiseRefused(code)


def _error(parts: Collection[RequestedPart], day: date | None, today: date) -> str | None:
    """Return what is wrong with a promise, whoever makes it."""
    if not parts:
        return NOTHING_SELECTED
    if len({part.currency for part in parts}) > 1:
        return MIXED_CURRENCIES
    if code := next((code for part in parts if (code := _part_error(part))), None):
        return code
    if day is None or (day - today).days > FARTHEST_DAYS:
        return BAD_DATE
    return PAST_DATE if day < today else None


def _part_error(part: RequestedPart) -> str | None:
    if part.promised:
        return ALREADY_PROMISED
    if part.free <= 0:
        return NOTHING_FREE
    if not part.amount.is_finite() or part.amount <= 0:
        return BAD_AMOUNT
    if part.amount > part.free:
        return TOO_MUCH
    return BAD_AMOUNT if part.amount != part.free and part.amount % part.unit else None


def _limit(
    parts: Collection[RequestedPart], day: date, status: PromiseStatus, rules: PromiseRules, today: date
) -> str | None:
    """Return which of the policy's limits the promise exceeds."""
    if day > today + timedelta(days=rules.horizon_days):
        return BEYOND_HORIZON
    if rules.open_max and status.open_count >= rules.open_max:
        return TOO_MANY_OPEN
    item_broken = max(part.broken for part in parts)
    if (item_broken and item_broken >= rules.broken_max) or (
        status.broken_count and status.broken_count >= 2 * rules.broken_max
    ):
        return TOO_MANY_BROKEN
    promised = status.promised + sum((part.booked for part in parts), ZERO)
    return ABOVE_SHARE if promised * 100 > rules.share_max * status.balance else None
