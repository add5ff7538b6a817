from odoo import models

from odoo.addons.ar_collections.models.customers.core_flow import ignore_failure


class AccountMove(models.Model):
    """Invoices of orders change what is left of the orders, which may belong to another customer."""

    _inherit = "account.move"

    def _mark_credit(self):
        """Override to mark the customers of the orders, too."""
        result = super()._mark_credit()
        if self and self.env["ar.credit.stale"]._is_used():
            with ignore_failure(self.env, "exposures that invoices of orders change", writes=False):
                self.sudo().line_ids.sale_line_ids.order_id._ar_mark_stale()  # who invoices need not read orders
        return result
