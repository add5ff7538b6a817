from odoo import models


class AccountMove(models.Model):
    """Write-offs of invoices."""

    _inherit = "account.move"

    def action_ar_write_off(self):
        """Open the dialog to write off what is open of these invoices; each installment is an item."""
        self.env["ar.write.off"]._require("collector")
        self.check_access("read")
        lines = self.line_ids.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable"
                and line.parent_state == "posted"
                and line.amount_residual_currency > 0
            )
        )
        return self.env["ar.write.off.new"]._open(lines)
