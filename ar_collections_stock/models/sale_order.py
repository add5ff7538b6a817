from odoo import models


class SaleOrder(models.Model):
    """Orders whose goods leave although the customer has no credit, because they are paid."""

    _inherit = "sale.order"

    def _ar_is_settled(self):
        """Return whether all of the order is invoiced and paid, or paid online or by down payments."""
        self.ensure_one()
        invoices = self.invoice_ids.filtered(lambda move: move.state == "posted" and move.move_type == "out_invoice")
        is_settled = self.invoice_status == "invoiced" and invoices and all(move._ar_is_covered() for move in invoices)
        return bool(is_settled) or self._ar_is_paid_in_full()

    def _ar_is_paid_in_full(self):
        """Return whether the order is paid online or by its invoices, down payments among them.

        The down payment that is asked for before the confirmation is not enough for the goods.
        """
        items = self.order_line.invoice_lines.filtered(
            lambda item: item.currency_id == self.currency_id and item.move_id._ar_is_covered()
        )
        invoiced = sum(-item.price_total if item.move_type == "out_refund" else item.price_total for item in items)
        paid = max(self._ar_get_covered(), invoiced)  # what was paid online may be what the invoices were paid with
        return self.amount_total > 0 and self.currency_id.compare_amounts(paid, self.amount_total) >= 0
