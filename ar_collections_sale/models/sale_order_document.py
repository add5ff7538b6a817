from odoo import models

from odoo.addons.ar_collections.core.credit.effect import ORDER


class SaleOrderDocument(models.Model):
    """Quotations as documents of credit control, which a credit manager can release."""

    _name = "sale.order"
    _inherit = ["sale.order", "ar.credit.document.mixin"]

    def _ar_get_document_kind(self):
        """Return the kind of the document."""
        return ORDER

    def _ar_get_credit_partner(self):
        """Override: who gets the invoice owes it."""
        return self.partner_invoice_id.commercial_partner_id

    def _ar_get_credit_amount(self):
        """Override to convert at the order's rate."""
        return self._ar_convert(self.amount_total) if self._ar_has_rate() else None

    def _ar_read_effects(self, concerned, lock):
        """Override to check as the confirmation does: what is paid is left out, and orders may not count."""
        orders = self.env["sale.order"].union(*concerned.values())
        return {order.id: effect for order, effect in orders._ar_check_credit(lock).items()}

    def _ar_confirm_released(self):
        """Override to confirm the quotation."""
        result = self.action_confirm()
        return result if isinstance(result, dict) else None
