"""Promises to pay: whether one was kept, how reliable a customer is, and whether another one is taken.

Kept is what was settled in full by the promised date and the tolerance that bank transfers need. Amounts of one promise
are in one currency.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .money import ZERO, percentage
from .settlement import Settlement, settled_by
from .workdays import LONGEST_CLOSURE_DAYS, WorkCalendar

# --- What becomes of a promise ---
OPEN, KEPT, PARTLY, BROKEN, WITHDRAWN = "open", "kept", "partly", "broken", "withdrawn"
#: The date has passed, and not all that was promised was paid.
NOT_KEPT = (PARTLY, BROKEN)

# --- Why a promise is not taken; the words live in ``const.py`` ---
NOTHING_CHOSEN = "nothing_chosen"
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


class Refused(Exception):
    """The promise is not taken like that; ``code`` says why."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


# === WAS IT KEPT === #


@dataclass(frozen=True, slots=True)
class Part:
    """What was promised about one item, and what was settled on it since, see :mod:`settlement`."""

    promised: Decimal
    settled: tuple[Settlement, ...] = ()

    def kept_by(self, day: date) -> Decimal:
        """Return how much of the promise was settled up to the day, included."""
        return settled_by(self.settled, day, limit=self.promised)


def deadline(day: date, tolerance_days: int) -> date:
    """Return the last day on which a payment keeps the promise."""
    return day + timedelta(days=tolerance_days)


def amount_kept(parts: Iterable[Part], day: date, tolerance_days: int) -> Decimal:
    """Return how much of what was promised was settled in time."""
    last = deadline(day, tolerance_days)
    return sum((part.kept_by(last) for part in parts), ZERO)


def judge(parts: Collection[Part], day: date, tolerance_days: int, today: date) -> str:
    """Return what became of a promise, as the books stand today.

    Kept is known as soon as all is paid; the rest once the date and the tolerance have passed. A payment that is taken
    back is not in the books any more, and so the answer changes with it.

    :param day: the promised date

    100 promised for Friday 12 June, two days of tolerance; 60 are paid on time, the rest on the 14th or the 15th:

    >>> friday, monday = date(2026, 6, 12), date(2026, 6, 15)
    >>> in_time = Settlement(date(2026, 6, 11), Decimal(60))
    >>> def judged(*settled, today=monday):
    ...     return judge([Part(Decimal(100), settled)], friday, 2, today)
    >>> judged(in_time, Settlement(date(2026, 6, 14), Decimal(40)), today=date(2026, 6, 14))
    'kept'
    >>> judged(in_time, Settlement(monday, Decimal(40))), judged(), judged(today=date(2026, 6, 14))
    ('partly', 'broken', 'open')
    """
    promised = sum((part.promised for part in parts), ZERO)
    kept = amount_kept(parts, day, tolerance_days)
    if kept >= promised:
        return KEPT
    if today <= deadline(day, tolerance_days):
        return OPEN
    return PARTLY if kept > 0 else BROKEN


def note_day(day: date, calendar: WorkCalendar) -> date:
    """Return when the customer is reminded of a promise: on the working day before it.

    >>> str(note_day(date(2026, 6, 15), WorkCalendar()))     # promised for a Monday
    '2026-06-12'
    """
    for days in range(1, LONGEST_CLOSURE_DAYS):
        candidate = day - timedelta(days=days)
        if calendar.is_workday(candidate):
            return candidate
    return day - timedelta(days=1)


def number_of(earlier: Iterable[str]) -> int:
    """Return which promise on an item this is, given the states of the ones before; withdrawn ones do not count.

    >>> number_of([]), number_of([BROKEN]), number_of([WITHDRAWN])
    (1, 2, 1)
    """
    return 1 + sum(state != WITHDRAWN for state in earlier)


# === HOW RELIABLE === #


@dataclass(frozen=True, slots=True)
class Reliability:
    """How many promises came due, how many of them were kept, and the same by amount; rates in percent."""

    due: int = 0
    kept: int = 0
    amount_due: Decimal = ZERO
    amount_kept: Decimal = ZERO

    @property
    def rate(self) -> Decimal:
        """Kept promises in percent of those that came due."""
        return percentage(Decimal(self.kept), Decimal(self.due))

    @property
    def amount_rate(self) -> Decimal:
        """The amounts of kept promises in percent of those that came due; a promise partly kept was not kept."""
        return percentage(self.amount_kept, self.amount_due)


