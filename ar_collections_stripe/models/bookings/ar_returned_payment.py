from odoo import models


class ArReturnedPayment(models.Model):
    """A part of a payment that a chargeback took back."""

    _inherit = "ar.returned.payment"

    def _get_fate(self):
        """Override: what was reversed for a chargeback came back, though the rest still settles invoices."""
        fate = super()._get_fate()
        if fate != "moved" or not self.counterpart_id:
            return fate
        # sudo: the nightly run works for all.
        lines = self.env["ar.stripe.booking.line"].sudo()
        domain = [("payment_line_id", "=", self.counterpart_id.id), ("item_id", "=", self.move_line_id.id)]
        return "returned" if lines.search_count(domain, limit=1) else fate
