from odoo.addons.ar_collections.core.credit.effect import BLOCK, INFORM
from odoo.addons.ar_collections_sale.tests.common_order import ArOrderCommon


class ArDeliveryCommon(ArOrderCommon):
    """A customer with a limit of 1,000, whose deliveries are blocked where it is exceeded; orders are not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids |= cls.env.ref("stock.group_stock_user")
        cls.goods = cls._product(name="Goods", type="consu")
        cls.policy.sudo().write({"effect_order": INFORM, "effect_delivery": BLOCK})

    def _delivery(self, amount=100.0, quantity=1, **values):
        """Return the delivery of a confirmed order."""
        order = self._order(amount, quantity=quantity, product=self.goods, **values)
        self._confirm(order)
        return order.picking_ids

    def _validate(self, pickings, quantity=None, user=None):
        """Validate deliveries; return what the button returns."""
        for move in pickings.move_ids:
            move.write({"quantity": move.product_uom_qty if quantity is None else quantity, "picked": True})
        with self._on():
            pickings = pickings.with_user(user or self.env.user)
            return pickings.with_context(skip_backorder=True, skip_sms=True).button_validate()

    def _invoice_order(self, order, quantity=None, **values):
        """Post an invoice of an order, of a part of its quantity where one is given; values are of its lines."""
        invoice = order._create_invoices()
        if quantity is not None:
            values["quantity"] = quantity
        invoice.invoice_line_ids.filtered("sale_line_ids").write(values)
        invoice.write({"invoice_date": self.TODAY, "invoice_payment_term_id": False, "invoice_date_due": self.TODAY})
        invoice.action_post()
        return invoice

    def _credit(self, invoice, **values):
        """Post a credit note of an invoice of an order; values are of its lines."""
        refund = invoice._reverse_moves([{"invoice_date": self.TODAY}])
        refund.invoice_line_ids.filtered("sale_line_ids").write(values)
        refund.action_post()
        self.env.invalidate_all()
        return refund
