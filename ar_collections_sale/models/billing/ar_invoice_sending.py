from odoo import models

from ...core.reference import is_customers


class ArInvoiceSending(models.Model):
    """The customer's reference on invoices of orders."""

    _inherit = "ar.invoice.sending"

    def _has_reference(self):
        """Override: our order number, which Odoo takes where the order has no customer reference, is none."""
        orders = self.move_id.sudo().invoice_line_ids.sale_line_ids.order_id  # who judges need not read orders
        own = {order.name for order in orders if (order.client_order_ref or "").strip() != order.name}
        return super()._has_reference() and is_customers(self.move_id.ref, own)
