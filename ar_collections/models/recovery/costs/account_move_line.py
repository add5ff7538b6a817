from odoo import fields, models


class AccountMoveLine(models.Model):
    """Invoice lines that charge legal costs, or set a lump sum off against them."""

    _inherit = "account.move.line"

    ar_legal_cost_id = fields.Many2one(
        "ar.legal.cost", "Legal Cost", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    ar_lump_sum_of_id = fields.Many2one(
        "ar.late.charge", "Lump Sum of", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )

    def _ar_is_charged_once(self):
        """Override: also the lines of legal costs, and what is set off against them."""
        return super()._ar_is_charged_once() or bool(self.ar_legal_cost_id or self.ar_lump_sum_of_id)

    def _has_own_lump_sum(self):
        """Return whether the invoice of a line that sets a lump sum off charges it as well."""
        self.ensure_one()
        return self.ar_lump_sum_of_id in self.move_id._get_late_charge_billings().filtered("lump_sum").charge_id

    _legal_cost_once = models.UniqueIndex(
        "(ar_legal_cost_id) WHERE ar_legal_cost_id IS NOT NULL AND parent_state <> 'cancel'",
        "These legal costs are on another invoice already: leave this one canceled.",
    )
