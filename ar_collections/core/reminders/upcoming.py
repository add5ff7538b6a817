"""The contacts ahead if nothing is paid: the decision, repeated for the days that follow."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from .. import decision as codes
from ..communications.contact_rules import timing_code
from ..decision import Decision, PlannedContact
from ..facts import AccountFacts, OpenItem, Rules, SentStep
from .decide import decide
from .steps import next_change_day

#: The next contact is searched as far as schedules and exclusions reach, within ten years: what is due after that is
#: due on no real date.
HORIZON_DAYS = 3652


def after(facts: AccountFacts, rules: Rules, decision: Decision, day: date) -> AccountFacts:
    """Return the facts after the decision was executed on ``day``, nothing having been paid."""
    if not decision.has_message:
        return facts
    days = {step.step_id: step.days for step in rules.steps + rules.installment_steps}
    steps = {entry.item.key: entry.step_id for entry in decision.items if entry.step_id is not None}

    def with_sent_steps(items: tuple[OpenItem, ...]) -> tuple[OpenItem, ...]:
        return tuple(
            replace(item, sent_steps=(*item.sent_steps, SentStep(steps[item.key], days[steps[item.key]], day)))
            if item.key in steps
            else item
            for item in items
        )

    updated = replace(facts, items=with_sent_steps(facts.items), installments=with_sent_steps(facts.installments))
    return replace(updated, contacts=(*facts.contacts, day), automatic_today=False, is_manual=False)


def forecast(
    facts: AccountFacts, rules: Rules, today: date, until: date, decision: Decision | None = None
) -> Iterator[PlannedContact]:
    """Yield the contacts after ``today`` up to and including ``until``, in order, provided that nothing is paid.

    A message sent today must be part of the facts, see :func:`after`; one that was not sent follows on the next day.

    :param decision: what :func:`.decide` returned for these facts today, where that is known

    >>> from decimal import Decimal
    >>> from ..facts import OpenItem
    >>> from ..facts import Step
    >>> rules = Rules(steps=(Step(1, 3), Step(2, 10)))
    >>> item = OpenItem(1, date(2026, 5, 6), "EUR", Decimal(500), Decimal(500))
    >>> ahead = forecast(AccountFacts(9, items=(item,)), rules, date(2026, 5, 6), date(2026, 6, 6))
    >>> [(str(planned.day), planned.decision.step.step_id) for planned in ahead]     # 9 and 16 May are Saturdays
    [('2026-05-11', 1), ('2026-05-18', 2)]
    """
    day, decision = today, decision or decide(facts, rules, today)
    if facts.automatic_today or facts.is_manual:
        facts = replace(facts, automatic_today=False, is_manual=False)
    while (day := _next_change(facts, rules, decision, day)) is not None:
        day = _next_allowed(facts, rules, day)
        if day > until:
            return
        facts = _without_expired_exclusions(facts, day)
        decision = decide(facts, rules, day)
        if decision.has_message:
            yield PlannedContact(day, decision)
            facts = after(facts, rules, decision, day)


def next_contact(
    facts: AccountFacts, rules: Rules, decision: Decision, today: date, is_todays: bool = False
) -> PlannedContact | None:
    """Return the next contact after today's decision, or ``None`` without one within ``HORIZON_DAYS``.

    :param is_todays: the decision is what :func:`.decide` returned for these facts today; otherwise the reason not to
        contact may be another one, which the contacts ahead do not depend on
    """
    known = decision if is_todays and not decision.has_message else None
    facts = after(facts, rules, decision, today)
    return next(forecast(facts, rules, today, today + timedelta(days=HORIZON_DAYS), known), None)


def _next_allowed(facts: AccountFacts, rules: Rules, day: date) -> date:
    """Return the first day from ``day`` on with a contact allowed; whatever changes before, nothing is sent until then.

    Limits of contacts end within a month, and a calendar without working days forbids none.
    """
    gap = timedelta(days=rules.minimum_gap_days)
    while timing_code(facts, rules, day):
        after_gap = (contact + gap for contact in facts.contacts if contact <= day)
        day = max((day + timedelta(days=1), *after_gap))
    return day


def _next_change(facts: AccountFacts, rules: Rules, decision: Decision, day: date) -> date | None:
    """Return the next day on which the decision may differ from that of ``day``, or ``None``.

    Days between two changes are left out, so that a long schedule costs no more than a short one.
    """
    if decision.has_message or decision.code == codes.TOO_SOON:
        return day + timedelta(days=1)
    if decision.code == codes.NOT_A_WORKDAY:
        following = rules.calendar.next_workday(day + timedelta(days=1))
        if rules.calendar.is_workday(following):
            return following
    if decision.code == codes.UNMATCHED_PAYMENT and decision.until:
        return decision.until
    if facts.archived or facts.excluded:
        return None
    items = [item for item in facts.items + facts.installments if can_change(item)]
    changes = [next_change_day(item, rules, day) for item in items]
    changes += [exclusion.until for item in items for exclusion in item.exclusions]
    changes.append(facts.paused_until)
    return min((change for change in changes if change and change > day), default=None)


def can_change(item: OpenItem) -> bool:
    """Return whether reminders of the item are possible, now or once an exclusion ends."""
    return item.chaseable_currency > 0 or any(exclusion.until is not None for exclusion in item.exclusions)


def _without_expired_exclusions(facts: AccountFacts, day: date) -> AccountFacts:
    """Return the facts without the exclusions that have expired on that day.

    An item whose promise, reported payment or dispute ends that way resumes on that day, with the rules for re-entry.
    """
    known = facts.items + facts.installments
    if not any(exclusion.until and exclusion.until <= day for item in known for exclusion in item.exclusions):
        return facts
    items, installments = (
        tuple(_without_expired(item, day) for item in kind) for kind in (facts.items, facts.installments)
    )
    return replace(facts, items=items, installments=installments)


def _without_expired(item: OpenItem, day: date) -> OpenItem:
    """Return the item without the exclusions that have expired, see :func:`_without_expired_exclusions`."""
    over = tuple(exclusion for exclusion in item.exclusions if exclusion.until and exclusion.until <= day)
    failed = any(exclusion.code in (codes.PROMISE_OPEN, codes.PAYMENT_REPORTED, codes.DISPUTED) for exclusion in over)
    left = tuple(exclusion for exclusion in item.exclusions if exclusion not in over)
    return replace(item, exclusions=left, resumed_on=day if failed else item.resumed_on)
