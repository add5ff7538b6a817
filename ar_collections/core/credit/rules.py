"""The rules of a credit policy, the facts they look at, and the exclusions from single rules; see :mod:`.status`."""

from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal

from ..money import ZERO
from .exposure import UnknownAmount
from .limit import NEGATIVE, NOT_A_NUMBER, CreditRefused, Limit, check_end, check_reason

# --- The status of a customer ---
GOOD, WARNING, HOLD = "good", "warning", "hold"

#: From the mildest to the most severe.
STATUSES = (GOOD, WARNING, HOLD)

# --- The rules ---
#: The exposure is over the limit; amount and percent of the limit are what it may be exceeded by.
OVER_LIMIT = "over_limit"

#: The exposures of a group are over the limit of its parent.
OVER_GROUP_LIMIT = "over_group_limit"

#: More than a percentage of the limit is used.
LIMIT_USED = "limit_used"

LIMIT_EXPIRED = "limit_expired"

INSURANCE_EXPIRED = "insurance_expired"

#: Further deliveries are not covered by the insurance.
NOT_INSURED = "not_insured"

OVERDUE = "overdue"

#: The payment terms are longer than the risk class may have.
TERMS_TOO_LONG = "terms_too_long"

RISK_CLASS = "risk_class"

BROKEN_PROMISE = "broken_promise"

BROKEN_PLAN = "broken_plan"

RETURNED_PAYMENT = "returned_payment"

CHARGEBACK = "chargeback"

#: The rules that may concern customers who have neither a limit nor a history.
FOR_EVERYBODY = (TERMS_TOO_LONG, RISK_CLASS)

# --- Reasons that are no rules of the policy ---
#: A person holds the customer.
FORCED = "forced"

#: The customer is in insolvency proceedings.
INSOLVENT = "insolvent"

#: What caused the hold is gone, but a person has to release it.
READY_TO_RELEASE = "ready_to_release"

#: {rule: the values that its reasons have, and that its thresholds and exclusions may limit}
RULE_VALUES = {
    OVER_LIMIT: ("amount", "percent"),
    OVER_GROUP_LIMIT: ("amount", "percent"),
    LIMIT_USED: ("percent",),
    LIMIT_EXPIRED: ("days",),
    INSURANCE_EXPIRED: ("days",),
    NOT_INSURED: (),
    OVERDUE: ("days", "amount", "percent"),
    TERMS_TOO_LONG: ("days",),
    RISK_CLASS: (),
    BROKEN_PROMISE: ("count",),
    BROKEN_PLAN: ("count",),
    RETURNED_PAYMENT: ("count",),
    CHARGEBACK: ("count",),
}

# --- What a percentage of overdue items is of ---
OF_RECEIVABLES, OF_LIMIT = "receivables", "limit"

# --- For whom an exclusion is made; the first takes precedence ---
CUSTOMER, SEGMENT, ALL = "customer", "segment", "all"

SCOPES = (CUSTOMER, SEGMENT, ALL)

# --- Why a rule cannot be evaluated; an amount that is no number is one of the causes, too ---
#: Its facts could not be read, for instance because a filter is broken.
UNREADABLE = "unreadable"

#: Amounts in a currency without a rate are left out; what is known is evaluated.
MISSING_RATE = "missing_rate"

#: This version does not know the rule.
UNKNOWN_RULE = "unknown_rule"

#: Without a threshold it would hold everybody, or nobody.
NO_THRESHOLD = "no_threshold"

# --- Why an exclusion is refused, besides ``UNKNOWN_RULE`` and the codes of :mod:`.limit` ---
UNKNOWN_SCOPE = "unknown_scope"

#: The rule has no such value, so that the exclusion could never be limited by it.
UNUSED_VALUE = "unused_value"


@dataclass(frozen=True, slots=True)
class CreditRule:
    """One rule of a policy. What equals a threshold passes, what is above it does not.

    There may be several rules of one code, for instance a warning above 30 days overdue and a hold above 60.

    :param status: ``WARNING`` or ``HOLD``
    :param days: threshold of ``OVERDUE``; days of grace of ``LIMIT_EXPIRED`` and ``INSURANCE_EXPIRED``; for what is
        counted, such as broken promises: the number of days for which it counts, ``None``: for ever
    :param count: from this number on it holds
    :param needs_all: of the thresholds that are set, all must be exceeded, otherwise any one
    :param percent_of: for ``OVERDUE``
    :param classes: of ``RISK_CLASS``: the classes that it names
    :param terms: of ``TERMS_TOO_LONG``: (class, longest number of days it may have)
    :param documents: the kinds of documents that it applies to, see :mod:`.effect`; empty: all, and the customer's
        status as well
    """

    code: str
    status: str = HOLD
    days: int | None = None
    amount: Decimal | None = None
    percent: Decimal | None = None
    count: int = 1
    needs_all: bool = True
    percent_of: str = OF_RECEIVABLES
    classes: frozenset[str] = frozenset()
    terms: tuple[tuple[str, int], ...] = ()
    documents: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RuleExclusion:
    """A rule that does not apply to a customer, a segment or all for a time, as long as its values are not exceeded.

    :param code: the one rule that it lifts; all others still apply
    :param reason: why, in words
    :param until: the last day
    :param days: the rule is lifted up to this value; likewise the others; ``None``: whatever the value
    """

    exclusion_id: int
    code: str
    scope: str
    reason: str
    until: date
    days: int | None = None
    amount: Decimal | None = None
    percent: Decimal | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class ForcedHold:
    """A hold by a person. Only a person ends it before its last day."""

    reason: str
    until: date
    user_id: int = 0


