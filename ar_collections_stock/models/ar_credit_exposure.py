from odoo import api, models
from odoo.tools import SQL


class ArCreditExposure(models.AbstractModel):
    """What is left of orders whose delivery has ended with less than was ordered."""

    _inherit = "ar.credit.exposure"

    @api.model
    def _get_expected_quantity(self):
        """Override: what is invoiced as delivered, and of which nothing is on its way any more, adds nothing.

        That is so where no backorder was made, or where it was canceled. As for Odoo, a line of which nothing was
        delivered at all is still expected.
        """
        return SQL(
            """
            CASE WHEN item.qty_delivered_method = 'stock_move' AND item.qty_delivered < item.product_uom_qty
                  AND EXISTS (SELECT FROM product_product variant
                                JOIN product_template product ON product.id = variant.product_tmpl_id
                               WHERE variant.id = item.product_id AND product.invoice_policy = 'delivery')
                  AND (SELECT BOOL_AND(moved.state IN ('done', 'cancel')) AND BOOL_OR(moved.state = 'done')
                         FROM stock_move moved WHERE moved.sale_line_id = item.id)
                 THEN item.qty_delivered ELSE %s END
            """,
            super()._get_expected_quantity(),
        )
