"""What each rule of a credit policy finds in the facts about a customer."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from ..money import ZERO, percentage
from .insurance import STOPPING_GAPS
from .limit import AMOUNT, NEGATIVE, NOT_A_NUMBER, CreditRefused, Limit, excess, utilization
from .rules import (
    BROKEN_PLAN,
    BROKEN_PROMISE,
    CHARGEBACK,
    INSURANCE_EXPIRED,
    LIMIT_EXPIRED,
    LIMIT_USED,
    NO_THRESHOLD,
    NOT_INSURED,
    OF_LIMIT,
    OVER_GROUP_LIMIT,
    OVER_LIMIT,
    OVERDUE,
    RETURNED_PAYMENT,
    RISK_CLASS,
    TERMS_TOO_LONG,
    UNKNOWN_RULE,
    Broken,
    CreditFacts,
    CreditRule,
    OverdueItem,
    RuleExclusion,
)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a customer has a status: the rule, with the values that exceed its thresholds.

    :param days: with `since` the days up to the evaluation, which grow by themselves
    :param since: the day from which `days` are counted; stored instead of them, so that nothing is written because a
        day has passed
    :param detail: codes: the class, or why the insurance does not cover; of payment terms that are too long the class
        and the number of days that it may have
    :param until: the day on which it ends by itself, where that is known
    :param exclusion: what lifts it; it then has no effect
    """

    code: str
    status: str
    days: int | None = None
    amount: Decimal | None = None
    percent: Decimal | None = None
    count: int | None = None
    detail: tuple[str, ...] = ()
    until: date | None = None
    exclusion: RuleExclusion | None = None
    since: date | None = None

    def on(self, day: date) -> "Reason":
        """Return the reason as it reads on a day.

        >>> Reason(OVERDUE, "hold", days=61, since=date(2026, 4, 1)).on(date(2026, 6, 2)).days
        62
        """
        return self if self.since is None else replace(self, days=max((day - self.since).days, 0))


def net_overdue(items: Iterable[OverdueItem], credits: Decimal) -> tuple[OverdueItem, ...]:
    """Return what is overdue less the customer's open credits, which cover the oldest items first.

    Who has paid, but whose payment is not matched yet, is not held.

    >>> items = (OverdueItem(10, Decimal(300)), OverdueItem(90, Decimal(200)))
    >>> [(item.days, str(item.amount)) for item in net_overdue(items, Decimal(250))]
    [(10, '250')]
    """
    left = []
    for item in sorted(items, key=lambda item: -item.days):
        used = min(item.amount, credits)
        credits -= used
        if item.amount > used:
            left.append(replace(item, amount=item.amount - used))
    return tuple(left)


def find_reason(rule: CreditRule, facts: CreditFacts, today: date) -> Reason | Broken | None:
    """Return the reason that a rule gives, ``None`` where it does not hold, or why it cannot be evaluated."""
    evaluator = _EVALUATORS.get(rule.code)
    if evaluator is None:
        return Broken(rule.code, UNKNOWN_RULE)
    if _lacks_threshold(rule):
        return Broken(rule.code, NO_THRESHOLD)
    try:
        return evaluator(rule, facts, today)
    except ArithmeticError:  # amounts that are no numbers cannot be compared
        return Broken(rule.code, NOT_A_NUMBER)


def check_rule(rule: CreditRule) -> None:
    """Refuse a rule that could not be evaluated, when it is entered.

    :raise CreditRefused: ``UNKNOWN_RULE``, ``NO_THRESHOLD``, ``NOT_A_NUMBER`` or ``NEGATIVE``
    """
    if rule.code not in _EVALUATORS:
        raise CreditRefused(UNKNOWN_RULE)
    if _lacks_threshold(rule):
        raise CreditRefused(NO_THRESHOLD)
    for value in (rule.days, rule.amount, rule.percent):
        if value is not None and not Decimal(value).is_finite():
            raise CreditRefused(NOT_A_NUMBER)
        if value is not None and value < 0:
            raise CreditRefused(NEGATIVE)


def _lacks_threshold(rule: CreditRule) -> bool:
    """Return whether a rule is incomplete, so that it would hold everybody or nobody."""
    needed = {
        OVERDUE: (rule.days, rule.amount, rule.percent),
        LIMIT_USED: (rule.percent,),
        RISK_CLASS: (rule.classes or None,),
        TERMS_TOO_LONG: (rule.terms or None,),
    }.get(rule.code, (rule.code,))
    return rule.count < 1 or all(value is None for value in needed)


def _is_exceeded(rule: CreditRule, exceeded: dict[str, bool]) -> bool:
    """Return whether the thresholds of a rule are exceeded: all that are set, or any; without one, it always holds.

    :param exceeded: {threshold: whether it is exceeded}
    """
    checks = [over for name, over in exceeded.items() if getattr(rule, name) is not None]
    return not checks or (all(checks) if rule.needs_all else any(checks))


def _over_limit(rule: CreditRule, facts: CreditFacts, _today: date) -> Reason | None:
    return _over(rule, facts.limit, excess(facts.limit, facts.exposure))


