from odoo import api, models
from odoo.tools import SQL

from ....core.money import to_decimal

#: The share of the `move` of a `line` that charges legal costs, unless the customer's rules let them bear interest.
COST_SHARE = SQL(
    """
    CASE WHEN move.ar_legal_costs AND move.amount_total <> 0 AND NOT COALESCE(
                (SELECT regime.costs_bear_interest FROM ar_late_charge_regime regime
                  WHERE regime.id = policy.late_charge_regime_id), FALSE)
         THEN COALESCE((SELECT SUM(cost.price_total) FROM account_move_line cost
                         WHERE cost.move_id = move.id
                           AND (cost.ar_legal_cost_id IS NOT NULL OR cost.ar_lump_sum_of_id IS NOT NULL)), 0)
              / move.amount_total ELSE 0 END
    """
)


class ArLateCharge(models.Model):
    """Legal costs bear no interest, unless the rules say so."""

    _inherit = "ar.late.charge"

    @api.model
    def _get_charge_share(self):
        """Override to add legal costs."""
        return SQL("LEAST(%s + %s, 1)", super()._get_charge_share(), COST_SHARE)

    def _read_lump_sums_left(self):
        """Return {charge id: Decimal}: what of the lump sums was not set off against legal costs yet."""
        lines = self.env["account.move.line"].search(
            [("ar_lump_sum_of_id", "in", self.ids), ("parent_state", "!=", "cancel")]
        )
        left = {charge.id: to_decimal(charge.currency_id.round(charge.lump_sum)) for charge in self}
        for line in lines:
            left[line.ar_lump_sum_of_id.id] += to_decimal(line.currency_id.round(line.price_subtotal))
        return left
