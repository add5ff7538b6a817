from odoo import api, fields, models

from ...customers.core_flow import ignore_failure


class AccountMoveLine(models.Model):
    """Invoice lines that charge late payment."""

    _inherit = "account.move.line"

    ar_late_charge_id = fields.Many2one(
        "ar.late.charge", "Late Charge", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )

    def _ar_is_charged_once(self):
        """Return whether the line is there for one late charge, so that a copied invoice must not have it.

        Extension point: for other charges.
        """
        self.ensure_one()
        return bool(self.ar_late_charge_id)

    def copy_data(self, default=None):
        """Override of `account` to leave out of copied invoices what would be charged again each time.

        A copy that reverses or replaces its invoice has it: Odoo copies "business fields" for these two.
        """
        vals_list = super().copy_data(default)
        if self.env.context.get("include_business_fields"):
            return vals_list
        # Odoo copies no line without values.
        return [{} if line._ar_is_charged_once() else vals for line, vals in zip(self, vals_list, strict=True)]

    @api.ondelete(at_uninstall=False)
    def _unlink_late_charges(self):
        """Let late charges be open again whose lines people delete from a draft."""
        lines = self.filtered("ar_late_charge_id")
        if lines:
            with ignore_failure(self.env, "late charges of deleted invoice lines"):
                lines.move_id._get_late_charge_billings()._follow_lines(lines)
