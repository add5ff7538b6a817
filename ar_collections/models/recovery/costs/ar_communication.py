from collections import defaultdict

from odoo import models

from ....core.late_charges.charge import DUE
from ....core.money import ZERO, to_decimal
from ....formats import format_amount


class ArCommunication(models.Model):
    """What final demands say about costs, and the whole claim."""

    _inherit = "ar.communication"

    def _get_demand_values(self):
        """Override to add ``costs`` and ``claim``: texts of open costs, and of all that is owed, by currency.

        The costs are those against each of the debtors whose items are listed.
        """
        env = self.with_context(lang=self.lang).env
        charges = self._find_late_charges().filtered(lambda charge: charge.state == DUE)
        lump_sums = {charge: charge._get_posted_lump_sum() + to_decimal(charge._split_left()[1]) for charge in charges}
        costs = defaultdict(lambda: ZERO)
        for account in self._get_debtors().sudo():  # for the message, whatever the user may read
            claimed = {charge: amount for charge, amount in lump_sums.items() if charge.customer_id == account}
            for currency, (total, counted) in account._read_open_costs(claimed=claimed).items():
                costs[currency] += total - counted
        claims = {}
        for line in self.sudo().line_ids:  # as above
            amount = to_decimal(line.currency_id.round(line.amount_left))
            claims[line.currency_id] = claims.get(line.currency_id, ZERO) + amount
        for charge in charges:
            amount = to_decimal(charge.currency_id.round(charge.left))
            claims[charge.currency_id] = claims.get(charge.currency_id, ZERO) + amount
        for currency, amount in costs.items():
            claims[currency] = claims.get(currency, ZERO) + amount
        more = claims.items() if charges or any(costs.values()) else []  # else it is the sum above
        return {
            **super()._get_demand_values(),
            "costs": [format_amount(env, amount, currency) for currency, amount in costs.items() if amount],
            "claim": [format_amount(env, amount, currency) for currency, amount in more if amount > ZERO],
        }
