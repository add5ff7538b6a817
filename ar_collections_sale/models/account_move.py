from odoo import models

from odoo.addons.ar_collections.core.credit.effect import DELIVERED_INVOICE, INVOICE
from odoo.addons.ar_collections.models.customers.core_flow import ignore_failure


class AccountMove(models.Model):
    """Invoices of orders: they change what is left of the orders, and may be for goods that were delivered."""

    _inherit = "account.move"

    def _mark_credit(self):
        """Override to mark the customers of the orders, too."""
        result = super()._mark_credit()
        if self and self.env["ar.credit.stale"]._is_used():
            with ignore_failure(self.env, "exposures that invoices of orders change", writes=False):
                self.sudo().line_ids.sale_line_ids.order_id._ar_mark_stale()  # who invoices need not read orders
        return result

    def _ar_get_document_kind(self):
        """Override for what was delivered: the debt exists, and holding the invoice only makes it later."""
        kind = super()._ar_get_document_kind()
        items = self.sudo().invoice_line_ids.filtered(lambda item: item.display_type == "product")  # with their orders
        ordered = items.sale_line_ids
        if kind != INVOICE or not all(items.mapped(lambda item: bool(item.sale_line_ids))) or not ordered:
            return kind
        is_delivered = all(
            not line.is_downpayment and line.product_uom_id.compare(line.qty_delivered, line.qty_invoiced) >= 0
            for line in ordered
        )
        return DELIVERED_INVOICE if is_delivered else kind
