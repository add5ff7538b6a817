from odoo import Command, api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ....core.late_charges.charge import BELOW_MINIMUM, DUE
from ....core.money import ZERO, to_decimal
from ....formats import format_amount
from ...customers.sql import pg_array

#: The share of the `move` of a `line` that charges legal costs, unless the customer's rules let them bear interest.
COST_SHARE = """
    CASE WHEN move.amount_total <> 0 AND NOT COALESCE(
                (SELECT regime.costs_bear_interest FROM ar_late_charge_regime regime
                  WHERE regime.id = policy.late_charge_regime_id), FALSE)
         THEN COALESCE((SELECT SUM(cost.price_total)
                          FROM account_move_line cost
                          JOIN res_company cost_owner ON cost_owner.id = cost.company_id
                         WHERE cost.move_id = move.id AND cost.display_type = 'product'
                           AND cost.ar_late_charge_id IS NULL
                           AND (cost.ar_legal_cost_id IS NOT NULL OR cost.ar_lump_sum_of_id IS NOT NULL
                                OR cost.product_id = ANY(%s::int[])
                                OR cost.product_id = cost_owner.ar_legal_cost_product_id)), 0)
              / move.amount_total ELSE 0 END
"""


class ArLateCharge(models.Model):
    """Legal costs bear no interest, unless the rules say so."""

    _inherit = "ar.late.charge"

    @api.model
    def _get_charge_share(self):
        """Override to add legal costs."""
        products = self.env["res.company"]._ar_get_own_product("product_legal_cost")
        return SQL("LEAST(%s + %s, 1)", super()._get_charge_share(), SQL(COST_SHARE, pg_array(products.ids)))

    def _get_drafts_domain(self):
        """Override to put nothing on our drafts of legal costs."""
        return [*super()._get_drafts_domain(), ("ar_legal_costs", "=", False)]

    # === LUMP SUMS THAT COUNT AGAINST COSTS === #

    def _read_lump_sums_left(self, claimed=None):
        """Return {charge id: Decimal}: what of the lump sums was not set off against legal costs yet.

        For an invoice, lump sums that were charged count, drafts included, and what may be charged now; for a claim
        those that posted invoices charge, and those that are claimed. What was waived never does.

        :param dict claimed: {charge: Decimal} of the lump sums that a claim has, charged or not; default: an invoice
        """
        left = {}
        for charge in self:
            if claimed is None:
                amount = sum(charge._get_live_billings().mapped("lump_sum")) + charge._get_due_lump_sum()
            else:
                amount = claimed.get(charge, charge._get_posted_lump_sum())
            left[charge.id] = to_decimal(charge.currency_id.round(float(amount)))
        for charge, amount in self._read_set_off(is_claim=claimed is not None).items():
            left[charge.id] = max(left[charge.id] - amount, ZERO)
        return left

    def _get_due_lump_sum(self):
        """Return what is open of the lump sum and may be charged now: nothing that waits, is held, or may be waived."""
        self.ensure_one()
        is_due = self.state in (DUE, BELOW_MINIMUM) and not self._get_waiting_waivers()
        return self._split_left()[1] if is_due else 0.0

    def _get_posted_lump_sum(self):
        """Return what posted documents charge of the lump sum, as Decimal."""
        posted = self.billing_ids.filtered(lambda billing: billing.move_state == "posted")
        return to_decimal(self.currency_id.round(sum(posted.mapped("lump_sum"))))

    def _read_set_off(self, is_claim=False, is_taken_back=False):
        """Return {charge: Decimal} of the lump sums that invoices of legal costs set off; canceled ones do not.

        :param bool is_claim: drafts do not, either: their costs are not claimed yet
        :param bool is_taken_back: nor do drafts that charge the lump sum themselves
        """
        live = ("parent_state", "=", "posted") if is_claim else ("parent_state", "!=", "cancel")
        lines = self.env["account.move.line"].search([("ar_lump_sum_of_id", "in", self.ids), live])
        if is_taken_back:
            lines = lines.filtered(lambda line: line.parent_state == "posted" or not line._has_own_lump_sum())
        return {
            charge: sum((to_decimal(line.currency_id.round(-line.price_subtotal)) for line in own), ZERO)
            for charge, own in lines.grouped("ar_lump_sum_of_id").items()
        }

    def _read_not_taken_back(self):
        """Override to keep the lump sums that were set off: taken back, less than the costs would be charged.

        Where the draft that sets one off charges it as well, both lines are taken off.
        """
        kept = super()._read_not_taken_back()
        for charge, set_off in self._read_set_off(is_taken_back=True).items():
            charged = sum(charge._get_live_billings().mapped("lump_sum"))
            kept[charge] = kept.get(charge, 0.0) + min(float(set_off), charged)
        return kept

    def _prepare_lump_sum_lines(self):
        """Return the commands of invoice lines that charge what is due of these lump sums."""
        return [
            Command.create(
                charge._prepare_line_vals(
                    charge._get_due_lump_sum(),
                    charge.company_id._ar_get_lump_sum_product(),
                    charge._get_lump_sum_text(),
                )
            )
            for charge in self
        ]

    def _bill_lump_sums(self, move):
        """Store that an invoice charges what is due of these lump sums.

        :param move: draft `account.move` with their lines
        """
        parts = {charge: (0.0, charge._get_due_lump_sum()) for charge in self}
        self.env["ar.late.charge.billing"]._add(move, parts)
        self._refresh_left()

    def _check_waivable(self, amount):
        """Override to keep what was set off: without it, less than the costs would be charged.

        Only people who take a line off a draft make such a lump sum open again.
        """
        result = super()._check_waivable(amount)
        set_off = self._read_set_off().get(self, ZERO)
        charged = to_decimal(self.currency_id.round(sum(self._get_live_billings().mapped("lump_sum"))))
        kept = min(set_off - charged, to_decimal(self.currency_id.round(self._split_left()[1])))
        waived = to_decimal(self.currency_id.round(self.left if amount is None else amount))
        if kept > ZERO and waived > to_decimal(self.currency_id.round(self.left)) - kept:
            raise UserError(
                self.env._(
                    "%(amount)s of the lump sum for %(invoice)s was set off against legal costs: waive the rest only, "
                    "or take the set-off off that invoice first.",
                    amount=format_amount(self.env, kept, self.currency_id),
                    invoice=self.name,
                )
            )
        return result
