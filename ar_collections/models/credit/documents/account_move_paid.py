from odoo import fields, models

from ....core.money import ZERO, to_decimal

#: Providers whose pending transactions are no money: a wire transfer that was only chosen. Odoo tells them apart alike.
WITHOUT_MONEY = ("none", "custom")


class AccountMovePaid(models.Model):
    """Money in hand is never refused: what customers have paid online for a draft invoice."""

    _inherit = "account.move"

    def _ar_get_paid_values(self, amount):
        """Return ``covered`` and ``is_paid`` of the invoice as a document.

        :param Decimal amount: of the invoice, in the currency of the root company
        """
        total, paid, unbooked = self.amount_total, *self._ar_read_paid()
        if not total or not paid:
            return {}
        is_paid = self.currency_id.compare_amounts(paid, total) >= 0
        return {"covered": max(amount * to_decimal(unbooked) / to_decimal(total), ZERO), "is_paid": is_paid}

    def _ar_read_paid(self):
        """Return (what was paid, how much of it is not in the books yet), in the currency of the invoice."""
        paid = unbooked = 0.0
        for transaction in self._ar_get_money():
            share = self._ar_get_share(transaction)
            booked = transaction.payment_id.filtered(
                lambda payment: payment.state not in ("draft", "canceled", "rejected")
            )
            paid += min(share, self._ar_get_unused(booked)) if booked.move_id else share
            unbooked += 0 if booked else share
        till = self._ar_get_till_payments()
        return paid + till, unbooked + till

    def _ar_get_money(self):
        """Return the transactions of the customer for the invoice that are done, authorized or on their way.

        The link alone proves nothing: whoever invoices can write it. Of a transaction that is captured in parts, the
        parts count as long as it does not.
        """
        transactions = self._origin.transaction_ids.filtered(
            lambda tx: (
                tx.operation != "validation"
                and tx.partner_id.commercial_partner_id == self.commercial_partner_id
                and (
                    tx.state in ("done", "authorized")
                    or (tx.state == "pending" and tx.provider_code not in WITHOUT_MONEY)
                )
            )
        )
        parts = transactions.filtered(lambda tx: tx.source_transaction_id in transactions and tx.operation != "refund")
        return transactions - parts

    def _ar_get_share(self, transaction):
        """Return how much of a transaction is for this invoice: it pays its invoices in the order of their ids."""
        before = transaction.invoice_ids.filtered(lambda move: move.id < self._origin.id and move.state != "cancel")
        amount = transaction.amount - sum(before.mapped("amount_total"))
        share = amount if transaction.operation == "refund" else max(amount, 0)
        day = fields.Date.context_today(self)
        return transaction.currency_id._convert(share, self.currency_id, self.company_id, day)

    def _ar_get_unused(self, payment):
        """Return how much of a booked payment no other invoice has used, in the currency of the invoice."""
        items = payment.move_id.line_ids.filtered(lambda item: item.account_id.account_type == "asset_receivable")
        day = fields.Date.context_today(self)
        return sum(
            item.currency_id._convert(-item.amount_residual_currency, self.currency_id, self.company_id, day)
            for item in items
        )

    def _ar_get_till_payments(self):
        """Return what was paid at the till, where there is a point of sale; on the customer account it is credit."""
        if "pos_order_ids" not in self._fields:
            return 0.0
        payments = self._origin.pos_order_ids.payment_ids
        return sum(payments.filtered(lambda payment: payment.payment_method_id.type != "pay_later").mapped("amount"))
