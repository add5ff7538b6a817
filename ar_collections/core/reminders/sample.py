"""What one step of a schedule would say to a customer: for a preview, nothing is sent by it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from .. import decision as codes
from ..decision import Decision, ListedItem
from ..facts import AccountFacts, OpenItem, Rules, Step
from .decide import decide


def sample(facts: AccountFacts, rules: Rules, step: Step, today: date) -> Decision:
    """Return the decision as if the customer got this step today, whatever was sent before and whatever else is due.

    It is :func:`decide` with this step as the only one. As for a message that a person requests, contact limits,
    working days and reviews do not count; a missing address does not either, so that the text can be read. Pauses,
    disputes, credits and minimum amounts count as ever.

    :return: no item is recorded at the step, so that a preview never collides with a step that was sent

    Sixty days late and reminded of it a month ago; a reminder at day 3 lists it, one at day 90 does not exist for it:

    >>> from decimal import Decimal
    >>> from ..facts import SentStep
    >>> item = OpenItem(1, date(2026, 4, 11), "EUR", Decimal(500), Decimal(500),
    ...                 sent_steps=(SentStep(8, 30, date(2026, 5, 11)),))
    >>> facts, rules, today = AccountFacts(9, items=(item,)), Rules(steps=(Step(7, 3), Step(8, 30))), date(2026, 6, 10)
    >>> decision = sample(facts, rules, Step(7, 3), today)
    >>> decision.has_message, decision.step.step_id, [entry.step_id for entry in decision.items]
    (True, 7, [None])
    >>> sample(facts, rules, Step(8, 90), today).code
    'already_sent'

    On the day on which it is ninety days late:

    >>> sample(facts, rules, Step(8, 90), first_day(facts.items, Step(8, 90), today)).has_message
    True
    """
    asked = replace(
        facts,
        items=tuple(_unsent(facts.items)),
        installments=tuple(_unsent(facts.installments)),
        contacts=(),
        channels=facts.channels | {step.channel},
        automatic_today=False,
        is_manual=True,
    )
    decision = decide(asked, _only(rules, step, bool(facts.installments)), today)
    listed = tuple(ListedItem(entry.item, None) for entry in decision.items)
    return replace(decision, items=listed)


def first_day(items: Iterable[OpenItem], step: Step, today: date) -> date | None:
    """Return the first day from today on which one of the items reaches the step; None where none ever does.

    A step before the due date is reached from its day until the due date, a later one from its day on.

    >>> from decimal import Decimal
    >>> item = OpenItem(1, date(2026, 6, 20), "EUR", Decimal(5), Decimal(5))
    >>> [str(first_day([item], Step(1, days), date(2026, 6, 18))) for days in (-5, -1, 0, 10)]
    ['2026-06-18', '2026-06-19', '2026-06-20', '2026-06-30']
    >>> first_day([item], Step(1, -5), date(2026, 6, 21))
    """
    reached = [
        max(today, item.due_date + timedelta(days=step.days))
        for item in items
        if item.chaseable_currency > 0 and (step.days > 0 or item.due_date >= today)
    ]
    return min(reached, default=None)


def is_nothing_reached(decision: Decision) -> bool:
    """Return whether no item reaches the step on the day, as opposed to a reason that excludes the customer."""
    return decision.code in (codes.NOTHING_DUE, codes.ALREADY_SENT)


def _unsent(items: Iterable[OpenItem]) -> Iterable[OpenItem]:
    """Return the items as if no step had been sent for them."""
    return (replace(item, sent_steps=(), resumed_on=None, returned_on=None) for item in items)


def _only(rules: Rules, step: Step, has_installments: bool) -> Rules:
    """Return the rules with this step alone, for installments where their schedule holds it.

    Where a customer has no payment plan, a step of installments is shown with its invoices.
    """
    of_plans = step.step_id in {each.step_id for each in rules.installment_steps}
    of_invoices = step.step_id in {each.step_id for each in rules.steps}
    if of_plans and has_installments and not of_invoices:
        return replace(rules, steps=(), installment_steps=(step,), entry_step_id=None)
    return replace(rules, steps=(step,), installment_steps=(), entry_step_id=None)
