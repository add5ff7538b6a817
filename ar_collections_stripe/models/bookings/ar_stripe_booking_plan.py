from odoo import models
from odoo.exceptions import UserError

from odoo.addons.ar_collections.formats import format_amount


class ArStripeBookingPlan(models.Model):
    """Which parts of a payment are taken back: of the contested invoices first, then what is not applied."""

    _inherit = "ar.stripe.booking"

    def _get_payment(self):
        """Return the payment in the books; one that waits for Odoo's scheduled action is booked first.

        :raise UserError: where there is none
        """
        transaction = self.stripe_dispute_id.transaction_id
        if transaction.state == "done" and not transaction.payment_id and not transaction.is_post_processed:
            transaction._post_process()
        payment = transaction.payment_id
        if not payment or payment.state in ("draft", "canceled", "rejected"):
            self._refuse_payment()
        return payment

    def _refuse_payment(self):
        """Raise because the payment is not in the books."""
        raise UserError(
            self.env._(
                "Payment %(payment)s is not in the books. If it was undone by hand already, press Booked by Hand.",
                payment=self.stripe_dispute_id.transaction_id.reference,
            )
        )

    def _get_wanted(self):
        """Return (amount, {journal item: amount}): what is taken back in the payment's currency, and of which invoices.

        The invoices are those of the disputes; the amounts are in their currencies.
        """
        chargeback = self.stripe_dispute_id
        transaction = chargeback.transaction_id
        share = min(self.amount / chargeback.amount, 1.0) if chargeback.amount else 1.0
        amount = self.amount
        if self.currency_id != transaction.currency_id:  # charged in one currency, contested in another
            amount = transaction.currency_id.round(transaction.amount * share)
        wanted = {}
        for line in chargeback.dispute_ids.line_ids.filtered("move_line_id"):
            wanted[line.move_line_id] = line.currency_id.round(line.amount * share)  # raised again: not more than once
        return amount, wanted or chargeback._get_items()

    def _plan(self, payment):
        """Return [(journal item that is open again, or empty; item of the payment; amount in the payment's currency)].

        :param payment: `account.payment` with an entry
        :raise UserError: where less than that is left of the payment: it was refunded, or undone by hand
        """
        left, wanted = self._get_wanted()
        lines, partials = self._get_applied(payment)
        contested = partials.filtered(lambda partial: partial.debit_move_id in wanted)
        parts = []
        for partial in contested.sorted("id"):
            item = partial.debit_move_id
            share = min(wanted[item] / partial.debit_amount_currency, 1.0) if partial.debit_amount_currency else 1.0
            amount = payment.currency_id.round(min(partial.credit_amount_currency * share, left))
            wanted[item] -= partial.debit_amount_currency * share
            parts.append((item, partial.credit_move_id, amount))
            left -= amount
        parts, left = self._plan_rest(payment, lines, partials, parts, left)
        if payment.currency_id.compare_amounts(left, 0.0) > 0:
            self._refuse_rest(payment, left)
        return [part for part in parts if payment.currency_id.compare_amounts(part[2], 0.0) > 0]

    def _get_applied(self, payment):
        """Return (items of the payment, reconciliations by which they settle anything but money that went back)."""
        lines = payment.move_id.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable" and line.amount_currency < 0
        )
        return lines, lines.matched_debit_ids.filtered(lambda partial: not self._is_money(partial.debit_move_id))

    def _plan_rest(self, payment, lines, partials, parts, left):
        """Return (parts, what is left): what is not applied to anything goes next, then what other invoices got."""
        no_item = lines.browse()
        for line in lines:
            amount = min(-line.amount_residual_currency, left)
            parts.append((no_item, line, amount))
            left -= amount
        for partial in partials.sorted("id"):
            used = sum(
                amount
                for item, line, amount in parts
                if (item, line) == (partial.debit_move_id, partial.credit_move_id)
            )
            amount = max(min(partial.credit_amount_currency - used, left), 0.0)
            parts.append((partial.debit_move_id, partial.credit_move_id, payment.currency_id.round(amount)))
            left -= amount
        return self._merge(parts), left

    @staticmethod
    def _merge(parts):
        """Return the parts with one for each pair of journal items."""
        merged = {}
        for item, line, amount in parts:
            merged[item, line] = merged.get((item, line), 0.0) + amount
        return [(item, line, amount) for (item, line), amount in merged.items()]

    @staticmethod
    def _is_money(item):
        """Return whether a journal item that a payment is matched with is money that went back already."""
        return item.journal_id.type in ("bank", "cash", "credit")

    def _refuse_rest(self, payment, left):
        """Raise because the payment was refunded or undone by hand."""
        raise UserError(
            self.env._(
                "Only a part of payment %(payment)s is still in the books: %(amount)s of what was taken back is "
                "missing. It was refunded or undone by hand. Book the rest by hand, and press Booked by Hand.",
                payment=payment.name,
                amount=format_amount(self.env, left, payment.currency_id),
            )
        )

    def _check_lock_dates(self, payment, date):
        """Check that the period is open: Odoo would move the entry to another day without a word.

        :raise UserError: with the last locked day
        """
        violated = self.company_id._get_violated_lock_dates(date, False, payment.journal_id)
        if violated:
            raise UserError(
                self.env._(
                    "The period up to %(day)s is locked: press Book Today on the chargeback, or unlock the period.",
                    day=self.env["ar.customer"]._format_date(max(lock[0] for lock in violated)),
                )
            )
