"""Whether a promise to pay is accepted: a request, checked against what is open and against the policy's limits."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from ..agreements import amount as amounts
from ..money import ZERO
from ..refusal import Refused
from .judgement import NOT_KEPT, OPEN, WITHDRAWN

# --- Why a promise is refused; the texts are in ``messages/`` ---
NOTHING_SELECTED = "nothing_selected"

UNKNOWN_ITEM = "unknown_item"

NOTHING_FREE = "nothing_free"

ALREADY_PROMISED = "already_promised"

MIXED_CURRENCIES = "mixed_currencies"

BAD_AMOUNT = amounts.BAD_AMOUNT

TOO_MUCH = amounts.TOO_MUCH

BAD_DATE = "bad_date"

PAST_DATE = "past_date"

BEYOND_HORIZON = "beyond_horizon"

TOO_MANY_OPEN = "too_many_open"

TOO_MANY_BROKEN = "too_many_broken"

ABOVE_SHARE = "above_share"

VETOED = "vetoed"

#: An item whose promise the customer has withdrawn, and whose days are over since.
WITHDRAWN_BEFORE = "withdrawn_before"

#: A change of a promise that has ended, whose day has passed, or that customers may not change.
ENDED = "ended"

#: The policy's limits among them: they apply to customers and collectors, not to managers.
LIMITS = (BEYOND_HORIZON, TOO_MANY_OPEN, TOO_MANY_BROKEN, ABOVE_SHARE)

#: A date farther ahead than this is taken for a typing error, whoever enters it.
FARTHEST_DAYS = 5 * 366


class PromiseRefused(Refused):
    """The promise is refused: ``code`` is one of this module's, ``detail`` a sentence about a veto, for staff."""

    def __init__(self, code: str, detail: str = ""):
        super().__init__(code)
        self.detail = detail


@dataclass(frozen=True, slots=True)
class PromiseRules:
    """A policy's limits for promises.

    :param horizon_days: the maximum number of days from today to the promised date
    :param open_max: number of promises that may be open at a time; 0: no limit
    :param broken_max: with this number of promises not kept about an item, or twice that number in a year, no further
        one is accepted; 0 is the strictest: with a single one in a year
    :param share_max: percent of the open balance that promises may cover
    """

    horizon_days: int = 30
    open_max: int = 3
    broken_max: int = 1
    share_max: Decimal = Decimal(100)


@dataclass(frozen=True, slots=True)
class RequestedPart:
    """The amount to be promised of one item, in the item's currency.

    :param free: how much of the item may be promised, in its currency
    :param booked: the amount in company currency
    :param unit: the smallest unit of the currency
    :param promised: an open promise covers the item already
    :param broken: number of promises about the item that were not kept
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
    """The customer's present and past promises; amounts in company currency.

    :param open_count: number of open promises
    :param broken_count: number of promises not kept in the last year
    :param promised: the amount that open promises cover
    :param balance: the total of all open items
    """

    open_count: int = 0
    broken_count: int = 0
    promised: Decimal = ZERO
    balance: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class PastPromise:
    """A promise about an item.

    :param state: see `core.promises.judgement`
    :param by_staff: it was recorded by a person of the company
    :param by_customer: it is withdrawn, by the customer
    """

    promised_on: date
    state: str
    by_staff: bool = False
    by_customer: bool = False


def counted_from(past: Sequence[PastPromise], today: date) -> date:
    """Return the day from which the days until the promised date count for a customer's own promise about an item.

    It is today, or the day of the first of the promises that the customer withdrew one after the other: who withdraws
    a promise and makes it again gains no time, however often. What was kept or not kept ends the series, as does a
    promise that was agreed with a person; what a person has withdrawn is passed over.

    :param past: the promises about the item, the latest last

    >>> def made(day, state=WITHDRAWN, **how):
    ...     return PastPromise(date(2026, 6, day), state, **how)
    >>> today, mine = date(2026, 6, 30), {"by_customer": True}
    >>> counted_from([made(1, **mine), made(9, **mine)], today).day, counted_from([], today).day
    (1, 30)
    >>> counted_from([made(1, **mine), made(5, "broken"), made(9, **mine)], today).day
    9
    >>> counted_from([made(1, **mine), made(5, by_staff=True, **mine), made(9)], today).day
    5
    """
    first = today
    for promise in reversed(past):
        if promise.state == WITHDRAWN and not promise.by_customer:
            continue
        if promise.state not in (OPEN, WITHDRAWN):
            break
        first = min(first, promise.promised_on)
        if promise.by_staff:
            break
    return first


def check(
    parts: Collection[RequestedPart], day: date | None, status: PromiseStatus, rules: PromiseRules | None, today: date
) -> None:
    """Refuse a promise that is invalid or exceeds the policy's limits.

    :param day: the promised date
    :param rules: the policy's limits, or ``None`` for a person to whom they do not apply
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
    """Return the code of what is wrong with a promise, whoever makes it, or ``None``."""
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
    """Return the code of what is wrong with the amount for one item, or ``None``."""
    if part.promised:
        return ALREADY_PROMISED
    if part.free <= 0:
        return NOTHING_FREE
    return amounts.amount_error(part.amount, part.free, part.unit)


