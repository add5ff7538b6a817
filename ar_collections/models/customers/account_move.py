from odoo import models


class AccountMove(models.Model):
    """What is open of an invoice, whatever Odoo's payment state says."""

    _inherit = "account.move"

    def _ar_is_open(self):
        """Return whether something is open of the invoice, as `sql.IS_OPEN` says it in queries."""
        self.ensure_one()
        return self.state == "posted" and not self.currency_id.is_zero(self.amount_residual)
