"""The late items of customers with their history, as the database holds them."""

import datetime
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from ...core.late_charges.interest import Debt, Interest, sum_balances
from ...core.money import ZERO


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

    :param firm: the debt as if no dispute were open, and without money that nobody has matched yet
    :param reminded_on: the first day on which the policy's reminder listed the item
    :param is_held: an agreement about the item is open, an agency has it, or its payment is blocked
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

    def get_balance_days(self, until):
        """Return the balances of the days up to one, added up, of what is firm, whatever the rules.

        Shares that bear nothing by the rules, such as those of late charges, count.
        """
        share = self.item.amount * self.item.charge_share
        return sum_balances(replace(self.firm, excluded=self.firm.excluded - share), until)


class Owed(NamedTuple):
    """What is owed of the late charge of an item, in its currency.

    :param now: the interest that may be charged: none on what is disputed
    :param firm: the interest of what is firm (see `LateFacts`): what is charged of it stays charged
    :param lump_sum: the lump sum that the item has
    """

    now: Interest
    firm: Interest
    lump_sum: Decimal = ZERO


class Outcome(NamedTuple):
    """What became of a late charge, as floats in its currency; drafts count, canceled documents do not.

    :param charged: what is invoiced, less what is credited
    :param lump_sum: the part of it that is the lump sum
    """

    charged: float = 0.0
    waived: float = 0.0
    lump_sum: float = 0.0
