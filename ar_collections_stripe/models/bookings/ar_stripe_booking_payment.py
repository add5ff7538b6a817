from odoo import models
from odoo.exceptions import UserError


class ArStripeBookingPayment(models.Model):
    """Payments without a journal entry, where the journal has no outstanding account: no entry is made for them."""

    _inherit = "ar.stripe.booking"

    def _reject_payment(self, payment):
        """Reject the payment; what was not taken back of it becomes a payment of its own.

        :raise UserError: where the bank's line was matched with it already
        """
        if payment.state != "in_process":
            raise UserError(
                self.env._(
                    "Payment %(payment)s has no entry, and was matched with the bank already: undo that by hand, and "
                    "press Booked by Hand.",
                    payment=payment.name,
                )
            )
        amount, _wanted = self._get_wanted()
        payment.action_reject()
        self._register_again(payment, payment.amount - amount, payment.date)

    def _register_again(self, payment, amount, date):
        """Register a payment like the one that was rejected, over an amount in its currency; nothing for 0.

        It is not the transaction's, whose payment is the rejected one: a refund at Stripe is limited by that.

        :param date: day of the payment: what was not taken back keeps its own, what is returned gets the day of that
        """
        if payment.currency_id.compare_amounts(amount, 0.0) <= 0:
            return
        values = {"amount": payment.currency_id.round(amount), "memo": payment.memo, "date": date}
        free = {"payment_token_id": False, "payment_transaction_id": False}
        self.payment_id = payment.copy({**values, **free, "invoice_ids": [(6, 0, payment.invoice_ids.ids)]})
        self.payment_id.action_post()