def reliability(groups: Collection[tuple[str, int, Decimal]]) -> Reliability:
    """Return how reliable a customer's promises are.

    :param groups: (state, number, amount) of the promises whose date and tolerance have passed; open and withdrawn ones
        do not count

    >>> found = reliability([(KEPT, 1, Decimal(300)), (PARTLY, 1, Decimal(100)), (WITHDRAWN, 3, Decimal(50))])
    >>> found.due, found.kept, found.rate, found.amount_rate
    (2, 1, Decimal('50.0'), Decimal('75.00'))
    """
    due = [(number, amount) for state, number, amount in groups if state in (KEPT, *NOT_KEPT)]
    kept = [(number, amount) for state, number, amount in groups if state == KEPT]
    return Reliability(
        sum(number for number, _amount in due),
        sum(number for number, _amount in kept),
        sum((amount for _number, amount in due), ZERO),
        sum((amount for _number, amount in kept), ZERO),
    )


# === IS ANOTHER ONE TAKEN === #


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
class WishPart:
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
class Standing:
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
    parts: Collection[WishPart], day: date | None, standing: Standing, rules: PromiseRules | None, today: date
) -> None:
    """Refuse a promise that cannot be taken.

    :param rules: the policy's limits, or ``None`` for somebody whom they do not bind
    :raise Refused: with one of this module's codes

    >>> def answer(amount, day, **standing):
    ...     part = WishPart(Decimal(amount), Decimal(100), "EUR", Decimal(amount))
    ...     facts = Standing(balance=Decimal(100), **standing)
    ...     try:
    ...         return check([part], day, facts, PromiseRules(), date(2026, 6, 10))
    ...     except Refused as refused:
    ...         return refused.code
    >>> answer(100, date(2026, 7, 10))
    >>> answer(100, date(2026, 7, 11)), answer(100, date(2026, 6, 9)), answer("100.01", date(2026, 6, 20))
    ('beyond_horizon', 'past_date', 'too_much')
    >>> answer(100, date(2026, 6, 20), open_count=3), answer(100, date(2026, 6, 20), broken_count=2)
    ('too_many_open', 'too_many_broken')
    """
    if code := _error(parts, day, today) or (rules and _limit(parts, day, standing, rules, today)):
        raise Refused(code)


def _error(parts: Collection[WishPart], day: date | None, today: date) -> str | None:
    """Return what is wrong with a promise, whoever makes it."""
    if not parts:
        return NOTHING_CHOSEN
    if len({part.currency for part in parts}) > 1:
        return MIXED_CURRENCIES
    if code := next((code for part in parts if (code := _part_error(part))), None):
        return code
    if day is None or (day - today).days > FARTHEST_DAYS:
        return BAD_DATE
    return PAST_DATE if day < today else None


def _part_error(part: WishPart) -> str | None:
    if part.promised:
        return ALREADY_PROMISED
    if part.free <= 0:
        return NOTHING_FREE
    if not part.amount.is_finite() or part.amount <= 0:
        return BAD_AMOUNT
    if part.amount > part.free:
        return TOO_MUCH
    return BAD_AMOUNT if part.amount != part.free and part.amount % part.unit else None


def _limit(parts: Collection[WishPart], day: date, standing: Standing, rules: PromiseRules, today: date) -> str | None:
    """Return which of the policy's limits the promise exceeds."""
    if day > today + timedelta(days=rules.horizon_days):
        return BEYOND_HORIZON
    if rules.open_max and standing.open_count >= rules.open_max:
        return TOO_MANY_OPEN
    item_broken = max(part.broken for part in parts)
    if (item_broken and item_broken >= rules.broken_max) or (
        standing.broken_count and standing.broken_count >= 2 * rules.broken_max
    ):
        return TOO_MANY_BROKEN
    promised = standing.promised + sum((part.booked for part in parts), ZERO)
    return ABOVE_SHARE if promised * 100 > rules.share_max * standing.balance else None
