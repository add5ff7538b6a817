from odoo import models
from odoo.exceptions import UserError

from odoo.addons.ar_collections.formats import format_amount

from .ar_stripe_booking import BOOKED, WITHDRAWN


class ArStripeBookingReturn(models.Model):
    """Money that came back: the reversal is undone by an entry, and the payment settles its invoices again."""

    _inherit = "ar.stripe.booking"

    def _restore(self, date):
        """Book what was returned.

        :raise UserError: where no reversal of ours is in the books, or the period is locked
        """
        reversals = self.stripe_dispute_id.booking_ids.filtered(
            lambda booking: (booking.kind, booking.state) == (WITHDRAWN, BOOKED)
        )
        if not reversals:
            raise UserError(
                self.env._(
                    "Nothing was booked when the money was taken back: approve that first. If it was booked by hand, "
                    "book its return by hand, too, and press Booked by Hand."
                )
            )
        payment = self.stripe_dispute_id.transaction_id.payment_id
        if not payment:
            self._refuse_payment()
        self._check_lock_dates(payment, date)
        if not payment.move_id:
            self._register_again(payment, self._get_wanted()[0], date)
            return
        self._check_entries(reversals)
        self._lock_customers(payment)
        parts = self._plan_return(reversals, payment)
        values = [self._prepare_line(line.reversal_line_id, amount) for line, amount in parts]
        self.move_id = self._post_entry(payment, date, values)
        self._match_return(parts)

    def _check_entries(self, reversals):
        """Check that the entries that took the money back are there.

        :raise UserError: where one was deleted
        """
        if reversals.line_ids.filtered(lambda line: not line.reversal_line_id):
            raise UserError(
                self.env._(
                    "The entry that took back what is returned now was deleted. Check whether the payment settles its "
                    "invoices, book what is missing by hand, and press Booked by Hand."
                )
            )

    def _plan_return(self, reversals, payment):
        """Return [(line of a reversal, amount)] of what is given back, in the currency of the payment.

        :raise UserError: where less than that was booked, or a reversal was undone by hand
        """
        left, _wanted = self._get_wanted()
        parts = []
        for line in reversals.line_ids:
            if line.reversal_line_id.parent_state == "posted":
                amount = line.currency_id.round(min(line.amount - line.returned, left))
                left -= amount
                parts.append((line, amount))
        if payment.currency_id.compare_amounts(left, 0.0) > 0:
            raise UserError(
                self.env._(
                    "%(amount)s more was returned than the books show as taken back: book it by hand, and press "
                    "Booked by Hand.",
                    amount=format_amount(self.env, left, payment.currency_id),
                )
            )
        return [(line, amount) for line, amount in parts if payment.currency_id.compare_amounts(amount, 0.0) > 0]

    def _match_return(self, parts):
        """Match the reversal with its return, and the payment with the invoices that it had settled.

        An invoice that was settled otherwise meanwhile takes no more: the customer has a credit then, and the
        collector a task.
        """
        rest = 0.0
        for (line, amount), restored in zip(parts, self._get_receivable_lines(), strict=True):
            reversal, payment_line = line.reversal_line_id, line.payment_line_id
            for partial in reversal.matched_credit_ids:
                if partial.credit_move_id == payment_line:
                    partial.unlink()
            reversal._ar_reconcile_part(restored, amount)
            reversal._ar_reconcile_part(payment_line, line.amount - line.returned - amount)
            line.returned += amount
            if line.name:  # it was applied; its item may be gone
                rest += amount - self._apply_again(line, amount)
        self._report_left_over(rest)

    @staticmethod
    def _apply_again(line, amount):
        """Settle the item of a part again; return the amount that it took, in the currency of the payment."""
        before = line.payment_line_id.amount_residual_currency
        if line.item_id.parent_state == "posted":
            line.item_id._ar_reconcile_part(line.payment_line_id, amount)
        return line.payment_line_id.amount_residual_currency - before

    def _report_left_over(self, rest):
        """Give the collector a task where an invoice of the payment was settled otherwise meanwhile, or is gone.

        :param float rest: what no invoice took, in the currency of the payment
        """
        transaction = self.stripe_dispute_id.transaction_id
        customer = self.stripe_dispute_id.dispute_ids.customer_id[:1]
        if customer and transaction.currency_id.compare_amounts(rest, 0.0) > 0:
            reader = customer.collector_id or customer.company_id
            customer.with_context(lang=reader.partner_id.lang)._add_rest_task(transaction, rest)
