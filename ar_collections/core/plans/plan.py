"""Payment plans: an agreed schedule of payments of open items. All amounts of a plan are in one currency.

What was paid is derived from the items, see :mod:`..agreements.settlement`; it is allocated to the installments here,
oldest first.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from ..agreements.settlement import Settlement, settled_by
from ..fingerprint import fingerprint
from ..money import ZERO


@dataclass(frozen=True, slots=True)
class Installment:
    """One payment of a plan; the numbers count from 1, oldest first."""

    number: int
    day: date
    amount: Decimal


def terms_version(terms: str) -> str:
    """Return what identifies the text of the terms of a plan, as it is stored with what the customer accepted."""
    return fingerprint(terms, digits=12)


def seen_version(terms: str, schedule: Iterable[Installment], amounts: Mapping[int, Decimal]) -> str:
    """Return what identifies a plan as a customer read it: 16 hexadecimal digits.

    Whoever accepts a plan sends it back; a plan with another installment, date, amount, item or sentence has another.

    :param amounts: the planned amount of each open item, by its id
    >>> plan = [Installment(1, date(2026, 6, 10), Decimal("100.0")), Installment(2, date(2026, 7, 10), Decimal("100"))]
    >>> shown = seen_version("Pay.", plan, {7: Decimal("200")})
    >>> shown == seen_version("Pay.", plan, {7: Decimal("200.00")})
    True
    >>> shown == seen_version("Pay.", [Installment(1, date(2026, 6, 10), Decimal("200"))], {7: Decimal("200")})
    False
    """
    rows = [f"{row.number} {row.day} {row.amount.normalize():f}" for row in schedule]
    items = [f"{item_id} {amount.normalize():f}" for item_id, amount in sorted(amounts.items())]
    return fingerprint(terms, *rows, *items)


@dataclass(frozen=True, slots=True)
class BreachRules:
    """When installments count as missed, and when a plan is broken.

    :param grace_days: an installment that is late by more than this number of days is missed
    :param missed_max: with this number of missed installments the plan is broken; the last one always breaks it
    :param forgiven_until: a manager forgave what was missed up to that day
    :param reopened_on: a payment was reversed that day; what it had covered gets the days of grace again
    """

    grace_days: int = 0
    missed_max: int = 1
    forgiven_until: date | None = None
    reopened_on: date | None = None

    def last_day(self, installment: Installment) -> date:
        """Return the day on which the installment must be paid at the latest."""
        start = max(installment.day, self.reopened_on or installment.day)
        return start + timedelta(days=self.grace_days)


@dataclass(frozen=True, slots=True)
class Judgement:
    """How a plan stands by the ledger.

    :param filled: what is paid of each installment, oldest first
    :param missed: the numbers of the missed installments
    :param left: what is left to pay of the plan
    :param last_missed: the last installment is among the missed ones: the plan is over
    """

    filled: tuple[Decimal, ...]
    missed: tuple[int, ...]
    left: Decimal
    last_missed: bool = False

    def state(self, breach_rules: BreachRules) -> str:
        """Return ``completed``, ``broken`` or ``active``; a plan paid in full is completed, also if paid late."""
        if not self.left:
            return "completed"
        return "broken" if self.is_breach(breach_rules) else "active"

    def is_breach(self, breach_rules: BreachRules) -> bool:
        """Return whether what was missed breaks the plan: too many installments, or the last one.

        After the last one nothing of the plan is due any more that could be missed, so it would never end.

        >>> one = Judgement((), missed=(4,), left=Decimal(100), last_missed=True)
        >>> one.is_breach(BreachRules(missed_max=2))
        True
        """
        return self.last_missed or len(self.missed) >= breach_rules.missed_max


def fill(amounts: Iterable[Decimal], paid: Decimal) -> list[Decimal]:
    """Return what is paid of each installment: payments are allocated to the oldest unpaid one first.

    :param amounts: the installments, oldest first
    :param paid: what was settled on the plan's items so far

    >>> fill([Decimal(100), Decimal(100), Decimal(50)], Decimal(130))
    [Decimal('100'), Decimal('30'), Decimal('0')]
    """
    filled = []
    for amount in amounts:
        part = min(amount, max(paid, ZERO))
        filled.append(part)
        paid -= part
    return filled


def contest(unpaid: Sequence[Decimal], contested: Decimal) -> list[Decimal]:
    """Return how much of each installment cannot be demanded because it is contested: the last ones are taken first.

    So the rest of the plan stays due on its dates.

    :param unpaid: what is unpaid of the installments, oldest first

    >>> contest([Decimal(40), Decimal(100), Decimal(100)], Decimal(130))
    [Decimal('0'), Decimal('30'), Decimal('100')]
    """
    return fill(reversed(unpaid), contested)[::-1]


def judge(
    installments: Iterable[Installment],
    settlements: Iterable[Settlement],
    today: date,
    breach_rules: BreachRules,
    contested: Decimal = ZERO,
    expected: Decimal = ZERO,
    missed_before: Collection[int] = (),
) -> Judgement:
    """Return how the plan stands, from the ledger alone: the same settlements give the same result on every run.

    An installment is missed when what was settled by its date plus the days of grace does not cover the sum of the
    installments up to it. It stays missed when it is paid later. What counts is the date of a payment, not the day on
    which it was booked.

    :param installments: oldest first
    :param settlements: what was settled on the plan's items since it was agreed, in any order
    :param contested: how much of the plan is disputed now: it is not due until the dispute is answered, the rest is
    :param expected: payments that are not booked yet: what they cover is not missed meanwhile, unless it was before
    :param missed_before: the numbers of the installments that were missed by the judgement before

    >>> june, july = (Installment(n, date(2026, 5 + n, 1), Decimal(100)) for n in (1, 2))
    >>> late = [Settlement(date(2026, 6, 5), Decimal(100))]
    >>> judge([june, july], late, date(2026, 6, 6), BreachRules(grace_days=3)).missed
    (1,)
    >>> judge([june, july], late, date(2026, 6, 6), BreachRules(grace_days=4)).missed
    ()
    >>> judge([june, july], [], date(2026, 8, 6), BreachRules(), contested=Decimal("0.01")).missed
    (1, 2)
    >>> judge([june, july], [], date(2026, 8, 6), BreachRules(), contested=Decimal(150)).missed
    (1,)
    >>> judge([june, july], [], date(2026, 8, 6), BreachRules(), expected=Decimal(150)).missed
    (2,)
    """
    installments, settlements = tuple(installments), tuple(settlements)
    settled = sum((settlement.amount for settlement in settlements), ZERO)
    filled = fill((installment.amount for installment in installments), settled)
    unpaid = [installment.amount - part for installment, part in zip(installments, filled, strict=True)]
    disputed = contest(unpaid, contested)
    asked = [left - excluded for left, excluded in zip(unpaid, disputed, strict=True)]
    waiting = [ZERO < part <= covered for part, covered in zip(asked, fill(asked, expected), strict=True)]
    missed, due = [], ZERO
    for installment, excluded, waits in zip(installments, disputed, waiting, strict=True):
        # Nothing is missed of an installment that is contested in full.
        due += installment.amount - excluded
        is_due = excluded < installment.amount and not (waits and installment.number not in missed_before)
        last_day = breach_rules.last_day(installment)
        forgiven = breach_rules.forgiven_until is not None and last_day <= breach_rules.forgiven_until
        if last_day < today and is_due and not forgiven and settled_by(settlements, last_day) < due:
            missed.append(installment.number)
    last_missed = bool(missed) and missed[-1] == installments[-1].number
    return Judgement(tuple(filled), tuple(missed), sum(unpaid, ZERO), last_missed)
