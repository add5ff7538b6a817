from datetime import datetime, timedelta
from decimal import Decimal

from odoo import Command

from ..customers.owed.common_owed import ArBranchCommon


class TestReceiptBranches(ArBranchCommon):
    """What a customer of a branch pays online is booked at head office, which has the payment provider."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        policies = cls.policy | cls.customer.policy_id
        policies.sudo().receipt_enabled = True
        policies.sudo().receipt_since = cls.TODAY - timedelta(days=7)
        cls.invoice = cls._owed(cls.branch, 4, 100.0)

    def _pay_online(self, **values):
        """Book an online payment of the invoice; return it."""
        transaction = self._create_transaction(
            "redirect",
            amount=100.0,
            partner_id=self.partner.id,
            currency_id=self.company.currency_id.id,
            state="done",
            reference="Online",
            **values,
        )
        with self._on():
            transaction._post_process()
        self.env.flush_all()
        payment, entered = transaction.payment_id, datetime.combine(self.TODAY, datetime.min.time())
        self.env.cr.execute(
            "UPDATE account_payment SET create_date = %s, date = %s WHERE id = %s", [entered, self.TODAY, payment.id]
        )
        self.env.invalidate_all()
        self.assertEqual((payment.company_id, self.invoice.amount_residual), (self.company, 0))
        return payment

    def _pay_on_page(self):
        account = self.customer.sudo()
        allocation = account._allocate({self._debt(self.invoice).id: Decimal(100)})
        return self._pay_online(**account._prepare_transaction_vals(allocation))

    def _thanked(self):
        """Return {account: payments that it is thanked for} of the night."""
        day = self.TODAY + timedelta(days=1)
        with self._on(day):
            for company in (self.company, self.branch):
                self.env["ar.payment.receipt"].sudo()._prepare_company(company, day)
        self.env.invalidate_all()
        receipts = (
            self.env["ar.payment.receipt"].sudo().search([("customer_id", "in", (self.head | self.customer).ids)])
        )
        return {receipt.customer_id: receipt.payment_ids for receipt in receipts}

    def test_the_branch_thanks_for_what_was_paid_on_its_page(self):
        payment = self._pay_on_page()
        self.assertEqual(self._thanked(), {self.customer: payment})

    def test_the_branch_thanks_for_what_was_paid_on_odoos_page_of_its_invoice(self):
        payment = self._pay_online(invoice_ids=[Command.set(self.invoice.ids)])
        self.assertEqual(self._thanked(), {self.customer: payment})

    def test_head_office_thanks_for_its_own_payments(self):
        self.invoice = self._owed(self.company, 4, 100.0)
        payment = self._pay_online(invoice_ids=[Command.set(self.invoice.ids)])
        self.assertEqual(self._thanked(), {self.head: payment})

    def test_the_page_of_the_branch_lists_the_payment(self):
        self._pay_on_page()
        rows = [[row["invoices"] for row in each._get_payment_history()] for each in (self.customer, self.head)]
        self.assertEqual(rows, [[self.invoice.name], []])

    def test_so_it_does_with_what_was_paid_on_odoos_page_of_its_invoice(self):
        self._pay_online(invoice_ids=[Command.set(self.invoice.ids)])
        rows = [[row["invoices"] for row in each._get_payment_history()] for each in (self.customer, self.head)]
        self.assertEqual(rows, [[self.invoice.name], []])
