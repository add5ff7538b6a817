from odoo import models


class StockMove(models.Model):
    """Goods that leave for a customer."""

    _inherit = "stock.move"

    def _action_cancel(self):
        """Override of `stock` to mark the orders: what is canceled is not expected to be delivered and invoiced."""
        result = super()._action_cancel()
        self.sudo().sale_line_id.order_id._ar_mark_stale()  # who cancels a delivery need not read orders
        return result

    def _ar_get_quantity(self, unit, is_planned):
        """Return what leaves, in the unit of its order.

        :param unit: uom.uom
        :param bool is_planned: what is to leave, where that is more
        """
        quantity = max(self.quantity, self.product_uom_qty) if is_planned else self.quantity
        return self.product_uom._compute_quantity(quantity, unit)
