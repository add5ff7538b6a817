"""Customer groups: one decision about an account that pays for others, with the items of all of them.

The payer's policy decides when and how the group is reminded, and the payer's contacts count. What keeps an item from
being asked for is read by the account of its debtor, and so are the steps that were sent for it.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

from .. import decision as codes
from ..communications.contact_rules import customer_code
from ..decision import NO_CONTACT, Decision, PlannedContact
from ..facts import LEDGER, AccountFacts, Credit, Exclusion, OpenItem, Rules
from ..matching.hold import held_until, relevant
from ..payments import UnmatchedPayment
from .upcoming import HORIZON_DAYS, after, can_change, forecast

Part = TypeVar("Part", OpenItem, Credit, UnmatchedPayment)

#: What is decided about the group and not about one of its members: the day, the address, the amount, the review.
OF_THE_GROUP = (
    codes.STEP_REACHED, codes.NEEDS_REVIEW, codes.BELOW_MINIMUM, codes.NO_STEPS, codes.TOO_SOON, codes.NOT_A_WORKDAY,
    codes.NO_ADDRESS,
)  # fmt: skip

#: Why a payer is not contacted as a whole, whatever the items are.
STOPS_ALL = (
    codes.PAUSED, codes.EXCLUDED, codes.ARCHIVED, codes.DELIVERY_UNKNOWN, codes.UNMATCHED_PAYMENT, codes.NO_ADDRESS,
)  # fmt: skip


def together(payer: AccountFacts, members: Iterable[AccountFacts], rules: Rules, today: date) -> AccountFacts:
    """Return the facts of the group: the payer's, with the items, credits and installments of its members.

    A member that may not be reminded as a whole, such as a paused one, leaves the payer's message with its items. A
    payment of a member that is not matched yet holds its own items alone; one of the payer holds the message. A payer
    in insolvency proceedings is asked for none of them.

    :param rules: the payer's credit policy

    >>> from decimal import Decimal
    >>> def account(number, **values):
    ...     item = OpenItem(number, date(2026, 5, number), "EUR", Decimal(100), Decimal(100))
    ...     return AccountFacts(number, items=(item,), **values)
    >>> covered = account(2, credits=(Credit(8, "EUR", Decimal(30), Decimal(30)),))
    >>> paused = account(3, paused_until=date(2026, 7, 1))
    >>> group = together(account(1), [covered, paused], Rules(), date(2026, 6, 10))
    >>> [(item.item_id, item.member_id, str(item.chaseable)) for item in group.items]
    [(1, None, '100'), (2, 2, '100'), (3, 3, '0')]
    >>> [(credit.member_id, str(credit.amount)) for credit in group.usable_credits]
    [(2, '30')]
    """
    parts = [_as_member(member, payer, rules, today) for member in members]
    accounts = (payer, *parts)
    return replace(
        payer,
        items=tuple(item for account in accounts for item in account.items),
        credits=tuple(credit for account in accounts for credit in account.credits),
        setoff=tuple(credit for account in accounts for credit in account.usable_credits),
        installments=tuple(item for account in accounts for item in account.installments),
        unmatched=tuple(payment for account in accounts for payment in account.unmatched),
    )


def decision_of_member(own: Decision, of_payer: Decision, payer: AccountFacts) -> Decision:
    """Return the decision about an account that another one pays for: it is not contacted itself.

    The reason is its own one where it has one, such as a dispute; otherwise the payer is asked, or cannot be.

    :param own: the decision about the account's own facts, by the payer's policy
    :param of_payer: the decision about the group
    :param payer: the payer's facts

    >>> def decided(code, code_of_payer):
    ...     own, of_payer = Decision(NO_CONTACT, code), Decision(NO_CONTACT, code_of_payer)
    ...     return decision_of_member(own, of_payer, AccountFacts(1)).code
    >>> decided(codes.DISPUTED, codes.TOO_SOON), decided(codes.TOO_SOON, codes.TOO_SOON)
    ('disputed', 'payer_reminded')
    >>> decided(codes.DISPUTED, codes.PAUSED), decided(codes.TOO_SOON, codes.PAUSED)
    ('disputed', 'payer_held')
    """
    if own.code not in OF_THE_GROUP:
        return Decision(NO_CONTACT, own.code, until=own.until)
    if payer.is_insolvent or of_payer.code in STOPS_ALL:
        until = payer.paused_until if of_payer.code == codes.PAUSED else of_payer.until
        return Decision(NO_CONTACT, codes.PAYER_HELD, until=until)
    return Decision(NO_CONTACT, codes.PAYER_REMINDED)


def members_next(
    facts: AccountFacts, rules: Rules, decision: Decision, today: date, is_todays: bool = False
) -> dict[int, PlannedContact]:
    """Return {member: the payer's next contact that lists an item of it}, provided that nothing is paid.

    Members without such a contact within ``HORIZON_DAYS`` are left out.

    :param facts: of the group, see :func:`together`
    :param decision: today's decision about the payer
    :param is_todays: see :func:`.upcoming.next_contact`
    """
    known = decision if is_todays and not decision.has_message else None
    facts = after(facts, rules, decision, today)
    awaited = {item.member_id for item in facts.items + facts.installments if can_change(item)} - {None}
    found: dict[int, PlannedContact] = {}
    for planned in forecast(facts, rules, today, today + timedelta(days=HORIZON_DAYS), known) if awaited else ():
        for entry in planned.decision.items:
            if entry.item.member_id is not None:
                found.setdefault(entry.item.member_id, planned)
        if awaited <= found.keys():
            break
    return found


def _as_member(member: AccountFacts, payer: AccountFacts, rules: Rules, today: date) -> AccountFacts:
    """Return the account's facts as those of a member of a group, each of its parts with its id."""
    held = (codes.INSOLVENT, None) if payer.is_insolvent else _why_held(member, rules, today)
    known = {_identity(payment) for payment in payer.unmatched}  # a reference to a member's invoice names it there, too
    unmatched = tuple(payment for payment in member.unmatched if _identity(payment) not in known)
    return replace(
        member,
        items=tuple(_as_members_item(item, member, held) for item in member.items),
        installments=tuple(_as_members_item(item, member, held) for item in member.installments),
        credits=_as_members(member.credits, member),
        setoff=_as_members(member.usable_credits, member),
        unmatched=_as_members(unmatched, member),
    )


def _identity(payment: UnmatchedPayment) -> tuple:
    """Return what a payment is recognized by, whoever's it is taken for."""
    return payment.day, payment.currency, payment.amount, payment.entered_at


def _as_members(parts: Collection[Part], member: AccountFacts) -> tuple[Part, ...]:
    return tuple(replace(part, member_id=member.customer_id) for part in parts)


def _as_members_item(item: OpenItem, member: AccountFacts, held: tuple[str, date | None] | None) -> OpenItem:
    """Return the item with its debtor, excluded where the whole account is, and resumed where its pause ended."""
    exclusions = item.exclusions
    if held:
        exclusions = (*exclusions, Exclusion(held[0], item.residual_currency, held[1]))
    resumed = max((day for day in (item.resumed_on, member.resumed_on) if day), default=None)
    return replace(item, member_id=member.customer_id, exclusions=exclusions, resumed_on=resumed)


def _why_held(member: AccountFacts, rules: Rules, today: date) -> tuple[str, date | None] | None:
    """Return why none of the member's items is asked for, and until when that is known; ``None``: they are."""
    if code := customer_code(member, today):
        return code, member.paused_until if code == codes.PAUSED else None
    if member.is_manual:
        return None
    if member.delivery_unknown:
        return codes.DELIVERY_UNKNOWN, None
    if until := held_until(_unmatched_of(member), rules.unmatched_hold_days, today):
        return codes.UNMATCHED_PAYMENT, until
    return None


def _unmatched_of(member: AccountFacts) -> tuple[UnmatchedPayment, ...]:
    """Return the payments of the account that may have been made for its items, as for a message about all of them."""
    owed = {item.debtor_currency for item in member.items if item.is_debt}
    deducted = {credit.debtor_currency for credit in member.usable_credits}
    open_money = (p for p in member.unmatched if not p.is_credit or p.debtor_currency not in owed - deducted)
    return relevant(open_money, {item.item_id for item in member.items if item.kind == LEDGER}, owed)
