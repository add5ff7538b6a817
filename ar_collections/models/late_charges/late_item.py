"""The late items of customers with their history, as the database holds them."""

import datetime
from decimal import Decimal
from typing import NamedTuple

from ...core.late_charges.interest import Debt


class LateItem(NamedTuple):
    """A receivable line of an invoice that was not paid in time; amounts in its own currency.

    ``balance`` is its amount in company currency.
    """

    line_id: int
    move_id: int
    name: str
    customer_id: int
    partner_id: int
    policy_id: int
    currency_id: int
    due: datetime.date
    settled_by: str
    amount: Decimal
    residual: Decimal
    balance: Decimal
    #: The share of the item that consists of late charges itself, and bears nothing.
    charge_share: Decimal


class LateFacts(NamedTuple):
    """What the late charge of an item is computed from.

    :param firm: the debt as if no dispute were open
    :param reminded_on: the first day on which the policy's reminder listed the item
    :param is_held: an agreement about the item is open, or an agency has it
    :param charged_until: the last day that bears interest, whatever is open; ``None``: any
    """

    item: LateItem
    debt: Debt
    firm: Debt
    reminded_on: datetime.date | None
    is_held: bool = False
    charged_until: datetime.date | None = None

    def get_last_day(self, day):
        """Return the last day up to a day that bears interest."""
        return min(day, self.charged_until or day)
