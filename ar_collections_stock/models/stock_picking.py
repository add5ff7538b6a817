from odoo import models
from odoo.exceptions import UserError

from odoo.addons.ar_collections.core.credit.effect import BLOCK, WARN


class StockPicking(models.Model):
    """Deliveries of orders are held where the customer is on credit hold (decision 0021)."""

    _inherit = "stock.picking"

    def _action_done(self):
        """Override of `stock` to hold deliveries of customers without credit; of several, the others leave.

        :raise UserError: where all are held; nothing is undone, and they can be validated again
        """
        checked = self._ar_check_documents()
        effects = {picking: checked[picking.id] for picking in self if picking.id in checked}
        held = self._ar_get_blocked(checked)
        texts = {picking: picking._ar_get_validation_text(effect) for picking, effect in effects.items()}
        if held and held == self:
            raise UserError("\n\n".join(texts[picking] for picking in held))
        result = super(StockPicking, self - held)._action_done()
        self._ar_get_orders()._ar_mark_stale()
        for picking, effect in effects.items():
            if effect.effect in (WARN, BLOCK):
                picking._ar_tell(texts[picking])
        return result

    def _ar_get_orders(self):
        """Return the orders whose goods are delivered; several may share a delivery."""
        moves = self.sudo().move_ids.filtered(lambda move: move.state != "cancel")  # who delivers need not read orders
        return self.sudo().sale_id | moves.sale_line_id.order_id

    def _ar_get_unpaid_orders(self):
        """Return the orders of goods that leave for the customer, without those that are paid.

        Returns and internal transfers have none; neither has what a vendor delivers, because it has left already when
        somebody books it.
        """
        self.ensure_one()
        if self.state == "done" or self.location_dest_id.usage != "customer" or self.location_id.usage == "supplier":
            return self.env["sale.order"]
        return self._ar_get_orders().filtered(lambda order: not order._ar_is_settled())

    # === AMOUNTS === #

    def _ar_get_amounts(self, order, is_planned=False):
        """Return (what the delivered goods of an order cost, how much of it is invoiced), taxes included.

        In the order's currency. Parts of a kit cost what is left of it. What no order names costs at least something;
        it is delivered for the order of the delivery.

        :param bool is_planned: with what is to be delivered, where that is more
        """
        amount, invoiced, active = 0, 0, self.move_ids.filtered(lambda move: move.state != "cancel")
        ordered = active.filtered(lambda move: move.sale_line_id.order_id == order)
        for line, moves in ordered.grouped("sale_line_id").items():
            price = line.price_total / line.product_uom_qty if line.product_uom_qty else line.price_unit
            quantity = sum(move._ar_get_quantity(line.product_uom_id, is_planned) for move in moves)
            if moves.product_id != line.product_id:
                quantity = min(quantity, max(line.product_uom_qty - line.qty_delivered, 0))
            amount += quantity * price
            invoiced += min(max(line.qty_invoiced - line.qty_delivered, 0), quantity) * price
        if order == self.sale_id and any(move.quantity and not move.sale_line_id for move in active):
            amount = amount or order.currency_id.rounding
        return amount, invoiced

    # === TELL === #

    def _ar_get_validation_text(self, effect):
        """Return what staff read about a delivery that is held, or left with a warning."""
        if effect.effect == BLOCK:
            intro = self.env._("%(delivery)s is not delivered.", delivery=self.display_name)
        else:
            intro = self.env._("%(delivery)s is delivered with a warning.", delivery=self.display_name)
        return f"{intro} {self._ar_get_effect_order(effect)._ar_describe(effect, is_shared=True)}"

    def _ar_tell(self, text):
        """Note a hold or a warning on the delivery, and show it to the user."""
        self.ensure_one()
        self.sudo().message_post(body=text, subtype_xmlid="mail.mt_note")  # as in the check
        values = {"type": "warning", "sticky": True, "title": self.env._("Credit"), "message": text}
        self.env.user._bus_send("simple_notification", values)
