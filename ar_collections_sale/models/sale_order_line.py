from odoo import api, models


class SaleOrderLine(models.Model):
    """Lines change the exposure of customers, and what confirmed orders ask for."""

    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `sale` to mark the customers of confirmed orders, and to check what becomes larger."""
        orders = self.env["sale.order"].browse({vals["order_id"] for vals in vals_list if vals.get("order_id")})
        with orders._ar_watch():
            lines = super().create(vals_list)
        lines.order_id._ar_mark_stale()
        return lines

    def write(self, vals):
        """Override of `sale` to mark the customers of confirmed orders, and to check what becomes larger."""
        self.order_id._ar_mark_stale()
        with self.order_id._ar_watch():
            return super().write(vals)

    def unlink(self):
        """Override of `sale` to mark the customers of confirmed orders."""
        self.order_id._ar_mark_stale()
        return super().unlink()
