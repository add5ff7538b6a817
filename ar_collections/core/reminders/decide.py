"""The decision: which message to send to one customer today, or why to send none.

:func:`decide`, read from top to bottom, is the policy of the whole add-on. The same function serves the nightly run,
the check before sending, the preview, the forecast of contacts and the replay of history.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from operator import attrgetter

from .. import decision as codes
from ..communications.contact_rules import customer_code, timing_code
from ..customers.credits import set_off
from ..decision import Decision, ListedItem
from ..facts import LEDGER, NOT_SELECTED, AccountFacts, Credit, OpenItem, Rules, Step
from ..matching.hold import held_until, relevant
from ..money import ZERO, total_by_currency
from .minimum import lower_below_minimum
from .steps import reached_step

#: By which the most severe of several steps is found.
_get_days = attrgetter("days")

#: Why a member of a group is not reminded as a whole; no reason of the account that pays for it, see :mod:`.group`.
WHOLE_CODES = frozenset({codes.PAUSED, codes.ARCHIVED, codes.DELIVERY_UNKNOWN, codes.UNMATCHED_PAYMENT})


def decide(facts: AccountFacts, rules: Rules, today: date) -> Decision:
    """Return what to do with the customer today.

    :param facts: the customer's open items, credits and contacts, read at this moment
    :param rules: the customer's credit policy
    :return: ``send`` or ``review`` with step, items and amounts, or ``no_contact``; always with a reason code.
        ``no_contact`` names the step where only timing or a missing address prevents the message.

    One item, 40 days late, known to the customer from an earlier reminder:

    >>> from ..facts import SentStep
    >>> rules = Rules(steps=(Step(1, 3), Step(2, 10), Step(3, 30)))
    >>> item = OpenItem(1, date(2026, 5, 4), "EUR", Decimal(500), Decimal(500),
    ...                 sent_steps=(SentStep(2, 10, date(2026, 5, 14)),))
    >>> friday = date(2026, 6, 12)
    >>> decision = decide(AccountFacts(9, items=(item,)), rules, friday)
    >>> decision.action, decision.code, decision.step.step_id, decision.amounts_due
    ('send', 'step_reached', 3, (('EUR', Decimal('500')),))

    With a credit note, on the day after a contact, and on a Saturday:

    >>> credit = Credit(2, "EUR", Decimal(500), Decimal(500))
    >>> decide(AccountFacts(9, items=(item,), credits=(credit,)), rules, friday).code
    'covered_by_credit'
    >>> decide(AccountFacts(9, items=(item,), contacts=(friday,)), rules, friday).code
    'too_soon'
    >>> decide(AccountFacts(9, items=(item,)), rules, date(2026, 6, 13)).code
    'not_a_workday'
    """
    late = tuple([item for item in facts.items + facts.installments if item.due_date < today])
    chased = uncovered(late, facts.usable_credits)
    if not chased:
        items = _upcoming_or_late(facts, rules, today, late)
        if not items:
            return _no_contact(codes.NOTHING_DUE)
        if not any(item.chaseable_currency > 0 for item in items):
            return _no_contact(_item_code(items))
        chased = uncovered(items, facts.usable_credits)
        if not chased:
            return _no_contact(codes.COVERED_BY_CREDIT)
    if code := customer_code(facts, today):
        return _no_contact(code)
    if facts.delivery_unknown and not facts.is_manual:
        return _no_contact(codes.DELIVERY_UNKNOWN)
    if not rules.steps and not any(rules.steps_of(item) for item in chased):
        return _no_contact(codes.NO_STEPS)
    reached = {item.key: reached_step(item, rules, today, facts.resumed_on) for item in chased}
    if not any(reached.values()):
        return _no_contact(codes.ALREADY_SENT)
    levels = lower_below_minimum(chased, reached, facts, rules)
    if not any(levels.values()):
        return _no_contact(codes.BELOW_MINIMUM)
    return _message(chased, levels, facts, rules, today)


# === ITEMS TO CONSIDER === #


def _upcoming_or_late(
    facts: AccountFacts, rules: Rules, today: date, late: tuple[OpenItem, ...]
) -> tuple[OpenItem, ...]:
    """Return the items with a notice before their due date, or the late ones, of which no reminder can be sent.

    A customer who is reminded of a late invoice gets no separate courtesy notice of the next one.
    """
    upcoming = (
        *_upcoming(facts.items, rules.steps, today),
        *_upcoming(facts.installments, rules.installment_steps, today),
    )
    return upcoming if any(item.chaseable_currency > 0 for item in upcoming) else late or upcoming


def _upcoming(items: Iterable[OpenItem], steps: tuple[Step, ...], today: date) -> Iterable[OpenItem]:
    """Return the items for which the schedule's first step is due today, on or before their due date."""
    horizon = today - timedelta(days=steps[0].days) if steps else today
    return (item for item in items if today <= item.due_date <= horizon)


def _item_code(items: Iterable[OpenItem]) -> str:
    """Return why the items are excluded: the first code that holds for one of them, see `decision.in_order`."""
    found = {exclusion.code for item in items if not item.has(NOT_SELECTED) for exclusion in item.exclusions}
    if of_items := found - WHOLE_CODES:
        return codes.in_order(of_items)[0]
    return codes.MEMBERS_HELD if found else codes.NOTHING_DUE


