from odoo import api, models


class SaleOrderLine(models.Model):
    """Lines mark the accounts whose exposure they change, see `ar.credit.stale`."""

    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `sale` to mark the customers of confirmed orders."""
        lines = super().create(vals_list)
        lines.order_id._ar_mark_stale()
        return lines

    def write(self, vals):
        """Override of `sale` to mark the customers of confirmed orders."""
        self.order_id._ar_mark_stale()
        return super().write(vals)

    def unlink(self):
        """Override of `sale` to mark the customers of confirmed orders."""
        self.order_id._ar_mark_stale()
        return super().unlink()
