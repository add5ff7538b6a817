from odoo import models

from odoo.addons.ar_collections.models.credit.documents.account_move_paid import WITHOUT_MONEY


class SaleOrderPaid(models.Model):
    """Money in hand is never refused: what is paid for quotations and orders, online or at the till."""

    _inherit = "sale.order"

    def _ar_is_paid(self):
        """Return whether all that has to be paid before the order is confirmed is paid, authorized or pending."""
        self.ensure_one()
        needed = self._get_prepayment_required_amount() if self.require_payment else self.amount_total
        return needed > 0 and self.currency_id.compare_amounts(self._ar_get_covered(), needed) >= 0

    def _ar_get_covered(self, is_booked=True):
        """Return what is paid, authorized or pending for the order, in its currency.

        :param bool is_booked: with what is in the books already
        """
        customers = (self.partner_id | self.partner_invoice_id).commercial_partner_id
        paid = sum(
            transaction.amount + transaction._ar_get_refunded()
            for transaction in self.transaction_ids
            if transaction.currency_id == self.currency_id
            and transaction.partner_id.commercial_partner_id in customers  # whoever sells can write the link
            and (
                transaction.state == "authorized"
                or (transaction.state == "done" and (is_booked or not transaction.payment_id))
                or (transaction.state == "pending" and transaction.provider_code not in WITHOUT_MONEY)
            )
        )
        return paid + self._ar_get_till_payments()

    def _ar_get_till_payments(self):
        """Return what was paid at the till, where there is a point of sale; on the customer account it is credit.

        What the till settles of a line counts with the price of the line: it rounds otherwise, and may take something
        off, but nothing is left to be paid.
        """
        if "pos_order_line_ids" not in self._fields:
            return 0.0
        lines = self.sudo().pos_order_line_ids  # who confirms need not work at the till
        orders = lines.order_id.filtered(
            lambda order: (
                order.state not in ("draft", "cancel")
                and "pay_later" not in order.payment_ids.payment_method_id.mapped("type")
            )
        )
        return sum(_get_settled(line) for line in lines if line.order_id in orders)


def _get_settled(line):
    """Return what a line of the till settles of its order, taxes included.

    :param line: pos.order.line
    """
    ordered = line.sale_order_line_id
    if not ordered.product_uom_qty or ordered.is_downpayment:
        return line.price_subtotal_incl
    return max(line.price_subtotal_incl, ordered.price_total * line.qty / ordered.product_uom_qty)
