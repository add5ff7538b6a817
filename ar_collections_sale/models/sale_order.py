from odoo import models

from odoo.addons.ar_collections.models.customers.core_flow import ignore_failure

#: What changes the exposure of a customer: confirmation, cancellation, another customer, other amounts and terms.
CHANGING = {
    "state",
    "partner_id",
    "partner_invoice_id",
    "company_id",
    "currency_id",
    "pricelist_id",
    "order_line",
    "payment_term_id",
}


class SaleOrder(models.Model):
    """Orders mark the accounts whose exposure they change, see `ar.credit.stale`."""

    _inherit = "sale.order"

    def write(self, vals):
        """Override of `sale` to mark the customers before and after a change."""
        if CHANGING.isdisjoint(vals):
            return super().write(vals)
        self._ar_mark_stale()
        with self._ar_watch():
            result = super().write(vals)
        self._ar_mark_stale()
        return result

    def _ar_mark_stale(self):
        """Mark the customers of these orders, as far as they are confirmed; costs nothing where nobody has a limit."""
        stale = self.env["ar.credit.stale"]
        if not self or not stale._is_used():
            return
        with ignore_failure(self.env, "exposures that orders change", writes=False):
            # sudo: who changes orders, as by an invoice, need not read them; only whom to compute anew is noted.
            confirmed = self.sudo().filtered(lambda order: order.state == "sale")
            stale._mark((order.partner_invoice_id.id, order.company_id.id) for order in confirmed)
