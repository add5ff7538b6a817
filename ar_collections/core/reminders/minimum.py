"""The policy's minimum amounts: a step with too little outstanding is lowered to the step below."""

from ..customers.credits import set_off
from ..facts import LEDGER, AccountFacts, OpenItem, Rules, Step
from ..money import ZERO, percentage
from .steps import last_sent_step


def lower_below_minimum(
    items: tuple[OpenItem, ...], reached: dict[tuple[str, int], Step | None], facts: AccountFacts, rules: Rules
) -> dict[tuple[str, int], Step | None]:
    """Return the steps, each item's lowered to the highest one whose amount reaches the policy's minimum.

    The amount of a step is the total of the items that have reached it or a later one. With a minimum of 10 and 10 %,
    100 of 1,000 passes; 100 of 1,100 (9.09 %) is lowered to the step below. A step that was sent already is not sent
    again. Installments of a payment plan were agreed individually: no minimum applies to them.

    :param reached: the step that each item has reached, by its key; ``None``: no step is due
    """
    if not (rules.minimum_balance or rules.minimum_share):
        return reached
    items = tuple(item for item in items if item.kind == LEDGER)
    net = sum((item.chaseable for item in items), ZERO) - sum(
        (credit.amount for credit in set_off(items, facts.usable_credits)), ZERO
    )
    balance = sum((item.residual for item in facts.items if item.is_debt), ZERO)
    reached_days = {item.key: _reached_days(item, reached[item.key]) for item in items}
    passing = set()
    for step in rules.steps:
        level = sum((item.chaseable for item in items if reached_days[item.key] >= step.days), ZERO)
        share = percentage(level, balance)
        if min(level, net) >= rules.minimum_balance and share >= rules.minimum_share:
            passing.add(step.step_id)
    return reached | {item.key: _lowered(item, reached[item.key], rules, passing) for item in items}


def _reached_days(item: OpenItem, step: Step | None) -> float:
    """Return the days of the step that the item reaches today, else of the last one sent, else minus infinity."""
    if step is not None:
        return step.days
    last = last_sent_step(item)
    return last.days if last else float("-inf")


def _lowered(item: OpenItem, step: Step | None, rules: Rules, passing: set[int]) -> Step | None:
    """Return the highest step up to ``step`` that passes the minimum and is later than any step sent for the item."""
    if step is None:
        return None
    last = last_sent_step(item)
    floor = last.days if last else float("-inf")
    candidates = [
        candidate
        for candidate in rules.steps
        if floor < candidate.days <= step.days and (candidate.days >= 0 or step.days < 0)
    ]
    return next((candidate for candidate in reversed(candidates) if candidate.step_id in passing), None)
