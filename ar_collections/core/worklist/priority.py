"""The priority of customers on the worklist: a sum of parts that are shown, so that staff can see the reasons.

Each part is a share from 0 to 1 of its weight, rounded to whole points. Amounts are in company currency.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from ..facts import AccountFacts, Credit, OpenItem
from ..money import ZERO, proportion

OVERDUE = "overdue"

AGE = "age"

RISK = "risk"

BROKEN_PROMISE = "broken_promise"

LATE_DISPUTE = "late_dispute"

DUE_SOON = "due_soon"

#: The three reasons why a customer was not reached, the worst first; they share one weight.
NO_ADDRESS = "no_address"

NOT_REACHED = "not_reached"

NOT_CONTACTED = "not_contacted"

CODES = (OVERDUE, AGE, RISK, BROKEN_PROMISE, LATE_DISPUTE, DUE_SOON, NO_ADDRESS, NOT_REACHED, NOT_CONTACTED)

#: Number of days without contact, although something is late, that gets all points of the part.
CONTACT_DAYS = 30

ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Weights:
    """A company's settings: the maximum points of each part, and the values that get all of them.

    :param large_amount: the amount that gets all points, in company currency
    :param old_days: the number of days late that gets all points
    :param soon_days: number of days within which a due date counts as soon

    >>> defaults = Weights()
    >>> sum((defaults.overdue, defaults.age, defaults.risk, defaults.broken_promise, defaults.late_dispute,
    ...      defaults.due_soon, defaults.unreached))
    100
    """

    overdue: int = 30
    age: int = 20
    risk: int = 10
    broken_promise: int = 15
    late_dispute: int = 10
    due_soon: int = 5
    unreached: int = 10
    large_amount: Decimal = Decimal(10000)
    old_days: int = 90
    soon_days: int = 7


@dataclass(frozen=True, slots=True)
class PriorityFacts:
    """The facts about one customer that its priority is based on.

    Amounts are what reminders may request, in company currency: promised and disputed parts are not counted.

    :param days_late: of the oldest item that may be requested; 0: nothing is late
    :param due_soon: the amount that becomes due within ``Weights.soon_days``
    :param risky: the partner is marked as a bad debtor, or its risk class is the worst
    :param broken_promises: number of promises not kept about items that are still open
    :param late_disputes: number of unanswered disputes past their deadline
    :param unreached_calls: number of calls that reached nobody since the last one that did
    :param days_since_contact: number of days since the last contact, ``None``: none in the last 30 days
    """

    overdue: Decimal = ZERO
    days_late: int = 0
    due_soon: Decimal = ZERO
    risky: bool = False
    broken_promises: int = 0
    late_disputes: int = 0
    has_address: bool = True
    unreached_calls: int = 0
    days_since_contact: int | None = None


@dataclass(frozen=True, slots=True)
class PriorityPart:
    """The points of one part, with the amount or the number (of days, promises, ...) they are given for."""

    code: str
    points: int
    amount: Decimal | None = None
    number: int | None = None


def rate(priority_facts: PriorityFacts, weights: Weights) -> tuple[PriorityPart, ...]:
    """Return the parts of a customer's priority, most points first; those without points are left out.

    >>> parts = rate(PriorityFacts(overdue=Decimal(5000), days_late=45, days_since_contact=3), Weights())
    >>> [(part.code, part.points) for part in parts]
    [('overdue', 15), ('age', 10)]
    >>> parts[1]
    PriorityPart(code='age', points=10, amount=None, number=45)
    >>> rate(PriorityFacts(), Weights())
    ()
    """
    late = priority_facts.days_late > 0
    parts = [
        PriorityPart(
            OVERDUE,
            _points(weights.overdue, priority_facts.overdue, weights.large_amount),
            amount=priority_facts.overdue,
        ),
        PriorityPart(
            AGE, _points(weights.age, priority_facts.days_late, weights.old_days), number=priority_facts.days_late
        ),
        PriorityPart(RISK, weights.risk if priority_facts.risky and late else 0),
        PriorityPart(
            BROKEN_PROMISE,
            weights.broken_promise if priority_facts.broken_promises else 0,
            number=priority_facts.broken_promises,
        ),
        PriorityPart(
            LATE_DISPUTE,
            weights.late_dispute if priority_facts.late_disputes else 0,
            number=priority_facts.late_disputes,
        ),
        PriorityPart(
            DUE_SOON,
            _points(weights.due_soon, priority_facts.due_soon, weights.large_amount),
            amount=priority_facts.due_soon,
        ),
        _unreached(priority_facts, weights.unreached),
    ]
    return tuple(sorted((part for part in parts if part.points), key=lambda part: -part.points))


def score(parts: Iterable[PriorityPart]) -> int:
    """Return the total points of the parts.

    >>> score([PriorityPart("age", 10), PriorityPart("risk", 5)])
    15
    """
    return sum(part.points for part in parts)


def read_priority_facts(facts: AccountFacts, today: date, soon_days: int, **known) -> PriorityFacts:
    """Return the priority facts of a customer: amounts and ages from its open items, the rest from the caller.

    A customer whom a person excluded from reminders has no items for the worklist. Credits cover the oldest items of
    their debtor and currency, as in reminders: a credit in one currency covers nothing that is owed in another.

    :param soon_days: see ``Weights.soon_days``
    :param known: the other values of :class:`PriorityFacts`, for instance ``risky``
    """
    open_items = () if facts.excluded else (*facts.items, *facts.installments)
    soon = today + timedelta(days=soon_days)
    items = _find_uncovered([item for item in open_items if item.due_date <= soon], facts.usable_credits)
    late = [(due, amount) for due, amount in items if due < today]
    return PriorityFacts(
        overdue=_total(late),
        days_late=max(((today - due).days for due, _amount in late), default=0),
        due_soon=_total((due, amount) for due, amount in items if due >= today),
        has_address=bool({"email", "letter"} & facts.channels),
        days_since_contact=(today - max(facts.contacts)).days if facts.contacts else None,
        **known,
    )


def round_up(amount: Decimal) -> Decimal:
    """Return the smallest of ..., 1, 2, 5, 10, 20, 50, ... from an amount on: a scale that does not change every day.

    >>> [str(round_up(Decimal(amount))) for amount in ("0.3", "1", "3", "4200", "18000", "50000")]
    ['0.5', '1', '5', '5000', '20000', '50000']
    >>> round_up(Decimal(0))
    Decimal('1')
    """
    if amount <= 0:
        return ONE
    power = ONE.scaleb(amount.adjusted())
    step = next(step for step in (1, 2, 5, 10) if amount <= step * power)
    return Decimal(f"{(step * power).normalize():f}")


def _points(weight: int, value: Decimal | int, full: Decimal | int) -> int:
    """Return the points of a value: all from ``full`` on, proportional below; if ``full`` is 0, any value gets all."""
    if not value:
        return 0
    share = min(Decimal(value) / Decimal(full), ONE) if full > 0 else Decimal(value > 0)
    return int((weight * share).quantize(ONE, rounding=ROUND_HALF_UP))


def _unreached(priority_facts: PriorityFacts, weight: int) -> PriorityPart:
    """Return the part for a customer with late items who has no address, was not reached, or was not contacted."""
    if not priority_facts.days_late:
        return PriorityPart(NOT_CONTACTED, 0)
    if not priority_facts.has_address:
        return PriorityPart(NO_ADDRESS, weight)
    if priority_facts.unreached_calls:
        return PriorityPart(NOT_REACHED, weight, number=priority_facts.unreached_calls)
    if priority_facts.days_since_contact is None:
        days = min(priority_facts.days_late, CONTACT_DAYS)
        return PriorityPart(NOT_CONTACTED, _points(weight, days, CONTACT_DAYS), number=days)
    return PriorityPart(NOT_CONTACTED, 0)


def _find_uncovered(items: Iterable[OpenItem], credits: Collection[Credit]) -> list[tuple[date, Decimal]]:
    """Return (due date, amount in company currency) of what may be requested of items, once credits cover the oldest.

    What a credit covers of an item is measured in their currency, and the rest converted at the item's booked rate.

    >>> may, june = (OpenItem(n, date(2026, n, 1), "USD", Decimal(110), Decimal(100)) for n in (5, 6))
    >>> def left(amount, currency="USD"):
    ...     found = _find_uncovered([june, may], [Credit(9, currency, Decimal(amount), Decimal(amount))])
    ...     return [(due.month, str(amount)) for due, amount in found]
    >>> left(55), left(110), left(220), left(220, "EUR")
    ([(5, '50'), (6, '100')], [(6, '100')], [], [(5, '100'), (6, '100')])
    """
    asked = [item for item in items if item.chaseable_currency > 0]
    if not credits:  # most customers
        return [(item.due_date, item.chaseable) for item in asked]
    money, left = defaultdict(Decimal), []
    for credit in credits:
        money[credit.debtor_currency] += credit.amount_currency
    for item in sorted(asked, key=lambda item: (item.due_date, item.key)):
        covered = min(money[item.debtor_currency], item.chaseable_currency)
        money[item.debtor_currency] -= covered
        if rest := item.chaseable_currency - covered:
            left.append((item.due_date, proportion(item.residual, rest, item.residual_currency)))
    return left


def _total(items: Iterable[tuple[date, Decimal]]) -> Decimal:
    """Return the sum of what reminders may request of items, each with its due date, in company currency."""
    return sum((amount for _due, amount in items), ZERO)
