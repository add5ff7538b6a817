from odoo import models

from ...core.evidence import is_charge
from ...core.reconciliation import TWICE


class ArStripeEvidenceDuplicates(models.Model):
    """What says that a payment is no duplicate: what the bank reads is true, or it is left to a person."""

    _inherit = "ar.stripe.evidence"

    def _get_twins(self):
        """Return (transactions, payments): all of the customer's money of the same amount, before and after.

        Payments by any method count, also those that are contested, or are being processed.
        """
        transaction, same = self._get_transaction(), self._get_domain_of_same()
        others = [("id", "!=", transaction.id), ("operation", "not in", ("refund", "validation"))]
        states = ("pending", "authorized", "done")
        transactions = transaction.search([*same, *others, ("state", "in", states)], order="id desc")
        known = transaction.payment_id | self.stripe_dispute_id.booking_ids.payment_id | transactions.payment_id
        others = [
            ("id", "not in", known.ids),
            ("payment_type", "=", "inbound"),
            ("state", "in", ("in_process", "paid")),
        ]
        return transactions, self.env["account.payment"].search([*same, *others])

    def _get_domain_of_same(self):
        """Return the domain of payments of the same amount by who owes the invoices, or has paid them."""
        transaction = self._get_transaction()
        return [
            *self._get_domain_of_payers(),
            ("currency_id", "=", transaction.currency_id.id),
            ("amount", "=", transaction.amount),
        ]

    def _get_domain_of_payers(self):
        partners = self._get_customer().partner_id | self._get_transaction().partner_id.commercial_partner_id
        return [("partner_id", "child_of", partners.ids), ("company_id", "=", self.company_id.id)]

    # === WHAT IS NOT KNOWN === #

    def _is_unclear(self):
        """Return whether there is money of the amount about which Odoo does not know enough to speak of it."""
        is_open = any(each.state != "done" for each in self._get_twins()[0])
        return is_open or self._is_amount_on_statement() or self._is_charged_twice()

    def _is_amount_on_statement(self):
        """Return whether a bank statement has the amount as the customer's, apart from the contested payment itself."""
        transaction = self._get_transaction()
        is_same = ["|", ("amount", "=", transaction.amount), ("amount_currency", "=", transaction.amount)]
        lines = self.env["account.bank.statement.line"].search([*self._get_domain_of_payers(), *is_same])
        return bool(lines - transaction.payment_id.reconciled_statement_line_ids)

    def _is_charged_twice(self):
        """Return whether Stripe had a second charge for the payment, see `ar.stripe.difference`."""
        domain = [
            ("provider_id", "=", self.stripe_dispute_id.provider_id.id),
            ("kind", "=", TWICE),
            ("reference", "=", self._get_transaction().reference),
        ]
        return bool(self.env["ar.stripe.difference"].search_count(domain, limit=1))

    # === WHAT THEY ARE FOR === #

    def _get_paid_for(self, transactions, payments):
        """Return the invoices that transactions and payments were made for, or settle."""
        payments |= transactions.payment_id
        return transactions.invoice_ids | payments.invoice_ids | payments.reconciled_invoice_ids

    def _get_all_invoices(self):
        """Return the invoices that the contested payment was made for, settles or settled."""
        transaction = self._get_transaction()
        return self._get_invoices() | self._get_paid_for(transaction, transaction.payment_id)

    def _get_separate(self):
        """Return [(reference, its invoices)] of the other payments, [] where one may have paid the same as this one."""
        transactions, payments = self._get_twins()
        rows = [(each.reference, self._get_paid_for(each, each.payment_id)) for each in transactions]
        rows += [(each.name, self._get_paid_for(each.payment_transaction_id, each)) for each in payments]
        mine = self._get_all_invoices()
        if not mine or any(not invoices or invoices & mine for _name, invoices in rows):
            return []
        return rows

    # === FIELDS === #

    def _find_duplicate_charge_id(self):
        """Return the charge at Stripe of another payment of the same amount: the last one before, else a later one.

        :raise UserError: where Stripe cannot be asked
        """
        transaction = self._get_transaction()
        twins = self._get_twins()[0].filtered(
            lambda each: (each.provider_id, each.state) == (transaction.provider_id, "done")
        )
        twin = (twins.filtered(lambda each: each.id < transaction.id) or twins)[:1]
        if not twin.provider_reference:
            return None
        intent = self._ask(lambda v1: v1.payment_intents.retrieve(twin.provider_reference)).to_dict()
        charge = intent.get("latest_charge")
        return charge if is_charge(charge) else None

    def _find_duplicate_charge_explanation(self):
        """Return that the payments are for different invoices, or that there is one only; else leave it to a person."""
        if self._is_unclear():
            return None
        reference = self._get_transaction().reference
        if not any(self._get_twins()):
            return f"Our books show payment {reference} once, and no other payment of this amount by the customer."
        rows = self._get_separate()
        if not rows:
            return None
        rows = [*rows, (reference, self._get_all_invoices())]
        texts = [f"{name} is for {', '.join(invoices.mapped('name'))}" for name, invoices in rows]
        return f"The payments are for different invoices: {'; '.join(texts)}."

    def _find_duplicate_charge_documentation(self):
        """Print the invoices of the payments, where they are different ones."""
        rows = [] if self._is_unclear() else self._get_separate()
        if not rows:
            return None
        moves = self._get_invoices().union(*[invoices for _name, invoices in rows])
        posted = moves.filtered(lambda move: move.state == "posted").sorted("id")
        return self._join("invoices_of_both_payments.pdf", [self._print_invoice(move) for move in posted])
