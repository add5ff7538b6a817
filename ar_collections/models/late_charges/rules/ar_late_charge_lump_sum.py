from odoo import api, fields, models

from ....core.late_charges.lump_sum import LumpSum
from ....core.money import to_decimal
from .ar_late_charge_reference import TOGETHER


class ArLateChargeLumpSum(models.Model):
    """The lump sum for late invoices from a size on."""

    _name = "ar.late.charge.lump.sum"
    _inherit = ["ar.access.mixin"]
    _description = "Lump Sum for Late Payment"
    _order = "regime_id, size_from, id"
    _rec_name = "amount"
    _logs_changes = True
    _logged_parent = "regime_id"

    _writable = {"manager": ("regime_id", "size_from", "amount")}

    regime_id = fields.Many2one("ar.late.charge.regime", required=True, index=True, ondelete="cascade")
    size_currency_id = fields.Many2one(related="regime_id.currency_id")
    currency_id = fields.Many2one(related="regime_id.lump_currency_id")
    size_from = fields.Monetary(
        "Invoices from", currency_field="size_currency_id", help="Smallest total of an invoice with this lump sum."
    )
    amount = fields.Monetary("Lump Sum", required=True)

    @api.constrains("regime_id", "size_from", "amount")
    def _check_lump_sum(self):
        """Check the whole table: each size has one lump sum; those that are written with it are checked by it."""
        if self.env.context.get("ar_rows_together") is not TOGETHER:
            self.regime_id._check_lump_sums()

    def _get_lump_sum(self):
        """Return the lump sum as a value of `core`."""
        self.ensure_one()
        return LumpSum(to_decimal(self.size_from), to_decimal(self.amount))