def _over_group_limit(rule: CreditRule, facts: CreditFacts, _today: date) -> Reason | None:
    if facts.group is None:
        return None
    return _over(rule, facts.group.limit, excess(facts.group.limit, facts.exposure, facts.group.others))


def _over(rule: CreditRule, limit: Limit, over: Decimal) -> Reason | None:
    """Return the reason for an exposure that is over the limit by this amount, if by more than the rule allows."""
    if over <= 0:
        return None
    exceeded = {
        "amount": rule.amount is not None and over > rule.amount,
        # nothing is a percentage of a limit of zero
        "percent": rule.percent is not None and over * 100 > rule.percent * limit.ceiling,
    }
    percent = percentage(over, limit.ceiling) if limit.kind == AMOUNT else None
    return Reason(rule.code, rule.status, amount=over, percent=percent) if _is_exceeded(rule, exceeded) else None


def _limit_used(rule: CreditRule, facts: CreditFacts, _today: date) -> Reason | None:
    used = utilization(facts.limit, facts.exposure)
    if used is None or facts.exposure * 100 <= rule.percent * facts.limit.amount:
        return None
    return Reason(rule.code, rule.status, percent=used)


def _limit_expired(rule: CreditRule, facts: CreditFacts, today: date) -> Reason | None:
    return _expired(rule, facts.limit_until, today)


def _insurance_expired(rule: CreditRule, facts: CreditFacts, today: date) -> Reason | None:
    return _expired(rule, facts.insured_until, today)


def _expired(rule: CreditRule, until: date | None, today: date) -> Reason | None:
    """Return the reason for something that ended, after the days of grace."""
    days = (today - until).days if until is not None else 0
    return Reason(rule.code, rule.status, days=days, since=until) if days > (rule.days or 0) else None


def _not_insured(rule: CreditRule, facts: CreditFacts, _today: date) -> Reason | None:
    gaps = tuple(gap for gap in facts.gaps if gap in STOPPING_GAPS)
    return Reason(rule.code, rule.status, detail=gaps) if gaps else None


def _overdue(rule: CreditRule, facts: CreditFacts, today: date) -> Reason | None:
    """Return the reason for what is overdue.

    Where days and amount must both be exceeded, the amount is that of the items that are late by more than the days.
    """
    items = net_overdue(facts.overdue, facts.credits)
    if rule.needs_all and rule.days is not None:
        items = tuple(item for item in items if item.days > rule.days)
    if not items:
        return None
    days, amount = max(item.days for item in items), sum((item.amount for item in items), ZERO)
    whole = facts.limit.ceiling if rule.percent_of == OF_LIMIT else facts.receivables - facts.credits
    exceeded = {
        "days": rule.days is not None and days > rule.days,
        "amount": rule.amount is not None and amount > rule.amount,
        # without a limit there is nothing to exceed
        "percent": rule.percent is not None and whole is not None and amount * 100 > rule.percent * whole,
    }
    if not _is_exceeded(rule, exceeded):
        return None
    percent = percentage(amount, whole) if whole else None
    since = today - timedelta(days=days)
    return Reason(rule.code, rule.status, days=days, amount=amount, percent=percent, since=since)


def _terms(rule: CreditRule, facts: CreditFacts, _today: date) -> Reason | None:
    longest = dict(rule.terms).get(facts.risk_class)
    if longest is None or facts.terms_days is None or facts.terms_days <= longest:
        return None
    return Reason(rule.code, rule.status, days=facts.terms_days, detail=(facts.risk_class, str(longest)))


def _risk_class(rule: CreditRule, facts: CreditFacts, _today: date) -> Reason | None:
    is_named = facts.risk_class in rule.classes
    return Reason(rule.code, rule.status, detail=(facts.risk_class,)) if is_named else None


def _count(rule: CreditRule, facts: CreditFacts, today: date) -> Reason | None:
    """Return the reason for events that happened too often, and the day from which they no longer do."""
    days = sorted((event.day for event in facts.events if event.code == rule.code), reverse=True)
    if rule.days is not None:
        days = [day for day in days if (today - day).days <= rule.days]
    if len(days) < rule.count:
        return None
    until = days[rule.count - 1] + timedelta(days=rule.days + 1) if rule.days is not None else None
    return Reason(rule.code, rule.status, count=len(days), until=until)


_EVALUATORS: dict[str, Callable[[CreditRule, CreditFacts, date], Reason | None]] = {
    OVER_LIMIT: _over_limit,
    OVER_GROUP_LIMIT: _over_group_limit,
    LIMIT_USED: _limit_used,
    LIMIT_EXPIRED: _limit_expired,
    INSURANCE_EXPIRED: _insurance_expired,
    NOT_INSURED: _not_insured,
    OVERDUE: _overdue,
    TERMS_TOO_LONG: _terms,
    RISK_CLASS: _risk_class,
    BROKEN_PROMISE: _count,
    BROKEN_PLAN: _count,
    RETURNED_PAYMENT: _count,
    CHARGEBACK: _count,
}
