from odoo import api, fields, models

from ...customers.core_flow import ignore_failure


class AccountMoveLine(models.Model):
    """Invoice lines that charge late payment."""

    _inherit = "account.move.line"

    ar_late_charge_id = fields.Many2one(
        "ar.late.charge", "Late Charge", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_late_charges(self):
        """Let late charges be open again whose lines people delete from a draft."""
        lines = self.filtered("ar_late_charge_id")
        if lines:
            with ignore_failure(self.env, "late charges of deleted invoice lines"):
                lines.move_id._get_late_charge_billings()._follow_lines(lines)
