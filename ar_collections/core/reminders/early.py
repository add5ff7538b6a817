"""A step that a person sends before its day; what holds today holds for it, only the day of the schedule does not."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from ..communications.contact_rules import customer_code
from ..decision import NO_CONTACT, Decision
from ..facts import AccountFacts, OpenItem, Rules
from .decide import decide
from .steps import next_step, reached_step


def early_day(facts: AccountFacts, rules: Rules, today: date) -> date | None:
    """Return the first day after today on which a step of an item is due that may be requested, ``None``: no step is.

    A step after the due date is sent early for items that are late today; of others, only a notice before it.

    >>> from decimal import Decimal
    >>> from ..facts import Exclusion, OpenItem, Step
    >>> rules = Rules(steps=(Step(1, 3), Step(2, 10)))
    >>> item = OpenItem(1, date(2026, 6, 1), "EUR", Decimal(9), Decimal(9))
    >>> str(early_day(AccountFacts(9, items=(item,)), rules, date(2026, 6, 2)))
    '2026-06-04'
    >>> promised = OpenItem(1, date(2026, 6, 1), "EUR", Decimal(9), Decimal(9),
    ...                     exclusions=(Exclusion("promise_open", Decimal(9), date(2026, 6, 3)),))
    >>> early_day(AccountFacts(9, items=(promised,)), rules, date(2026, 6, 2))
    >>> august = OpenItem(1, date(2026, 8, 3), "EUR", Decimal(9), Decimal(9))
    >>> early_day(AccountFacts(9, items=(august,)), rules, date(2026, 6, 2))
    >>> str(early_day(AccountFacts(9, items=(august,)), Rules(steps=(Step(1, -5), Step(2, 3))), date(2026, 6, 2)))
    '2026-07-29'
    """
    items = [item for item in (*facts.items, *facts.installments) if item.chaseable_currency > 0]
    late = [item for item in items if item.due_date < today]
    found = [(item, next_step(item, rules, today, facts.resumed_on)) for item in late or items]
    days = (step[0] for item, step in found if step and (item.due_date < today or step[1].days <= 0))
    return min((day for day in days if day > today), default=None)


def decide_early(facts: AccountFacts, rules: Rules, decision: Decision, today: date, day: date) -> Decision:
    """Return the decision with the steps that are due on a later day, from the facts of today.

    What is promised, disputed or paused today is not asked for, although that may have ended on the later day. What is
    not late today is no debt to be reminded of either: of such an item only a notice before its due date is sent.

    :param decision: the one of today, which is returned where the customer may not be contacted at all
    """
    if day <= today:
        return decision
    if code := customer_code(facts, today):
        return Decision(NO_CONTACT, code)
    items, installments = (
        tuple(_held_back(kind, facts, rules, today, day)) for kind in (facts.items, facts.installments)
    )
    return decide(replace(facts, items=items, installments=installments), rules, day)


def _held_back(
    items: Iterable[OpenItem], facts: AccountFacts, rules: Rules, today: date, day: date
) -> Iterable[OpenItem]:
    """Yield the items; those that would be late on the day, but are not today, are fully excluded.

    They stay in the account, so that a policy's minimum share is still calculated from the whole balance.
    """
    for item in items:
        step = reached_step(item, rules, day, facts.resumed_on)
        if item.due_date < today or (step is not None and step.days <= 0):
            yield item
        else:
            yield item.left_out()
