"""A step that a person sends before its day; what holds today holds for it, only the day of the schedule does not."""

from datetime import date

from ..communications.contact_rules import customer_code
from ..decision import NO_CONTACT, Decision
from ..facts import AccountFacts, Rules
from .decide import decide
from .steps import next_step


def early_day(facts: AccountFacts, rules: Rules, today: date) -> date | None:
    """Return the first day after today on which a step of an item is due that may be requested, ``None``: no step is.

    >>> from decimal import Decimal
    >>> from ..facts import Exclusion, OpenItem, Step
    >>> rules = Rules(steps=(Step(1, 3), Step(2, 10)))
    >>> item = OpenItem(1, date(2026, 6, 1), "EUR", Decimal(9), Decimal(9))
    >>> str(early_day(AccountFacts(9, items=(item,)), rules, date(2026, 6, 2)))
    '2026-06-04'
    >>> promised = OpenItem(1, date(2026, 6, 1), "EUR", Decimal(9), Decimal(9),
    ...                     exclusions=(Exclusion("promise_open", Decimal(9), date(2026, 6, 3)),))
    >>> early_day(AccountFacts(9, items=(promised,)), rules, date(2026, 6, 2))
    """
    items = (item for item in (*facts.items, *facts.installments) if item.chaseable_currency > 0)
    found = (next_step(item, rules, today, facts.resumed_on) for item in items)
    return min((step[0] for step in found if step and step[0] > today), default=None)


def decide_early(facts: AccountFacts, rules: Rules, decision: Decision, today: date, day: date) -> Decision:
    """Return the decision with the steps that are due on a later day, from the facts of today.

    What is promised, disputed or paused today is not asked for, although that may have ended on the later day.

    :param decision: the one of today, which is returned where the customer may not be contacted at all
    """
    if day <= today:
        return decision
    if code := customer_code(facts, today):
        return Decision(NO_CONTACT, code)
    return decide(facts, rules, day)
