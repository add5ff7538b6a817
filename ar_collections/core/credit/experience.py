"""Payment experiences: how late or early a customer's invoices were paid, weighed by their amounts.

The score is the mean of the points of all invoices, not the points of their mean delay: a single very late invoice
cannot be hidden by early ones.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ..money import ZERO
from .scale import PAYDEX, Scale

#: Number of months that count as recent for the weights and for the trend.
RECENT_MONTHS = 3

#: By how many days the last months must differ from those before to be better or worse, and not the same.
TREND_DAYS = 3

BETTER, STEADY, WORSE = "better", "steady", "worse"

#: The weight of a recent experience; an older one counts once.
RECENT_WEIGHT = 2


@dataclass(frozen=True, slots=True)
class PaymentExperience:
    """One paid invoice, or one that is open and late; in company currency.

    An invoice that was paid in parts is one experience for each part, and still one invoice.

    :param days: between due date and payment, below zero: early; of an open one, until today
    :param months_ago: full months since the payment; 0 of an open one
    :param invoice: which invoice it is about; ``None``: one of its own
    """

    amount: Decimal
    days: int
    months_ago: int = 0
    invoice: int | None = None

    @property
    def weight(self) -> Decimal:
        """What it counts: its amount, twice in the last three months."""
        return self.amount * (RECENT_WEIGHT if self.months_ago < RECENT_MONTHS else 1)


def days_beyond_terms(experiences: Iterable[PaymentExperience]) -> Decimal | None:
    """Return the mean delay in days, weighed; ``None``: no experience.

    >>> example = [PaymentExperience(Decimal(amount), days)
    ...            for amount, days in ((10000, 0), (5000, 20), (1000, 60), (4000, -5))]
    >>> str(days_beyond_terms(example)), str(round(PAYDEX.at(days_beyond_terms(example)), 1))
    ('7', '75.3')
    """
    return _mean((experience.weight, Decimal(experience.days)) for experience in experiences)


def payment_points(experiences: Iterable[PaymentExperience], scale: Scale = PAYDEX) -> Decimal | None:
    """Return the mean of the points of all experiences, weighed; ``None``: no experience.

    >>> example = [PaymentExperience(Decimal(amount), days)
    ...            for amount, days in ((10000, 0), (5000, 20), (1000, 60), (4000, -5))]
    >>> str(round(payment_points(example), 1))
    '74.2'
    """
    return _mean((experience.weight, scale.at(Decimal(experience.days))) for experience in experiences)


def trend_days(experiences: Sequence[PaymentExperience]) -> Decimal | None:
    """Return by how many days later the last three months were paid than the months before; below zero: earlier.

    >>> steady, recent = PaymentExperience(Decimal(100), 5, months_ago=7), PaymentExperience(Decimal(900), 12)
    >>> str(trend_days([steady, recent])), trend_days([recent])
    ('7', None)
    """
    recent = [experience for experience in experiences if experience.months_ago < RECENT_MONTHS]
    before = [experience for experience in experiences if experience.months_ago >= RECENT_MONTHS]
    now, then = days_beyond_terms(recent), days_beyond_terms(before)
    return None if now is None or then is None else now - then


def trend_of(days: Decimal | None) -> str | None:
    """Return what a trend in days means; ``None``: not known.

    >>> [trend_of(None if days is None else Decimal(days)) for days in (None, "-3", "2.9", "3")]
    [None, 'better', 'steady', 'worse']
    """
    if days is None:
        return None
    if abs(days) < TREND_DAYS:
        return STEADY
    return WORSE if days > 0 else BETTER


def count_invoices(experiences: Iterable[PaymentExperience]) -> int:
    """Return the number of invoices that the experiences are about.

    >>> parts = [PaymentExperience(Decimal(100), days, invoice=7) for days in (0, 10, 20)]
    >>> count_invoices(parts), count_invoices([*parts, PaymentExperience(Decimal(1), 0)])
    (1, 2)
    """
    known = [experience.invoice for experience in experiences]
    return len(set(known) - {None}) + known.count(None)


def _mean(weighted: Iterable[tuple[Decimal, Decimal]]) -> Decimal | None:
    """Return the weighted mean of (weight, value), ``None`` without any weight."""
    total, weights = ZERO, ZERO
    for weight, value in weighted:
        total += weight * value
        weights += weight
    return total / weights if weights else None
