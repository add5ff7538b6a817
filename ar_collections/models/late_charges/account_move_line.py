from odoo import fields, models


class AccountMoveLine(models.Model):
    """Invoice lines that charge late payment."""

    _inherit = "account.move.line"

    ar_late_charge_id = fields.Many2one(
        "ar.late.charge", "Late Charge", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