def uncovered(items: Iterable[OpenItem], credits: Iterable[Credit]) -> tuple[OpenItem, ...]:
    """Return the items with an amount to request, in currencies in which they exceed their debtor's open credits."""
    open_items = tuple([item for item in items if item.chaseable_currency > 0])
    if not credits:
        return open_items
    amounts_due = _amounts_due(open_items, credits)
    return tuple(item for item in open_items if amounts_due[item.debtor_currency] > 0)


def _amounts_due(items: Iterable[OpenItem], credits: Iterable[Credit]) -> dict[tuple[int | None, str], Decimal]:
    """Return {debtor and currency: amount due} of the items less the credits, see ``OpenItem.debtor_currency``."""
    amounts_due: dict[tuple[int | None, str], Decimal] = {}
    for item in items:
        key = item.debtor_currency
        amounts_due[key] = amounts_due.get(key, ZERO) + item.chaseable_currency
    for credit in credits:
        if credit.debtor_currency in amounts_due:
            amounts_due[credit.debtor_currency] -= credit.amount_currency
    return amounts_due


# === THE MESSAGE === #


def _message(
    items: tuple[OpenItem, ...], levels: dict[int, Step | None], facts: AccountFacts, rules: Rules, today: date
) -> Decision:
    """Return the one message of the day: the most severe step sets its tone, each item is recorded at its own step.

    A step that none of the listed items reaches does not set the tone: it would not be recorded for any item, and so be
    sent again on the next day.

    :param levels: the step of each item, by its key; ``None``: the item is only listed
    """
    tone = max(filter(None, levels.values()), key=_get_days, default=None)
    if tone is None:
        return _no_contact(codes.COVERED_BY_CREDIT if facts.usable_credits else codes.ALREADY_SENT)
    listed = [item for item in items if _is_listed(item, tone, levels[item.key], today)]
    amounts_due = _amounts_due(listed, facts.usable_credits)
    if facts.usable_credits:
        listed = [item for item in listed if amounts_due[item.debtor_currency] > 0]
    if tone not in [levels[item.key] for item in listed]:
        milder = {key: None if step == tone else step for key, step in levels.items()}
        return _message(items, milder, facts, rules, today)
    listed.sort(key=lambda item: (item.due_date, item.key))
    entries = tuple([ListedItem(item, step.step_id if (step := levels[item.key]) else None) for item in listed])
    message = Decision(
        codes.SEND,
        codes.STEP_REACHED,
        tone,
        entries,
        set_off(listed, facts.usable_credits),
        tuple(total_by_currency((key[1], amount) for key, amount in amounts_due.items() if amount > 0).items()),
    )
    return _apply_timing(message, facts, rules, today)


def _is_listed(item: OpenItem, tone: Step, step: Step | None, today: date) -> bool:
    """Return whether the message lists the item.

    An item that is not late is listed only at a step of its own, a late one from the minimum number of days overdue of
    the step that sets the tone.
    """
    if item.due_date >= today:
        return step is not None
    return (today - item.due_date).days >= tone.minimum_days_overdue


def _apply_timing(message: Decision, facts: AccountFacts, rules: Rules, today: date) -> Decision:
    """Return the message, or the decision that it is deferred to another day, lacks an address or needs a review."""
    if facts.unmatched:
        message = _apply_unmatched(message, facts, rules, today)
        if not message.has_message:
            return message
    if timing := timing_code(facts, rules, today):
        return replace(message, action=codes.NO_CONTACT, code=timing)
    if message.step.channel not in facts.channels:
        return replace(message, action=codes.NO_CONTACT, code=codes.NO_ADDRESS)
    if rules.review_above is not None and not facts.is_manual and message.company_total > rules.review_above:
        return replace(message, action=codes.REVIEW, code=codes.NEEDS_REVIEW)
    return message


def _apply_unmatched(message: Decision, facts: AccountFacts, rules: Rules, today: date) -> Decision:
    """Return the message with the money that it names, because it is not matched yet, or the decision that it waits.

    An automatic message waits while money of the customer is not matched; afterwards it names that money.
    """
    item_ids, asked = _named_in(message)
    deducted = {credit.debtor_currency for credit in message.credits}
    # A credit that the message does not deduct, although in a currency it asks for, was paid back.
    open_money = (p for p in facts.unmatched if not p.is_credit or p.debtor_currency not in asked - deducted)
    unmatched = relevant(open_money, item_ids, asked)
    own = [payment for payment in unmatched if payment.member_id is None]  # a member's holds its own items alone
    if not facts.is_manual and (until := held_until(own, rules.unmatched_hold_days, today)):
        return replace(message, action=codes.NO_CONTACT, code=codes.UNMATCHED_PAYMENT, until=until)
    if not rules.mention_unmatched:
        return message
    named = (payment for payment in unmatched if not (payment.is_credit and payment.debtor_currency in deducted))
    return replace(message, unmatched=tuple(named))


def _named_in(message: Decision) -> tuple[set[int], set[tuple[int | None, str]]]:
    """Return the journal items that the message lists, and the debtors and currencies of all its items."""
    items = [entry.item for entry in message.items]
    return {item.item_id for item in items if item.kind == LEDGER}, {item.debtor_currency for item in items}


def _no_contact(code: str) -> Decision:
    """Return the decision not to contact the customer, for the given reason."""
    return Decision(codes.NO_CONTACT, code)
