"""How much an automatic payment of an installment may take, and for which items of the plan."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from ..agreements.settlement import open_part
from ..money import ZERO
from ..plans.plan import fill


@dataclass(frozen=True, slots=True)
class PlanItem:
    """An open item under a plan, in its currency.

    :param planned: the part of it that is under the plan
    :param before: its residual when the plan was agreed
    :param residual: its residual now
    :param pending: the amount of payments that are not booked yet, or reported by the customer
    :param disputed: what the customer contests now, or whose payment is blocked
    """

    line_id: int
    planned: Decimal
    before: Decimal
    residual: Decimal
    pending: Decimal = ZERO
    disputed: Decimal = ZERO

    @property
    def left(self) -> Decimal:
        """What is left to pay of the planned part; pending payments count as paid."""
        return open_part(self.planned, self.before, self.residual - self.pending)

    @property
    def chargeable(self) -> Decimal:
        """What of the planned part may be charged: what is left to pay without what is disputed."""
        return max(min(self.left, self.residual - self.pending - self.disputed), ZERO)


def left_of_installments(amounts: Iterable[Decimal], items: Iterable[PlanItem]) -> list[Decimal]:
    """Return what is left to pay of each installment, oldest first.

    :param amounts: of the installments, oldest first
    :param items: all items of the plan, also those that are paid

    >>> item = PlanItem(1, Decimal(300), Decimal(300), residual=Decimal(250), pending=Decimal(100))
    >>> left_of_installments([Decimal(100), Decimal(100), Decimal(100)], [item])
    [Decimal('0'), Decimal('50'), Decimal('100')]
    """
    amounts = list(amounts)
    paid = sum((item.planned - item.left for item in items), ZERO)
    return [amount - filled for amount, filled in zip(amounts, fill(amounts, paid), strict=True)]


def allocate_charge(amount: Decimal, items: Iterable[PlanItem]) -> dict[int, Decimal]:
    """Return {item id: amount}: a charge allocated to the items in their order, nothing to what is disputed.

    The amounts add up to less than the charge where less can be charged.

    >>> items = [PlanItem(1, Decimal(80), Decimal(80), Decimal(80), disputed=Decimal(30)),
    ...          PlanItem(2, Decimal(90), Decimal(90), Decimal(90))]
    >>> allocate_charge(Decimal(100), items)
    {1: Decimal('50'), 2: Decimal('50')}
    """
    shares = {}
    for item in items:
        part = min(item.chargeable, amount)
        if part > 0:
            shares[item.line_id] = part
            amount -= part
    return shares
