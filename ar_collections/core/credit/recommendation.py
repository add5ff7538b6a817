"""A recommended credit limit, with its reasons. It is a value that a person reads: it never applies itself."""

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from ..money import ZERO
from .limit import AMOUNT, CASH_ONLY, Limit

# --- The reasons, in the order in which they are applied ---
#: What is owed on average with the customer's turnover, terms and usual delay.
NEED = "need"

#: The highest balance that was paid without delay.
PROVEN = "proven"

#: There is no history to judge by.
NEWCOMER = "newcomer"

#: The share of the need that the risk class may have.
CLASS_SHARE = "class_share"

CLASS_MAXIMUM = "class_maximum"

#: The class buys against payment in advance.
CLASS_CASH_ONLY = "class_cash_only"

#: Not more than the insurer covers.
INSURED = "insured"

#: Nobody gets more than was asked for.
REQUESTED = "requested"

ROUNDED = "rounded"

YEAR_DAYS = 365


@dataclass(frozen=True, slots=True)
class CreditHistory:
    """What is known of a customer; amounts in company currency.

    :param turnover: invoiced in the last twelve months, taxes included
    :param terms_days: the payment terms
    :param days_beyond_terms: see :mod:`.experience`
    :param proven: the highest balance of the last twelve months of which nothing was paid late
    :param insured: what the insurer covers; ``None``: not insured
    :param requested: the amount that was requested; ``None``: nobody requested one
    :param has_history: the score is based on enough payments
    """

    risk_class: str
    turnover: Decimal = ZERO
    terms_days: int = 0
    days_beyond_terms: Decimal = ZERO
    proven: Decimal = ZERO
    insured: Decimal | None = None
    requested: Decimal | None = None
    has_history: bool = True


@dataclass(frozen=True, slots=True)
class RecommendationRules:
    """A policy's settings; amounts in company currency.

    :param shares: (class, percent of the need); of 0 percent, and for a class that is not named: cash only
    :param maximums: (class, the most it may have)
    :param newcomer: for a customer without history
    :param is_insured_only: nobody gets more than is insured
    :param step: limits are rounded down to multiples of it
    """

    shares: tuple[tuple[str, int], ...] = (("A", 150), ("B", 125), ("C", 100), ("D", 50), ("E", 0))
    maximums: tuple[tuple[str, Decimal], ...] = ()
    newcomer: Decimal = ZERO
    is_insured_only: bool = False
    step: Decimal = Decimal(100)


@dataclass(frozen=True, slots=True)
class RecommendationReason:
    """One step to the recommended limit, and the amount after it."""

    code: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A recommended limit, and how it came about."""

    limit: Limit
    reasons: tuple[RecommendationReason, ...]


def recommend(history: CreditHistory, rules: RecommendationRules) -> Recommendation:
    """Return the limit to recommend: what the customer needs, as far as class, insurance and request allow it.

    A turnover of 73,000 with terms of 30 days, paid 10 days late, needs 73,000 x 40 / 365 = 8,000:

    >>> history = CreditHistory("B", Decimal(73000), 30, Decimal(10), proven=Decimal(6000), requested=Decimal(12000))
    >>> recommendation = recommend(history, RecommendationRules(maximums=(("B", Decimal(9950)),)))
    >>> [(reason.code, str(reason.amount)) for reason in recommendation.reasons]
    [('need', '8000'), ('class_share', '10000'), ('class_maximum', '9950'), ('rounded', '9900')]
    >>> recommend(CreditHistory("E", Decimal(73000), 30), RecommendationRules()).limit.kind
    'zero'
    """
    percent = dict(rules.shares).get(history.risk_class, 0)
    if not percent:
        return Recommendation(Limit(CASH_ONLY), (RecommendationReason(CLASS_CASH_ONLY, ZERO),))
    reasons = _judge_need(history, rules, percent)
    amount = reasons[-1].amount
    caps = (
        (CLASS_MAXIMUM, dict(rules.maximums).get(history.risk_class)),
        (INSURED, (history.insured or ZERO) if rules.is_insured_only else None),
        (REQUESTED, history.requested),
    )
    for code, cap in caps:
        if cap is not None and cap < amount:
            amount = max(cap, ZERO)
            reasons.append(RecommendationReason(code, amount))
    if (rounded := _round_down(amount, rules.step)) < amount:
        amount = rounded
        reasons.append(RecommendationReason(ROUNDED, amount))
    return Recommendation(Limit(AMOUNT, amount) if amount else Limit(CASH_ONLY), tuple(reasons))


def _judge_need(history: CreditHistory, rules: RecommendationRules, percent: int) -> list[RecommendationReason]:
    """Return the reasons up to what the class may have of the need; what was paid on time before is no risk."""
    if not history.has_history:
        return [RecommendationReason(NEWCOMER, rules.newcomer)]
    days = max(history.terms_days + history.days_beyond_terms, ZERO)
    need = max(history.turnover, ZERO) * days / YEAR_DAYS
    reasons = [RecommendationReason(NEED, need)]
    if percent != 100:
        reasons.append(RecommendationReason(CLASS_SHARE, need * percent / 100))
    if percent >= 100 and history.proven > reasons[-1].amount:
        reasons.append(RecommendationReason(PROVEN, history.proven))
    return reasons


def _round_down(amount: Decimal, step: Decimal) -> Decimal:
    """Return the largest multiple of the step that is not above the amount.

    >>> str(_round_down(Decimal("9950.75"), Decimal(100))), str(_round_down(Decimal("0.5"), Decimal("0.01")))
    ('9900', '0.50')
    """
    return (amount / step).quantize(Decimal(1), rounding=ROUND_DOWN) * step if step > 0 else amount
