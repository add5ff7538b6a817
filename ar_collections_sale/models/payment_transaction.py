from odoo import models


class PaymentTransaction(models.Model):
    """Payments of orders: no hold stops their booking, and what is authorized is no risk."""

    _inherit = "payment.transaction"

    def write(self, vals):
        """Override of `payment` to mark the customers of orders for which a payment is authorized, or no longer."""
        result = super().write(vals)
        if "state" in vals:
            self.sudo().sale_order_ids._ar_mark_stale()  # who handles payments need not read orders
        return result

    def _check_amount_and_confirm_order(self):
        """Override of `sale` to leave held quotations unconfirmed, with a task for the salesperson.

        A quotation whose payment covers what has to be paid is never held. Where a customer paid a part, the payment is
        booked all the same: an error here would be tried again for some days and then forgotten.
        """
        confirmed = self.env["sale.order"]
        for transaction in self:
            held = transaction._ar_find_held()
            if not held:
                with transaction.sale_order_ids._ar_passed():
                    confirmed |= super(PaymentTransaction, transaction)._check_amount_and_confirm_order()
            for order, effect in held.items():
                order._ar_report_hold(self.env._("The customer paid a part of this quotation."), effect)
        return confirmed

    def _ar_find_held(self):
        """Return {quotation: DocumentEffect} where the payment would confirm a quotation that is held."""
        self.ensure_one()
        orders = self.sale_order_ids
        if len(orders) != 1 or orders.state not in ("draft", "sent") or not orders._is_confirmation_amount_reached():
            return {}
        return orders._ar_find_held()

    def _ar_get_refunded(self):
        """Return what was given back of the payment, as a negative amount: refunds do not name the order."""
        refunds = self.child_transaction_ids.filtered(lambda tx: tx.operation == "refund" and tx.state == "done")
        return sum(refunds.mapped("amount"))
