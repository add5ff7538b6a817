"""The features of a customer's behavior that make its score, as values: their scales and weights."""

from dataclasses import dataclass
from decimal import Decimal

from .experience import PaymentExperience, count_invoices, days_beyond_terms, payment_points, trend_days
from .scale import PAYDEX, Scale

# --- The features ---
PAYMENT_DAYS = "payment_days"

LATE_SHARE = "late_share"

WORST_DELAY = "worst_delay"

TREND = "trend"

AGREEMENTS_KEPT = "agreements_kept"

RETURNED_PAYMENTS = "returned_payments"

DISPUTES_REJECTED = "disputes_rejected"

SHORT_PAYMENTS = "short_payments"

UTILIZATION = "utilization"

RELATION_MONTHS = "relation_months"

IDLE_MONTHS = "idle_months"


def _scale(*points: tuple[int, int], is_stepped: bool = False) -> Scale:
    """Return a scale of whole numbers."""
    return Scale(tuple((Decimal(value), Decimal(score)) for value, score in points), is_stepped)


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature of the behavior, with the weight of its points.

    :param scale: the points of each value; of ``PAYMENT_DAYS``, of the days of each invoice
    """

    code: str
    weight: int
    scale: Scale = PAYDEX


#: The features as delivered, with weights that add up to 100; a company may change them. The units of the values are
#: those of :class:`Behavior`. What is good about a customer must not hide that it always pays very late.
FEATURES = (
    Feature(PAYMENT_DAYS, 60),
    Feature(LATE_SHARE, 10, _scale((10, 100), (60, 50), (100, 0), is_stepped=True)),
    Feature(WORST_DELAY, 5),
    Feature(TREND, 5, _scale((-15, 100), (0, 80), (15, 50), (30, 0))),
    Feature(AGREEMENTS_KEPT, 5, _scale((0, 0), (50, 30), (100, 100))),
    Feature(RETURNED_PAYMENTS, 5, _scale((0, 100), (1, 40), (3, 0))),
    Feature(DISPUTES_REJECTED, 2, _scale((0, 100), (3, 40), (6, 0))),
    Feature(SHORT_PAYMENTS, 2, _scale((0, 100), (3, 50), (6, 0))),
    Feature(UTILIZATION, 3, _scale((50, 100), (80, 80), (100, 50), (120, 0))),
    Feature(RELATION_MONTHS, 2, _scale((0, 30), (12, 60), (60, 100))),
    Feature(IDLE_MONTHS, 1, _scale((3, 100), (12, 50), (24, 30))),
)


@dataclass(frozen=True, slots=True)
class Behavior:
    """A customer's behavior in the last twelve months; ``None``: not known, so it does not count.

    :param experiences: paid invoices and open ones that are late; :mod:`.experience` weighs recent ones heavier
    :param agreements_kept: percent of the promises and installments that are decided
    :param returned_payments: number of payments that came back or were declined
    :param disputes_rejected: number of disputes that turned out to be unfounded; those that were granted are our fault
    :param short_payments: number of payments below what was due, without an agreement
    :param utilization: percent of the limit that is used
    :param relation_months: since the first invoice
    :param idle_months: since the last order or invoice
    """

    experiences: tuple[PaymentExperience, ...] = ()
    agreements_kept: Decimal | None = None
    returned_payments: int | None = None
    disputes_rejected: int | None = None
    short_payments: int | None = None
    utilization: Decimal | None = None
    relation_months: int | None = None
    idle_months: int | None = None

    def value(self, code: str) -> Decimal | None:
        """Return the value of a feature, ``None`` where it, or the feature, is not known."""
        if code in (PAYMENT_DAYS, LATE_SHARE, WORST_DELAY, TREND):
            return self._payment_value(code)
        value = getattr(self, code, None)
        return None if value is None else Decimal(value)

    def points(self, feature: Feature, value: Decimal) -> Decimal:
        """Return the points of a feature that is known.

        :param value: see :meth:`value`
        """
        is_mean = feature.code == PAYMENT_DAYS
        return payment_points(self.experiences, feature.scale) if is_mean else feature.scale.at(value)

    def _payment_value(self, code: str) -> Decimal | None:
        """Return the value of a feature that comes from the payments."""
        if not self.experiences:
            return None
        if code == PAYMENT_DAYS:
            return days_beyond_terms(self.experiences)
        if code == TREND:
            return trend_days(self.experiences)
        if code == WORST_DELAY:
            return Decimal(max(experience.days for experience in self.experiences))
        late = count_invoices(experience for experience in self.experiences if experience.days > 0)
        return Decimal(late) * 100 / count_invoices(self.experiences)
