"""An amount that a payer typed, spread over what is open: oldest first, whoever of the group owes it."""

from collections.abc import Iterable
from decimal import Decimal

from ..money import ZERO
from .allocation import (
    BAD_AMOUNT,
    BELOW_MINIMUM,
    NOTHING_SELECTED,
    PARTIAL_REFUSED,
    PartialRules,
    Payable,
    RequestRefused,
)


def spread(
    payables: Iterable[Payable], amount: Decimal, partial: PartialRules | None = None
) -> tuple[dict[int, Decimal | None], Decimal]:
    """Return what an amount pays, and what is left of it.

    Items are settled one after the other, with their early-payment discount where one is offered; the last one may be
    paid in part. What its debtor's rules do not allow to be paid in part is passed over. What is paid above all of them
    is left, and becomes the payer's credit.

    :param payables: what may be paid, of any customers, all in the currency of the amount
    :param amount: positive, in that currency
    :param partial: rules for part payments of the items that have none of their own
    :return: ({item id: amount, ``None`` for the whole item}, what is left)
    :raise RequestRefused: ``BAD_AMOUNT``, ``PARTIAL_REFUSED`` or ``BELOW_MINIMUM`` where it pays no item as the
        rules want it, or ``NOTHING_SELECTED`` where nothing can be paid

    >>> from datetime import date
    >>> may = Payable(1, date(2026, 5, 1), "EUR", Decimal(300))
    >>> june = Payable(2, date(2026, 6, 1), "EUR", Decimal(100), discounted=Decimal(98))
    >>> spread([june, may], Decimal(350)), spread([june, may], Decimal(400))
    (({1: None, 2: Decimal('50')}, Decimal('0')), ({1: None, 2: None}, Decimal('2')))
    >>> try:
    ...     spread([june], Decimal(0))
    ... except RequestRefused as refused:
    ...     refused.code
    'bad_amount'
    """
    if not amount.is_finite() or amount <= 0:
        raise RequestRefused(BAD_AMOUNT)
    selected: dict[int, Decimal | None] = {}
    left, refusal = amount, NOTHING_SELECTED
    for payable in sorted(payables, key=lambda each: (each.due_date, each.item_id)):
        if left <= 0 or not payable.is_asked_for:
            continue
        if code := _refuse_part(payable, left, payable.partial or partial or PartialRules()):
            refusal = code
            continue
        selected[payable.item_id] = None if left >= payable.settles_for else left
        left -= min(left, payable.settles_for)
    if not selected:
        raise RequestRefused(refusal)
    return selected, max(left, ZERO)


def _refuse_part(payable: Payable, amount: Decimal, rules: PartialRules) -> str | None:
    """Return why an amount may not be paid of the item, ``None``: it may, or settles it."""
    if amount >= payable.settles_for:
        return None
    if not rules.allowed:
        return PARTIAL_REFUSED
    return BELOW_MINIMUM if amount < min(rules.minimum, payable.left) else None
