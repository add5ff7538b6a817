"""A policy's limits for the disputes that customers raise themselves: not for staff, who record what they were told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from ..money import ZERO
from ..portal.allocation import RequestRefused
from .dispute import (
    BELOW_MINIMUM,
    REJECTED_BEFORE,
    TOO_MANY_ON_ITEM,
    TOO_MANY_OPEN,
    WITHDRAWN_BEFORE,
    Disputable,
)


@dataclass(frozen=True, slots=True)
class DisputeRules:
    """A policy's limits for the disputes that customers raise themselves.

    :param open_max: number of open disputes of the customer with which no further one is accepted; 0: no limit
    :param item_open_max: the same for those about one item
    :param minimum: the minimum amount of an item, in its currency; all that is left of an item is always accepted
    :param item_rejected_max: number of disputes in which an item was not granted, or not in full, with which no further
        one is accepted; what the customer withdrew counts from the second time on; 0: no limit
    """

    open_max: int = 0
    item_open_max: int = 0
    minimum: Decimal = ZERO
    item_rejected_max: int = 0


@dataclass(frozen=True, slots=True)
class PastDisputes:
    """The disputes about one item so far.

    :param open: number of those that are not answered yet
    :param refused: number of those in which the item was not granted, or not in full
    :param withdrawn: number of those that the customer withdrew on its page
    """

    open: int = 0
    refused: int = 0
    withdrawn: int = 0


def check_limits(
    disputables: Iterable[Disputable],
    parts: Mapping[int, Decimal],
    rules: DisputeRules,
    open_count: int,
    past: Mapping[int, PastDisputes],
) -> None:
    """Refuse a customer's own dispute that exceeds the policy's limits.

    Who raises a dispute again and again would postpone reminders for ever, whether it is rejected or withdrawn. The
    first withdrawal does not count: it may undo a slip.

    :param parts: {item id: amount to dispute}, see :func:`check`
    :param open_count: number of the customer's open disputes
    :param past: {item id: the disputes about it so far}
    :raise RequestRefused: with one of `LIMITS`

    >>> def refusal(amount, open_count=0, **past):
    ...     rules = DisputeRules(open_max=5, item_open_max=2, minimum=Decimal(1), item_rejected_max=1)
    ...     parts, item = {1: Decimal(amount)}, Disputable(1, "EUR", Decimal(9))
    ...     try:
    ...         check_limits([item], parts, rules, open_count, {1: PastDisputes(**past)})
    ...     except RequestRefused as refused:
    ...         return refused.code
    >>> refusal("0.99"), refusal(1), refusal(9, open_count=5), refusal(9, open=2)
    ('below_minimum', None, 'too_many_open', 'too_many_on_item')
    >>> refusal(9, refused=1), refusal(9, withdrawn=1), refusal(9, withdrawn=2)
    ('rejected_before', None, 'withdrawn_before')
    """
    if code := find_limit(open_count, rules):
        raise RequestRefused(code)
    left = {disputable.item_id: disputable.left for disputable in disputables}
    for item_id, amount in parts.items():
        if code := find_item_limit(past.get(item_id, PastDisputes()), rules):
            raise RequestRefused(code, item_id)
        if amount < min(rules.minimum, left[item_id]):
            raise RequestRefused(BELOW_MINIMUM, item_id)


def find_limit(open_count: int, rules: DisputeRules) -> str | None:
    """Return the code of the limit that a customer with this number of open disputes has reached, or ``None``.

    >>> find_limit(4, DisputeRules(open_max=5)), find_limit(5, DisputeRules(open_max=5)), find_limit(5, DisputeRules())
    (None, 'too_many_open', None)
    """
    return TOO_MANY_OPEN if rules.open_max and open_count >= rules.open_max else None


def find_item_limit(about: PastDisputes, rules: DisputeRules) -> str | None:
    """Return the code of the limit that the disputes about an item have reached, or ``None``.

    >>> find_item_limit(PastDisputes(open=1), DisputeRules(item_open_max=1, item_rejected_max=1))
    'too_many_on_item'
    """
    if rules.item_open_max and about.open >= rules.item_open_max:
        return TOO_MANY_ON_ITEM
    if rules.item_rejected_max and about.refused >= rules.item_rejected_max:
        return REJECTED_BEFORE
    if rules.item_rejected_max and about.refused + max(about.withdrawn - 1, 0) >= rules.item_rejected_max:
        return WITHDRAWN_BEFORE
    return None
