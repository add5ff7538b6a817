"""Credit insurance: until when a debt is covered, what has to be done by which day, and what ends the cover.

The insurer's clock runs from the *original* due date. Neither a moved due date nor a payment plan or promise stops it.
After the maximum extension period (MEP, usually two months) further deliveries are not covered.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from ..money import ZERO
from .exposure import INSURED, Security
from .limit import NEGATIVE, NO_END, NOT_A_NUMBER, CreditRefused

# --- What has to be done by a day ---
#: The last day before further deliveries stop being covered: the customer should have paid.
STOP_DELIVERIES = "stop_deliveries"

#: The insurer has to be notified that the customer has not paid.
NOTIFY = "notify"

#: The debt has to be handed over to the insurer's collection.
HAND_OVER = "hand_over"

# --- Why something is not covered ---
EXPIRED = "expired"

#: An invoice is unpaid beyond the maximum extension period, so new deliveries are not covered.
BEYOND_EXTENSION = "beyond_extension"

#: More is owed than the insurer decided; the part above is at our own risk.
ABOVE_INSURED = "above_insured"

#: The credit terms are longer than the policy of the insurer allows.
TERMS_TOO_LONG = "terms_too_long"

#: A limit that nobody applied for ends with negative information or bad experience.
DISCRETIONARY_LAPSED = "discretionary_lapsed"

NOT_NOTIFIED, NOT_HANDED_OVER = "not_notified", "not_handed_over"

#: With these no further delivery is covered. An expired insurance has a rule of its own, with days of grace; what is
#: above the insured amount is at our own risk and counts for the limit.
STOPPING_GAPS = (DISCRETIONARY_LAPSED, NOT_HANDED_OVER, NOT_NOTIFIED, BEYOND_EXTENSION, TERMS_TOO_LONG)


@dataclass(frozen=True, slots=True)
class Insurance:
    """The insurer's decision about one customer, and the terms of the policy.

    :param amount: the decided limit, or the discretionary ("blind") one
    :param until: the last day of the cover
    :param extension_days: the maximum extension period, from the original due date
    :param notify_days: number of days after that period within which the insurer has to be notified
    :param hand_over_days: number of days after that period within which the debt has to be handed over
    :param terms_days_max: the longest credit terms that are covered; 0: any
    :param is_discretionary: the insurer did not decide about this customer
    :param has_bad_experience: negative information about the customer is known
    """

    amount: Decimal
    until: date
    percent: Decimal = Decimal(90)
    extension_days: int = 60
    notify_days: int = 30
    hand_over_days: int = 30
    terms_days_max: int = 0
    is_discretionary: bool = False
    has_bad_experience: bool = False

    def get_security(self, gaps: Collection[str] = ()) -> Security:
        """Return what is deducted from the exposure.

        :param gaps: see :func:`find_gaps`; with some of them no further delivery is covered
        """
        covers_new = not any(gap in STOPPING_GAPS for gap in gaps)
        return Security(INSURED, self.amount, self.until, self.percent, covers_new)


@dataclass(frozen=True, slots=True)
class InsuredItem:
    """An open item that is insured.

    :param original_due_date: the first one: moving it does not count for the insurer
    """

    item_id: int
    original_due_date: date
    residual: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Clock:
    """The insurer's dates for the oldest unpaid item; each is the last day.

    :param notified: the insurer was notified already
    :param handed_over: the debt was handed over already
    """

    original_due_date: date
    extension_end: date
    notify_by: date
    hand_over_by: date
    notified: bool = False
    handed_over: bool = False

    @property
    def deadlines(self) -> tuple[tuple[str, date], ...]:
        """What is still to be done, with its last day."""
        steps = [(STOP_DELIVERIES, self.extension_end)]
        if not self.notified:
            steps.append((NOTIFY, self.notify_by))
        if not self.handed_over:
            steps.append((HAND_OVER, self.hand_over_by))
        return tuple(steps)


def start_clock(
    items: Iterable[InsuredItem], insurance: Insurance, notified: bool = False, handed_over: bool = False
) -> Clock | None:
    """Return the insurer's dates, from the oldest original due date; ``None``: nothing is open.

    >>> insurance = Insurance(Decimal(10000), until=date(2026, 12, 31))
    >>> clock = start_clock([InsuredItem(1, date(2026, 3, 1)), InsuredItem(2, date(2026, 4, 1))], insurance)
    >>> str(clock.extension_end), str(clock.notify_by), str(clock.hand_over_by)
    ('2026-04-30', '2026-05-30', '2026-05-30')
    """
    oldest = min((item.original_due_date for item in items), default=None)
    if oldest is None:
        return None
    end = oldest + timedelta(days=insurance.extension_days)
    notify_by, hand_over_by = (end + timedelta(days=n) for n in (insurance.notify_days, insurance.hand_over_days))
    return Clock(oldest, end, notify_by, hand_over_by, notified, handed_over)


def due_tasks(clock: Clock | None, today: date, lead_days: int) -> tuple[tuple[str, date], ...]:
    """Return what a person has to do now: (code, last day), from ``lead_days`` before the last day on.

    A missed one stays: it is late, but has to be done all the same.

    >>> clock = start_clock([InsuredItem(1, date(2026, 3, 1))], Insurance(Decimal(1), until=date(2026, 12, 31)))
    >>> due_tasks(clock, date(2026, 4, 19), 10), due_tasks(clock, date(2026, 4, 20), 10)
    ((), (('stop_deliveries', datetime.date(2026, 4, 30)),))
    >>> [code for code, _day in due_tasks(clock, date(2026, 5, 20), 10)]
    ['stop_deliveries', 'notify', 'hand_over']
    """
    if clock is None:
        return ()
    return tuple((code, day) for code, day in clock.deadlines if today >= day - timedelta(days=lead_days))


def beyond_cover(
    items: Iterable[InsuredItem], item_ids: Collection[int], last_day: date, insurance: Insurance
) -> date | None:
    """Return the end of the cover that a promise or plan about these items exceeds, ``None``: it is within it.

    A plan or promise beyond the maximum extension period needs the insurer's consent. The same holds for a due date
    that is moved.

    :param item_ids: what the agreement is about
    :param last_day: the day on which the customer would pay the last part

    >>> march = InsuredItem(1, date(2026, 3, 1))
    >>> insurance = Insurance(Decimal(10000), until=date(2026, 12, 31))
    >>> beyond_cover([march], {1}, date(2026, 4, 30), insurance)
    >>> str(beyond_cover([march], {1}, date(2026, 5, 15), insurance))
    '2026-04-30'
    """
    clock = start_clock((item for item in items if item.item_id in item_ids), insurance)
    return clock.extension_end if clock is not None and last_day > clock.extension_end else None


def find_gaps(
    insurance: Insurance, clock: Clock | None, owed: Decimal, terms_days: int, today: date
) -> tuple[str, ...]:
    """Return why a further delivery would not be covered, or what is owed is not: codes, the gravest first.

    :param owed: the insured debt, in company currency
    :param terms_days: the credit terms of the delivery

    >>> insurance = Insurance(Decimal(10000), until=date(2026, 12, 31), terms_days_max=60)
    >>> clock = start_clock([InsuredItem(1, date(2026, 3, 1))], insurance)
    >>> find_gaps(insurance, clock, Decimal(10000), 60, date(2026, 4, 30))
    ()
    >>> find_gaps(insurance, clock, Decimal("10000.01"), 61, date(2026, 5, 1))
    ('beyond_extension', 'terms_too_long', 'above_insured')
    """
    gaps = [
        (EXPIRED, today > insurance.until),
        (DISCRETIONARY_LAPSED, insurance.is_discretionary and insurance.has_bad_experience),
        (NOT_HANDED_OVER, clock is not None and not clock.handed_over and today > clock.hand_over_by),
        (NOT_NOTIFIED, clock is not None and not clock.notified and today > clock.notify_by),
        (BEYOND_EXTENSION, clock is not None and today > clock.extension_end),
        (TERMS_TOO_LONG, bool(insurance.terms_days_max) and terms_days > insurance.terms_days_max),
        (ABOVE_INSURED, owed > insurance.amount),
    ]
    return tuple(code for code, holds in gaps if holds)


def check_insurance(amount: Decimal, until: date | None) -> None:
    """Refuse an insured amount that is no amount, or that has no last day.

    :raise CreditRefused: ``NOT_A_NUMBER``, ``NEGATIVE`` or ``NO_END``
    """
    if not amount.is_finite():
        raise CreditRefused(NOT_A_NUMBER)
    if amount < 0:
        raise CreditRefused(NEGATIVE)
    if amount and until is None:
        raise CreditRefused(NO_END)