def _limit(
    parts: Collection[RequestedPart], day: date, status: PromiseStatus, rules: PromiseRules, today: date
) -> str | None:
    """Return the code of the first of the policy's limits that the promise exceeds, or ``None``."""
    if day > today + timedelta(days=rules.horizon_days):
        return BEYOND_HORIZON
    if code := find_obstacle(status, rules, max(part.broken for part in parts)):
        return code
    promised = status.promised + sum((part.booked for part in parts), ZERO)
    return ABOVE_SHARE if promised * 100 > rules.share_max * status.balance else None


def find_obstacle(status: PromiseStatus, rules: PromiseRules, broken: int = 0) -> str | None:
    """Return the code of a limit that forbids any promise, whatever its amount and day, or ``None``.

    :param broken: number of promises about the item that were not kept

    >>> rules = PromiseRules(open_max=2, broken_max=1)
    >>> find_obstacle(PromiseStatus(1, 1), rules), find_obstacle(PromiseStatus(2), rules)
    (None, 'too_many_open')
    >>> find_obstacle(PromiseStatus(0, 2), rules), find_obstacle(PromiseStatus(), rules, 1)
    ('too_many_broken', 'too_many_broken')
    """
    if rules.open_max and status.open_count >= rules.open_max:
        return TOO_MANY_OPEN
    is_broken = broken and broken >= rules.broken_max
    is_unreliable = status.broken_count and status.broken_count >= 2 * rules.broken_max
    return TOO_MANY_BROKEN if is_broken or is_unreliable else None


def find_item_obstacle(
    past: Sequence[PastPromise], status: PromiseStatus, rules: PromiseRules, today: date
) -> str | None:
    """Return the code of why the customer's page takes no promise about an item at present, or ``None``.

    :param past: the promises about the item, the latest last

    >>> def made(state, **how):
    ...     return PastPromise(date(2026, 6, 1), state, **how)
    >>> def answer(*past, **status):
    ...     return find_item_obstacle(past, PromiseStatus(**status), PromiseRules(), date(2026, 7, 15))
    >>> answer(), answer(made("kept")), answer(made(OPEN)), answer(made("broken"))
    (None, None, 'already_promised', 'too_many_broken')
    >>> answer(made(WITHDRAWN)), answer(made(WITHDRAWN, by_customer=True)), answer(open_count=3)
    (None, 'withdrawn_before', 'too_many_open')
    """
    if any(promise.state == OPEN for promise in past):
        return ALREADY_PROMISED
    if code := find_obstacle(status, rules, sum(promise.state in NOT_KEPT for promise in past)):
        return code
    last_day = counted_from(past, today) + timedelta(days=rules.horizon_days)
    return WITHDRAWN_BEFORE if last_day < today else None
