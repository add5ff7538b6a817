"""A customer's score from 0 (bad) to 100 (good), from its own behavior, and its risk class from A to E.

Each feature of :mod:`.features` gives points on a scale; the score is the mean of the points, weighted. A feature that
is not known does not count, instead of counting as good or bad.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from ..money import ZERO
from .experience import count_invoices
from .features import FEATURES, TREND, Behavior, Feature
from .limit import CreditRefused, check_end, check_reason

#: The risk classes, the best first.
CLASSES = ("A", "B", "C", "D", "E")

# --- Where a risk class comes from ---
SCORED, NO_HISTORY, OVERRIDDEN = "scored", "no_history", "overridden"

UNKNOWN_CLASS = "unknown_class"

# --- What is wrong with the settings ---
NEGATIVE_WEIGHT, NO_WEIGHT, BANDS_ORDER = "negative_weight", "no_weight", "bands_order"

TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class ScoreRules:
    """How scores are made: a company's settings.

    :param bands: the lowest score of each class but the last one, the best first; 80 and 50 are the limits of low and
        medium risk on the PAYDEX scale
    :param newcomer_class: the class of a customer with payment experiences of fewer than ``experiences_min`` invoices
    """

    features: tuple[Feature, ...] = FEATURES
    bands: tuple[int, ...] = (80, 65, 50, 30)
    newcomer_class: str = "C"
    experiences_min: int = 3


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one feature gives to the score: the reasons of the score.

    :param value: in the unit of the feature: days, percent, a number or months
    :param points: from 0 to 100
    :param gained: how much of the score comes from it; the sum over all features is the score, before rounding
    :param lost: how much it takes away from 100
    """

    code: str
    value: Decimal
    points: Decimal
    gained: Decimal
    lost: Decimal


@dataclass(frozen=True, slots=True)
class Score:
    """A score with its class and reasons.

    :param value: rounded to one decimal, half up, as it is shown; the class follows from it; ``None``: no history
    :param source: ``SCORED``, ``NO_HISTORY`` or ``OVERRIDDEN``
    :param contributions: those that cost most first
    :param trend_days: by how many days later (or, below zero, earlier) the last three months were paid than the nine
        before; ``None``: not known
    """

    value: Decimal | None
    risk_class: str
    source: str
    contributions: tuple[Contribution, ...] = ()
    trend_days: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ClassOverride:
    """A class that a person set, with a reason, until a day."""

    risk_class: str
    reason: str
    until: date


def rate(behavior: Behavior, rules: ScoreRules) -> Score:
    """Return a customer's score.

    >>> from .experience import PaymentExperience
    >>> from .features import PAYMENT_DAYS, RETURNED_PAYMENTS
    >>> experiences = [PaymentExperience(Decimal(amount), days)
    ...                for amount, days in ((10000, 0), (5000, 20), (1000, 60), (4000, -5))]
    >>> features = tuple(replace(f, weight=3) for f in FEATURES if f.code in (PAYMENT_DAYS, RETURNED_PAYMENTS))
    >>> rules = ScoreRules(features)
    >>> score = rate(Behavior(tuple(experiences), returned_payments=1), rules)
    >>> str(score.value), score.risk_class      # the mean of 74.2 and 40
    ('57.1', 'C')
    >>> [(part.code, str(round(part.gained, 1)), str(round(part.lost, 1))) for part in score.contributions]
    [('returned_payments', '20.0', '30.0'), ('payment_days', '37.1', '12.9')]
    >>> rate(Behavior(), rules)
    Score(value=None, risk_class='C', source='no_history', contributions=(), trend_days=None)
    """
    contributions = _contribute(behavior, rules)
    trend = behavior.value(TREND)
    if count_invoices(behavior.experiences) < rules.experiences_min or not contributions:
        return Score(None, rules.newcomer_class, NO_HISTORY, contributions, trend)
    total = sum((part.gained for part in contributions), ZERO)
    value = total.quantize(TENTH, rounding=ROUND_HALF_UP)
    return Score(value, classify(value, rules), SCORED, contributions, trend)


def _contribute(behavior: Behavior, rules: ScoreRules) -> tuple[Contribution, ...]:
    """Return what each known feature gives, those that cost most first."""
    known = []
    for feature in rules.features:
        value = behavior.value(feature.code)
        if value is not None and feature.weight > 0:
            known.append((feature, value, behavior.points(feature, value)))
    weights = sum(feature.weight for feature, _value, _points in known)
    parts = (
        Contribution(
            feature.code,
            value,
            points,
            gained=points * feature.weight / weights,
            lost=(100 - points) * feature.weight / weights,
        )
        for feature, value, points in known
    )
    return tuple(sorted(parts, key=lambda part: -part.lost))


def classify(value: Decimal, rules: ScoreRules) -> str:
    """Return the class of a score; one at the limit of a band belongs to it.

    >>> "".join(classify(Decimal(value), ScoreRules()) for value in ("80", "79.9", "65", "64.9", "50", "30", "29.9"))
    'ABBCCDE'
    """
    bands = zip(CLASSES, rules.bands, strict=False)
    return next((name for name, lowest in bands if value >= lowest), CLASSES[len(rules.bands)])


def override(score: Score, by_person: ClassOverride | None, today: date) -> Score:
    """Return the score with the class that a person set, as long as that holds; value and reasons stay.

    >>> vip = ClassOverride("B", "guarantee of the parent company", date(2026, 12, 31))
    >>> score = Score(Decimal("28.0"), "E", SCORED)
    >>> override(score, vip, date(2026, 12, 31)).risk_class, override(score, vip, date(2027, 1, 1)).risk_class
    ('B', 'E')
    """
    if by_person is None or today > by_person.until:
        return score
    return replace(score, risk_class=by_person.risk_class, source=OVERRIDDEN)


def check_override(risk_class: str, reason: str, until: date | None, today: date) -> None:
    """Refuse an override without class, reason or last day.

    :raise CreditRefused: ``UNKNOWN_CLASS`` or a code of :mod:`.limit`
    """
    if risk_class not in CLASSES:
        raise CreditRefused(UNKNOWN_CLASS)
    check_reason(reason)
    check_end(until, today)


def check_rules(rules: ScoreRules) -> None:
    """Refuse settings by which no score can be made, or no class told from the other.

    >>> check_rules(ScoreRules())
    >>> check_rules(ScoreRules(bands=(80, 80, 50, 30)))
    Traceback (most recent call last):
    ...
    odoo.addons.ar_collections.core.credit.limit.CreditRefused: bands_order

    :raise CreditRefused: ``NEGATIVE_WEIGHT``, ``NO_WEIGHT``, ``BANDS_ORDER`` or ``UNKNOWN_CLASS``
    """
    weights = [feature.weight for feature in rules.features]
    if any(weight < 0 for weight in weights):
        raise CreditRefused(NEGATIVE_WEIGHT)
    if not any(weights):
        raise CreditRefused(NO_WEIGHT)
    if list(rules.bands) != sorted(set(rules.bands), reverse=True) or not all(0 < band <= 100 for band in rules.bands):
        raise CreditRefused(BANDS_ORDER)
    if rules.newcomer_class not in CLASSES:
        raise CreditRefused(UNKNOWN_CLASS)


def is_worse(risk_class: str, other: str) -> bool:
    """Return whether a class is worse than another one.

    >>> is_worse("D", "C"), is_worse("A", "A")
    (True, False)
    """
    return CLASSES.index(risk_class) > CLASSES.index(other)
