"""Which open items may be handed to a collection agency, and why the others may not yet."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .. import decision as codes
from ..facts import OpenItem
from ..money import ZERO

# --- Why an item is not handed over yet ---
NOT_DUE = "not_due"

TOO_EARLY = "too_early"

TOO_SMALL = "too_small"

#: The last step of the reminder schedule was not sent yet.
STEPS_LEFT = "steps_left"

#: The time that the last reminder gave to answer has not passed.
DEADLINE_RUNS = "deadline_runs"

#: All of it is disputed, promised, in a plan, being paid, placed or excluded.
HELD = "held"

#: It could not be claimed in court any more.
LAPSED = "lapsed"

# --- Why an item is handed over ---
ALL_STEPS_SENT = "all_steps_sent"

#: The limitation date is near: neither days nor steps count then.
LIMITATION_NEAR = "limitation_near"

#: These of a customer's or our own decisions end a hand-over, even near the limitation date.
HOLDING_CODES = (*codes.AGREED_CODES, codes.EXCLUDED, codes.BEFORE_CUTOFF, codes.SMALL_DIFFERENCE)


@dataclass(frozen=True, slots=True)
class EligibilityRules:
    """The policy's settings.

    :param minimum_days: number of days after the due date
    :param minimum_amount: of a customer's items together, in company currency
    :param last_step_days: the days of the schedule's last step; ``None``: the steps do not count
    :param answer_days: number of days that the last reminder gives to answer
    :param near_days: so many days before the limitation date neither days nor steps count
    """

    minimum_days: int = 90
    minimum_amount: Decimal = ZERO
    last_step_days: int | None = None
    answer_days: int = 14
    near_days: int = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether an item may be handed over.

    :param code: of this module
    :param amount: what is free to be handed over, in the item's currency; zero where it may not
    """

    code: str
    amount: Decimal = ZERO

    @property
    def is_eligible(self) -> bool:
        return self.code in (ALL_STEPS_SENT, LIMITATION_NEAR)


def answer_deadline(item: OpenItem, rules: EligibilityRules, demanded: date | None = None) -> date | None:
    """Return until when the customer may answer the last reminder; ``None`` where the last step was not sent.

    A step that was sent when the schedule had fewer steps counts by its days. A final demand names its own last day.

    :param demanded: the last day to answer the final demand about the item
    """
    if rules.last_step_days is None:
        return demanded
    sent = [step.day for step in item.sent_steps if step.days >= rules.last_step_days]
    if not sent:
        return None
    return demanded or max(sent) + timedelta(days=rules.answer_days)


def evaluate(
    item: OpenItem, rules: EligibilityRules, limit: date | None, today: date, demanded: date | None = None
) -> Answer:
    """Return whether an item may be handed over today; the minimum amount is checked by :func:`select`.

    :param limit: the limitation date, where it is known
    :param demanded: the last day to answer the final demand about the item, where there was one
    """
    held = sum((part.amount for part in item.exclusions if part.code in HOLDING_CODES), ZERO)
    free = max(item.residual_currency - held, ZERO)
    if item.due_date >= today:
        return Answer(NOT_DUE)
    if free <= ZERO:
        return Answer(HELD)
    if limit is not None and limit < today:
        return Answer(LAPSED)
    if limit is not None and limit <= today + timedelta(days=rules.near_days):
        return Answer(LIMITATION_NEAR, free)
    if (today - item.due_date).days < rules.minimum_days:
        return Answer(TOO_EARLY)
    deadline = answer_deadline(item, rules, demanded)
    if rules.last_step_days is not None and deadline is None:
        return Answer(STEPS_LEFT)
    if deadline is not None and today <= deadline:
        return Answer(DEADLINE_RUNS)
    return Answer(ALL_STEPS_SENT, free)


def select(
    items: Collection[OpenItem],
    rules: EligibilityRules,
    limits: dict[int, date],
    today: date,
    demanded: dict[int, date] | None = None,
) -> dict[int, Answer]:
    """Return {item id: answer} for a customer's items of one currency; too small a sum is not handed over.

    :param limits: {item id: limitation date}, where it is known
    :param demanded: {item id: last day to answer the final demand}, where there was one
    """
    until = demanded or {}
    found = {
        item.item_id: evaluate(item, rules, limits.get(item.item_id), today, until.get(item.item_id)) for item in items
    }
    booked = sum(
        (
            item.residual * found[item.item_id].amount / item.residual_currency
            for item in items
            if found[item.item_id].is_eligible
        ),
        ZERO,
    )
    if booked < rules.minimum_amount:
        return {key: Answer(TOO_SMALL) if answer.is_eligible else answer for key, answer in found.items()}
    return found
