"""The credit status of a customer: good, warning or hold, by the rules of its policy, with all reasons.

A rule that cannot be evaluated holds nobody: it is reported. An exclusion lifts its own rule alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from .reasons import Reason, find_reason
from .rules import (
    FORCED,
    GOOD,
    HOLD,
    INSOLVENT,
    MISSING_RATE,
    OVER_LIMIT,
    SCOPES,
    STATUSES,
    Broken,
    CreditFacts,
    CreditRule,
    RuleExclusion,
)


@dataclass(frozen=True, slots=True)
class CreditStatus:
    """A customer's status by the facts of a day.

    :param reasons: what causes it, the most severe first
    :param excluded: reasons that an exclusion lifts
    :param broken: rules that could not be evaluated
    """

    status: str
    reasons: tuple[Reason, ...] = ()
    excluded: tuple[Reason, ...] = ()
    broken: tuple[Broken, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the reasons."""
        return tuple(reason.code for reason in self.reasons)


def evaluate(
    facts: CreditFacts,
    rules: Iterable[CreditRule],
    exclusions: Iterable[RuleExclusion],
    today: date,
    document: str | None = None,
) -> CreditStatus:
    """Return the status of a customer.

    :param rules: of the customer's policy
    :param exclusions: those for the customer, its segment and all, also ended ones
    :param document: the kind of document that is looked at, for rules that are about some kinds alone

    Held from 61 days overdue on; excluded up to 100 days:

    >>> from .rules import CUSTOMER, OVERDUE, OverdueItem
    >>> rules = [CreditRule(OVERDUE, days=61)]
    >>> today, until = date(2026, 6, 10), date(2026, 12, 31)
    >>> exclusion = RuleExclusion(7, OVERDUE, CUSTOMER, "seasonal business", until, days=100)
    >>> def status(days, *exclusions):
    ...     return evaluate(CreditFacts(overdue=(OverdueItem(days, Decimal(500)),)), rules, exclusions, today).status
    >>> status(61), status(62), status(100, exclusion), status(101, exclusion)
    ('good', 'hold', 'good', 'hold')
    """
    found, exclusions = [], tuple(exclusions)
    broken = [*facts.broken, *(Broken(OVER_LIMIT, MISSING_RATE, unknown.currency) for unknown in facts.unknown)]
    unreadable = {problem.code for problem in facts.broken}
    for rule in rules:
        if rule.code in unreadable or (rule.documents and document not in rule.documents):
            continue
        reason = find_reason(rule, facts, today)
        if isinstance(reason, Broken):
            broken.append(reason)
        elif reason is not None:
            found.append(reason)
    active = {scope: [e for e in exclusions if e.scope == scope and today <= e.until] for scope in SCOPES}
    found = [_exclude(reason, active) for reason in found] + _force(facts, today)
    lifted = tuple(reason for reason in found if reason.exclusion is not None)
    reasons = _in_order(reason for reason in found if reason.exclusion is None)
    return CreditStatus(reasons[0].status if reasons else GOOD, reasons, lifted, tuple(dict.fromkeys(broken)))


def _in_order(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Return the reasons, the most severe first; of several rules of one code the most severe alone."""
    by_code = {}
    for reason in sorted(reasons, key=lambda reason: -STATUSES.index(reason.status)):
        by_code.setdefault(reason.code, reason)
    return tuple(by_code.values())


def _force(facts: CreditFacts, today: date) -> list[Reason]:
    """Return the reasons for a hold that are no rules, so that no exclusion lifts them: by a person, and insolvency."""
    found = []
    if facts.insolvent_since is not None:
        found.append(Reason(INSOLVENT, HOLD, detail=(facts.insolvent_since.isoformat(),)))
    if facts.forced is not None and today <= facts.forced.until:
        found.append(Reason(FORCED, HOLD, until=facts.forced.until + timedelta(days=1)))
    return found


def _exclude(reason: Reason, active: dict[str, list[RuleExclusion]]) -> Reason:
    """Return the reason with what lifts it: the exclusions of the narrowest scope that has one for its rule."""
    for scope in SCOPES:
        if named := [exclusion for exclusion in active[scope] if exclusion.code == reason.code]:
            return replace(reason, exclusion=next((e for e in named if _lifts(e, reason)), None))
    return reason


def _lifts(exclusion: RuleExclusion, reason: Reason) -> bool:
    """Return whether an exclusion lifts the reason: none of its limits is exceeded.

    A limit that is no number is none: what is broken holds nobody.
    """
    limits = ((getattr(exclusion, name), getattr(reason, name)) for name in ("days", "amount", "percent", "count"))
    return not any(
        value > limit
        for limit, value in limits
        if limit is not None and value is not None and Decimal(limit).is_finite()
    )
