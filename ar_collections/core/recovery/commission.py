"""What a collection agency is paid for money it brings in. All amounts are positive, in one currency."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ..money import ZERO, round_half_up
from ..refusal import Refused

HUNDRED = Decimal(100)

# --- Why commission rules are refused ---
#: A rate, or a rate with the highest addition for age, is below 0 or above 100 percent.
BAD_PERCENT = "bad_percent"

#: Two rates begin at the same amount, or two additions at the same age.
SAME_START = "same_start"

#: No rate begins at zero, so what is collected first would have none.
NO_FIRST_RATE = "no_first_rate"


class CommissionRefused(Refused):
    """Commission rules that cannot be used.

    :param str code: the reason
    """


@dataclass(frozen=True, slots=True)
class Rate:
    """The percentage of what is collected from an amount on, up to the start of the next rate."""

    start: Decimal
    percent: Decimal


@dataclass(frozen=True, slots=True)
class AgeAddition:
    """Percentage points that are added for debts of this age, in full months since they were due."""

    months: int
    points: Decimal


@dataclass(frozen=True, slots=True)
class CommissionRules:
    """The agreement with an agency.

    :param rates: one from zero on is a flat rate; several are tiers
    :param additions: for old debts
    :param direct_percent: share of the commission for what the customer pays to us directly after the placement
    :param free_days: for what is paid directly within so many days of the placement nothing is due
    :param vat_percent: added to the commission
    """

    rates: tuple[Rate, ...]
    additions: tuple[AgeAddition, ...] = ()
    direct_percent: Decimal = HUNDRED
    free_days: int = 0
    vat_percent: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Collected:
    """Money that came in.

    :param days: number of days after the placement
    :param is_direct: the customer paid us, not the agency
    """

    amount: Decimal
    days: int = 0
    is_direct: bool = False


@dataclass(frozen=True, slots=True)
class Bill:
    """What the agency may claim.

    :param base: what it is for
    :param net: what is left of all that was collected
    """

    base: Decimal
    commission: Decimal
    vat: Decimal
    net: Decimal


def check(rules: CommissionRules) -> None:
    """Refuse rules that are no agreement.

    :raise CommissionRefused: with one of this module's codes

    >>> def answer(*rates, additions=(), direct=100):
    ...     pairs = tuple(Rate(Decimal(start), Decimal(percent)) for start, percent in rates)
    ...     try:
    ...         check(CommissionRules(pairs, additions, Decimal(direct)))
    ...     except CommissionRefused as refused:
    ...         return refused.code
    >>> answer((0, 25)), answer((0, 101)), answer((0, -1)), answer((0, 25), direct=101)
    (None, 'bad_percent', 'bad_percent', 'bad_percent')
    >>> answer((0, 90), additions=(AgeAddition(12, Decimal(11)),))
    'bad_percent'
    >>> answer(), answer((5, 20)), answer((0, 20), (0, 15))
    ('no_first_rate', 'no_first_rate', 'same_start')
    """
    starts = [rate.start for rate in rules.rates]
    months = [addition.months for addition in rules.additions]
    if ZERO not in starts or min(starts) < ZERO:
        raise CommissionRefused(NO_FIRST_RATE)
    if len(set(starts)) < len(starts) or len(set(months)) < len(months):
        raise CommissionRefused(SAME_START)
    highest = max(rate.percent for rate in rules.rates) + max((a.points for a in rules.additions), default=ZERO)
    parts = [*(rate.percent for rate in rules.rates), *(a.points for a in rules.additions)]
    parts += [rules.direct_percent, rules.vat_percent, highest]
    if min(parts) < ZERO or max(parts) > HUNDRED:
        raise CommissionRefused(BAD_PERCENT)


def tiered(amount: Decimal, rates: Sequence[Rate], points: Decimal = ZERO) -> Decimal:
    """Return the commission on an amount, each rate on the part between its start and the next; not rounded.

    :param points: percentage points that are added to each rate

    >>> rates = [Rate(Decimal(0), Decimal(25)), Rate(Decimal(10000), Decimal(20)), Rate(Decimal(25000), Decimal(15))]
    >>> tiered(Decimal(30000), rates)
    Decimal('6250')
    >>> tiered(Decimal(8000), [Rate(Decimal(0), Decimal(20))])
    Decimal('1600')
    """
    ordered = sorted(rates, key=lambda rate: rate.start)
    ends = [*(rate.start for rate in ordered[1:]), None]
    parts = (
        (max((amount if end is None else min(amount, end)) - rate.start, ZERO), rate.percent + points)
        for rate, end in zip(ordered, ends, strict=True)
    )
    return sum((part * percent / HUNDRED for part, percent in parts), ZERO)


def age_points(principals: Iterable[tuple[Decimal, int]], additions: Iterable[AgeAddition]) -> Decimal:
    """Return the percentage points that are added for the age of the debts, weighted by their amounts.

    :param principals: (amount, full months since it was due)

    >>> additions = [AgeAddition(12, Decimal(10)), AgeAddition(24, Decimal(20))]
    >>> age_points([(Decimal(4000), 3), (Decimal(4000), 12), (Decimal(2000), 30)], additions)
    Decimal('8')
    """
    debts, ordered = list(principals), sorted(additions, key=lambda addition: addition.months)
    total = sum((amount for amount, _months in debts), ZERO)
    if total <= ZERO:
        return ZERO

    def points(months: int) -> Decimal:
        return next((a.points for a in reversed(ordered) if a.months <= months), ZERO)

    return sum((amount * points(months) for amount, months in debts), ZERO) / total


def bill(collected: Iterable[Collected], rules: CommissionRules, points: Decimal, unit: Decimal) -> Bill:
    """Return what the agency may claim for all that came in since the placement; rounded once.

    Tiers are filled in the order of the payments, those for which nothing is due left out.

    :param points: see :func:`age_points`
    :param unit: the smallest unit of the currency

    >>> flat, cent = (Rate(Decimal(0), Decimal(20)),), Decimal("0.01")
    >>> found = bill([Collected(Decimal(8000))], CommissionRules(flat, vat_percent=Decimal(20)), Decimal(0), cent)
    >>> str(found.commission), str(found.vat), str(found.net)
    ('1600.00', '320.00', '6080.00')
    >>> half = CommissionRules(flat, direct_percent=Decimal(50), free_days=3)
    >>> paid = [Collected(Decimal(1000), 2, True), Collected(Decimal(1000), 9, True), Collected(Decimal(1000), 9)]
    >>> str(bill(paid, half, Decimal(0), cent).commission)
    '300.00'
    """
    base = commission = total = ZERO
    for payment in sorted(collected, key=lambda payment: payment.days):
        total += payment.amount
        if payment.is_direct and payment.days <= rules.free_days and rules.free_days:
            continue
        share = rules.direct_percent / HUNDRED if payment.is_direct else Decimal(1)
        before, base = base, base + payment.amount
        commission += (tiered(base, rules.rates, points) - tiered(before, rules.rates, points)) * share
    commission = round_half_up(commission, unit)
    vat = round_half_up(commission * rules.vat_percent / HUNDRED, unit)
    return Bill(base, commission, vat, total - commission - vat)
