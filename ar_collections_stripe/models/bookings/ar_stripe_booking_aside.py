from odoo import models

from .ar_stripe_booking import REINSTATED, SKIPPED, WAITING, WITHDRAWN


class ArStripeBookingAside(models.Model):
    """Money that was taken back and returned before anything was booked: no entry is needed for both."""

    _inherit = "ar.stripe.booking"

    def _skip_differences(self):
        """End what Stripe took back beyond the contested amount, or returned of that: an adjustment of its rate.

        It is not the payment's: what Stripe pays out less for it is seen where the account of the money is matched.
        """
        for chargeback in self.stripe_dispute_id:
            amounts = chargeback.sudo()._split_bookings()  # as the bookings
            found = self.filtered(lambda booking, known=amounts: booking.state == WAITING and not known.get(booking, 1))
            if found:
                found._end(SKIPPED, self.env._("Exchange difference of Stripe: nothing is booked."))

    def _set_aside(self):
        """End withdrawals that were returned in full, with their returns, where the payment is as if nothing happened.

        A payment that was undone by hand is left to a person, who knows whether its return is booked, too.
        """
        for withdrawn in self.filtered(lambda booking: (booking.kind, booking.state) == (WITHDRAWN, WAITING)):
            undone = self.filtered(
                lambda booking, of=withdrawn: (
                    (booking.kind, booking.amount, booking.state) == (REINSTATED, of.amount, WAITING)
                )
            )[:1]
            if undone and withdrawn._is_still_settling():
                (withdrawn | undone)._end(SKIPPED, self.env._("Returned before it was booked."))

    def _is_still_settling(self):
        """Return whether the payment is in the books and settles the invoices that the chargeback is about."""
        transaction = self.stripe_dispute_id.transaction_id
        payment = transaction.payment_id
        if not payment:
            return not transaction.is_post_processed  # nothing is in the books yet, and nobody has undone it
        if payment.state in ("draft", "canceled", "rejected") or not payment.move_id:
            return payment.state in ("in_process", "paid")
        amount, wanted = self._get_wanted()
        lines, partials = self._get_applied(payment)
        left = sum(partials.mapped("credit_amount_currency")) - sum(lines.mapped("amount_residual_currency"))
        if payment.currency_id.compare_amounts(left, amount) < 0:
            return False
        settled = dict.fromkeys(wanted, 0.0)
        for partial in partials.filtered(lambda each: each.debit_move_id in settled):
            settled[partial.debit_move_id] += partial.debit_amount_currency
        return all(item.currency_id.compare_amounts(settled[item], wanted[item]) >= 0 for item in wanted)