@dataclass(frozen=True, slots=True)
class OverdueItem:
    """What is overdue of an item; parts in dispute or promised are left out where the policy says so."""

    days: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Event:
    """A promise or plan that was broken, a payment that came back, or a chargeback.

    :param code: the rule that counts it
    """

    code: str
    day: date


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that cannot be evaluated, or not in full; it holds nobody for that, and is reported as a problem.

    :param code: the rule
    :param cause: ``UNREADABLE``, ``MISSING_RATE``, ``UNKNOWN_RULE``, ``NO_THRESHOLD`` or ``NOT_A_NUMBER``
    :param detail: for staff: the currency without a rate, or the text of an error
    """

    code: str
    cause: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class GroupLimit:
    """The limit of the parent of a group.

    :param others: the exposure of the other members, see :func:`.exposure.group_exposure`
    """

    limit: Limit
    others: Decimal


@dataclass(frozen=True, slots=True)
class CreditFacts:
    """The facts about one customer that its credit status is based on; amounts in company currency.

    :param limit: the one that applies today
    :param limit_until: see :meth:`.limit.LimitTerms.end`; ``None``: no end
    :param exposure: the total; ``unknown`` is what was left out of it because its currency has no rate
    :param receivables: posted open receivables, of which ``OVERDUE`` may be a percentage
    :param credits: open credits, positive: they cover what is overdue longest first
    :param insured_until: the last day of the insurance; ``None``: not insured
    :param gaps: why further deliveries are not covered, see :func:`.insurance.find_gaps`
    :param terms_days: the longest payment terms of the customer, or of the document
    :param events: bounced payments, chargebacks and unsettled debits are empty until something records them
    :param insolvent_since: the opening of insolvency proceedings that are not over
    :param broken: rules whose facts could not be read; they are not evaluated
    """

    limit: Limit = field(default_factory=Limit)
    limit_until: date | None = None
    exposure: Decimal = ZERO
    unknown: tuple[UnknownAmount, ...] = ()
    group: GroupLimit | None = None
    receivables: Decimal = ZERO
    credits: Decimal = ZERO
    overdue: tuple[OverdueItem, ...] = ()
    insured_until: date | None = None
    gaps: tuple[str, ...] = ()
    terms_days: int | None = None
    risk_class: str | None = None
    events: tuple[Event, ...] = ()
    forced: ForcedHold | None = None
    insolvent_since: date | None = None
    broken: tuple[Broken, ...] = ()


def check_exclusion(exclusion: RuleExclusion, today: date) -> None:
    """Refuse an exclusion without reason or end, of a rule that does not exist, or with a value that it does not have.

    :raise CreditRefused: with one of this module's codes or of :mod:`.limit`

    >>> def refusal(**values):
    ...     given = dict(code=OVERDUE, scope=CUSTOMER, reason="seasonal", until=date(2026, 9, 30)) | values
    ...     try:
    ...         check_exclusion(RuleExclusion(1, **given), date(2026, 6, 10))
    ...     except CreditRefused as refused:
    ...         return refused.code
    >>> refusal(days=100), refusal(until=None), refusal(until=date(2026, 6, 9)), refusal(reason=" ")
    (None, 'no_end', 'ended', 'no_reason')
    >>> refusal(code="all"), refusal(count=3), refusal(amount=Decimal("NaN")), refusal(days=-1), refusal(scope="team")
    ('unknown_rule', 'unused_value', 'not_a_number', 'negative', 'unknown_scope')
    """
    if exclusion.code not in RULE_VALUES:
        raise CreditRefused(UNKNOWN_RULE)
    if exclusion.scope not in SCOPES:
        raise CreditRefused(UNKNOWN_SCOPE)
    check_reason(exclusion.reason)
    check_end(exclusion.until, today)
    names = {"days", "amount", "percent", "count"} & {part.name for part in fields(exclusion)}
    for name, value in sorted((name, getattr(exclusion, name)) for name in names):
        if value is not None:
            _check_value(name in RULE_VALUES[exclusion.code], Decimal(value))


def _check_value(is_used: bool, value: Decimal) -> None:
    """Refuse a value of an exclusion that is no number, or that its rule does not have."""
    if not value.is_finite():
        raise CreditRefused(NOT_A_NUMBER)
    if value < 0:
        raise CreditRefused(NEGATIVE)
    if not is_used:
        raise CreditRefused(UNUSED_VALUE)
