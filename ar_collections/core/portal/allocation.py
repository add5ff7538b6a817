"""What one payment settles: the customer's selection, checked against what is open.

All amounts of one allocation are in one currency. Nothing that the customer submits is trusted: items must be among
the payable ones, amounts between the minimum and what is left.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from ..money import ZERO

# --- Why a selection is refused; the texts are in ``messages/`` ---
NOTHING_SELECTED = "nothing_selected"

UNKNOWN_ITEM = "unknown_item"

MIXED_CURRENCIES = "mixed_currencies"

BAD_AMOUNT = "bad_amount"

TOO_MUCH = "too_much"

PARTIAL_REFUSED = "partial_refused"

BELOW_MINIMUM = "below_minimum"

COVERED_BY_CREDIT = "covered_by_credit"

NOT_COVERED = "not_covered"

#: What was agreed with the customer can no longer be paid: it was paid, withdrawn, or its day has passed.
AGREEMENT_ENDED = "agreement_ended"

#: The account is locked for longer than a customer waits.
BUSY = "busy"


class RequestRefused(Exception):
    """A customer's request is refused: ``code`` is the reason, ``item_id`` the item that caused it, where one did.

    Payments, disputes and uploaded files share it; the code is one of the module that raises it.
    """

    def __init__(self, code: str, item_id: int | None = None):
        super().__init__(code)
        self.code = code
        self.item_id = item_id


@dataclass(frozen=True, slots=True)
class PartialRules:
    """The policy's rules for part payments of an item; the minimum in the item's currency."""

    allowed: bool = True
    minimum: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Payable:
    """An open item that may be paid now.

    :param left: what may still be paid: the residual less pending payments
    :param discounted: the amount that settles the whole item while its early-payment discount is available, or ``None``
    :param credits: ids of the credits that can be set off against it; ``None``: all
    :param is_debt: the customer owes it; what we paid to the customer can be paid back, but nobody asks for it
    :param partial: rules for part payments of another customer of the group; ``None``: those of the payment
    """

    item_id: int
    due_date: date
    currency: str
    left: Decimal
    discounted: Decimal | None = None
    is_debt: bool = True
    credits: frozenset[int] | None = None
    partial: PartialRules | None = None

    @property
    def is_asked_for(self) -> bool:
        """Whether it is part of "pay all": something is left that the customer owes."""
        return self.is_debt and self.left > 0

    @property
    def settles_for(self) -> Decimal:
        """The amount that settles the whole item today."""
        return self.left if self.discounted is None else self.discounted


@dataclass(frozen=True, slots=True)
class PaymentPart:
    """What is allocated to one item.

    :param amount: the cash that is charged
    :param discount: the early-payment discount granted with it
    :param credits: (credit id, amount) of the customer's open credits that are used
    """

    item_id: int
    amount: Decimal
    discount: Decimal = ZERO
    credits: tuple[tuple[int, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class Allocation:
    """One payment: its currency, its total and its parts, oldest due date first.

    :param surplus: what is paid above the parts and becomes the payer's credit
    """

    currency: str
    parts: tuple[PaymentPart, ...]
    surplus: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """The amount to charge, credits and discounts deducted."""
        return sum((part.amount for part in self.parts), self.surplus)


def allocate(
    payables: Iterable[Payable],
    selected: Mapping[int, Decimal | None],
    credits: Mapping[int, Decimal] | None = None,
    partial: PartialRules | None = None,
) -> Allocation:
    """Return what the payment settles, or refuse the selection.

    :param payables: everything the customer may pay, whatever the currency
    :param selected: {item id: amount}, ``None`` for the whole item
    :param credits: {id: amount} of the customer's open credits in the currency; used before cash, oldest item first
    :param partial: the policy's rules for part payments
    :raise RequestRefused: with one of this module's codes

    >>> from datetime import date
    >>> a = Payable(1, date(2026, 5, 1), "EUR", Decimal(300))
    >>> b = Payable(2, date(2026, 6, 1), "EUR", Decimal(100), discounted=Decimal(98))
    >>> allocation = allocate([a, b], {1: Decimal(120), 2: None})
    >>> allocation.total, [(part.item_id, part.amount, part.discount) for part in allocation.parts]
    (Decimal('218'), [(1, Decimal('120'), Decimal('0')), (2, Decimal('98'), Decimal('2'))])
    >>> allocate([a, b], {1: None}, credits={7: Decimal(250)}).parts
    (PaymentPart(item_id=1, amount=Decimal('50'), discount=Decimal('0'), credits=((7, Decimal('250')),)),)
    >>> try:
    ...     allocate([a, b], {3: None})
    ... except RequestRefused as refused:
    ...     refused.code, refused.item_id
    ('unknown_item', 3)
    """
    allocation = _divide(payables, selected, credits, partial)
    if allocation.total <= 0:
        raise RequestRefused(COVERED_BY_CREDIT)
    return allocation


def allocate_at_most(
    payables: Iterable[Payable],
    selected: Mapping[int, Decimal | None],
    most: Decimal,
    credits: Mapping[int, Decimal] | None = None,
    partial: PartialRules | None = None,
) -> Allocation:
    """Return what a payment settles that must not exceed an amount, such as the one that was announced.

    An item with a discount is paid in cash alone. Where that is more than the amount, the credits are used instead of
    the discounts; what is still more is left open of the last items. Other parameters as in :func:`allocate`.

    :param most: positive
    :raise RequestRefused: with one of this module's codes

    Announced with a credit of 50 deducted:

    >>> from datetime import date
    >>> item = Payable(1, date(2026, 5, 1), "EUR", Decimal(100), discounted=Decimal(98))
    >>> allocate_at_most([item], {1: None}, Decimal(50), {7: Decimal(50)}).parts
    (PaymentPart(item_id=1, amount=Decimal('50'), discount=Decimal('0'), credits=((7, Decimal('50')),)),)
    >>> allocate_at_most([item], {1: None}, Decimal(99), {7: Decimal(50)}).total
    Decimal('98')
    """
    payables = tuple(payables)
    allocation = allocate(payables, selected, credits, partial)
    if allocation.total <= most:
        return allocation
    plain = [replace(payable, discounted=None) for payable in payables]
    return _cut(allocate(plain, selected, credits, partial), most)


def allocate_credits(
    payables: Iterable[Payable],
    selected: Mapping[int, Decimal | None],
    credits: Mapping[int, Decimal],
    partial: PartialRules | None = None,
) -> Allocation:
    """Return how credits settle a selection that they cover, so that nothing needs to be paid, or refuse it.

    Parameters as in :func:`allocate`.

    :raise RequestRefused: ``NOT_COVERED`` where something is left to pay, else with one of this module's codes

    >>> from datetime import date
    >>> a = Payable(1, date(2026, 5, 1), "EUR", Decimal(300))
    >>> allocate_credits([a], {1: Decimal(50)}, credits={7: Decimal(200)}).parts
    (PaymentPart(item_id=1, amount=Decimal('0'), discount=Decimal('0'), credits=((7, Decimal('50')),)),)
    """
    allocation = _divide(payables, selected, credits, partial)
    if allocation.total > 0:
        raise RequestRefused(NOT_COVERED)
    return allocation


def _cut(allocation: Allocation, most: Decimal) -> Allocation:
    """Return the allocation with so much less cash for the last items that its total is at most an amount."""
    left, parts = most, []
    for part in allocation.parts:
        cash = min(part.amount, left)
        left -= cash
        if cash > 0 or part.credits:
            parts.append(replace(part, amount=cash))
    return replace(allocation, parts=tuple(parts))


def _divide(payables, selected, credits, partial) -> Allocation:
    """Return the parts of the selection, whatever is left to pay; parameters as in :func:`allocate`.

    :raise RequestRefused: with one of this module's codes
    """
    by_id = {payable.item_id: payable for payable in payables}
    if not selected:
        raise RequestRefused(NOTHING_SELECTED)
    for item_id in selected:
        if item_id not in by_id or by_id[item_id].left <= 0:
            raise RequestRefused(UNKNOWN_ITEM, item_id)
    items = sorted((by_id[item_id] for item_id in selected), key=lambda item: (item.due_date, item.item_id))
    if len({item.currency for item in items}) > 1:
        raise RequestRefused(MIXED_CURRENCIES)
    rules = partial or PartialRules()
    parts = [_part(item, selected[item.item_id], item.partial or rules) for item in items]
    return Allocation(items[0].currency, tuple(_with_credits(parts, credits or {}, by_id)))


def _part(item: Payable, amount: Decimal | None, rules: PartialRules) -> PaymentPart:
    """Return the cash allocated to the item; the discount is granted only where the item is settled.

    :param amount: the requested amount, ``None`` for the whole item
    :raise RequestRefused: with one of this module's codes and the item's id
    """
    if amount is None or amount == item.settles_for:
        return PaymentPart(item.item_id, item.settles_for, item.left - item.settles_for)
    if not amount.is_finite() or amount <= 0:
        raise RequestRefused(BAD_AMOUNT, item.item_id)
    if amount > item.left:
        raise RequestRefused(TOO_MUCH, item.item_id)
    # The discounted amount settles the item: more is no part payment, and no more is charged for it.
    if item.discounted is not None and amount > item.discounted:
        return PaymentPart(item.item_id, item.discounted, item.left - item.discounted)
    if amount < item.left and not rules.allowed:
        raise RequestRefused(PARTIAL_REFUSED, item.item_id)
    if amount < min(rules.minimum, item.left):
        raise RequestRefused(BELOW_MINIMUM, item.item_id)
    return PaymentPart(item.item_id, amount)


def _with_credits(
    parts: Iterable[PaymentPart], credits: Mapping[int, Decimal], payables: Mapping[int, Payable]
) -> Iterable[PaymentPart]:
    """Yield the parts with credits deducted from the cash, oldest item first.

    An item with a discount is paid in cash alone: the discount rewards payment and expires, credits do not.
    """
    open_credits = dict(credits)
    for part in parts:
        used = []
        cash = part.amount
        usable = payables[part.item_id].credits
        for credit_id in open_credits if not part.discount else ():
            if usable is not None and credit_id not in usable:
                continue
            amount = min(open_credits[credit_id], cash)
            if amount > 0:
                used.append((credit_id, amount))
                open_credits[credit_id] -= amount
                cash -= amount
        yield PaymentPart(part.item_id, cash, part.discount, tuple(used))
