from odoo import models


class StockMove(models.Model):
    """Goods that leave for a customer."""

    _inherit = "stock.move"

    def _ar_get_quantity(self, unit, is_planned):
        """Return what leaves, in the unit of its order.

        :param unit: uom.uom
        :param bool is_planned: what is to leave, where that is more
        """
        quantity = max(self.quantity, self.product_uom_qty) if is_planned else self.quantity
        return self.product_uom._compute_quantity(quantity, unit)
