"""Reports of users of other systems about matching payments, each tried on ours."""

from odoo.exceptions import UserError

from .common_matching import ArMatchingCommon


class TestPublicReports(ArMatchingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late(4, 1000.0)
        cls.partner = cls.customer.partner_id

    def test_a_payment_booked_on_a_child_contact_is_the_customers(self):
        """Of odoo/odoo#66024: nothing was found to reconcile with."""
        child = self.env["res.partner"].create({"name": "Child", "parent_id": self.partner.id})
        self._payment(child, 1000.0)
        row = self._rows(self.partner)
        self.assertEqual((row.customer_id, row.suggestion_code), (self.customer, "exact_amount"))
        row.action_apply()
        self.assertEqual(self.invoice.amount_residual, 0)

    def test_the_invoice_named_is_proposed_not_the_oldest_of_the_amount(self):
        """Of odoo/odoo#9177: the wrong one of two invoices of the same amount was proposed."""
        second = self._invoice(self.partner, 1, 1000.0)
        self._payment(self.partner, 1000.0, memo=f"payment {second.name}")
        self.assertEqual(self._rows(self.partner).target_ids.move_id, second)

    def test_a_line_of_the_same_amount_alone_is_nobodys(self):
        """Of odoo/odoo#61584, the other way round: whoever pays the same amount is not the customer."""
        self._statement_line(1000.0, "Transfer")
        self.assertFalse(self._rows(self.partner))

    def test_a_payer_with_the_name_of_two_customers_is_neither(self):
        """Of odoo/odoo#155986: the customer created last was chosen."""
        self._late(4, 10.0)
        self._statement_line(1000.0, partner_name=self.partner.name)
        self.assertFalse(self._rows())

    def test_a_person_with_the_bank_account_of_two_customers_is_neither(self):
        """Of odoo/odoo#81362: the same account number may be on several contacts, also of one customer."""
        child = self.env["res.partner"].create({"name": "Child", "parent_id": self.partner.id})
        for partner in (self.partner, child):
            self.env["res.partner.bank"].create({"acc_number": "DE02 1203 0000 0000 2020 51", "partner_id": partner.id})
        line = self._statement_line(30.0, account_number="DE02120300000000202051")
        self.assertEqual(self._rows(self.partner).statement_line_id, line)
        other, _invoice = self._late(4, 10.0, name="Other Payer", email="other@customer.example.com")
        self.env["res.partner.bank"].create({"acc_number": "DE02120300000000202051", "partner_id": other.partner_id.id})
        self.assertFalse(self._rows())

    def test_a_partial_match_made_by_hand_stays(self):
        """Of OCA/account-reconcile#43 and odoo/odoo#12589: the automatic match replaced it."""
        self._pay(self.invoice, 800.0)
        by_hand = self._debt(self.invoice).matched_credit_ids
        self._payment(self.partner, 150.0, memo=self.invoice.name)
        self._rows(self.partner).action_apply()
        self.assertTrue(by_hand.exists())
        self.assertEqual(self.invoice.amount_residual, 50.0)

    def test_a_part_payment_leaves_the_rest_open_and_nothing_unmatched(self):
        """Of OCA/account-reconcile#366: the payment was shown as outstanding after it was matched."""
        self._payment(self.partner, 500.0, memo=self.invoice.name)
        self._rows(self.partner).action_apply()
        self.assertEqual((self.invoice.amount_residual, len(self._rows(self.partner))), (500.0, 0))

    def test_what_was_paid_too_much_stays_on_the_account(self):
        """Of OCA/bank-payment#52: the invoice was not set to paid."""
        self._statement_line(1150.0, self.invoice.name, partner_id=self.partner.id)
        self._rows(self.partner).action_apply()
        self.assertEqual((self.invoice.payment_state, self._rows(self.partner).amount), ("paid", 150.0))

    def test_a_number_that_is_not_open_is_no_reference(self):
        """Of frappe/erpnext#46725: matched although the reference numbers differed."""
        paid = self._invoice(self.partner, 20, 70.0)
        self._pay(paid)
        self._statement_line(40.0, f"again {paid.name}")
        self.assertFalse(self._rows(self.partner))

    def test_an_exchange_difference_is_not_left_as_unmatched(self):
        """Of frappe/erpnext#54947: the difference of the rates stayed as unallocated amount."""
        invoice = self._invoice(self.partner, 4, 110.0, currency_id=self.dollar.id)
        rates = {"currency_id": self.dollar.id, "company_id": self.company.id}
        self.env["res.currency.rate"].create({**rates, "name": self.TODAY, "rate": 1.6})
        self._payment(self.partner, 110.0, currency=self.dollar)
        row = self._rows(self.partner)
        self.assertEqual((row.suggestion_code, row.target_ids.move_id), ("exact_amount", invoice))
        row.action_apply()
        self.assertEqual((invoice.amount_residual, len(self._rows(self.partner))), (0, 0))

    def test_two_invoices_paid_at_once_are_found(self):
        """Of erp-mafia/accounted#2293: only pairs were proposed, and the money was booked twice."""
        self._invoice(self.partner, 3, 250.0)
        third = self._invoice(self.partner, 2, 333.0)
        self._statement_line(1333.0, partner_id=self.partner.id)
        row = self._rows(self.partner)
        self.assertEqual((row.suggestion_code, row.target_ids.move_id), ("some_items", self.invoice | third))

    def test_the_reminder_of_the_next_cycle_waits_for_what_was_paid(self):
        """Of masslight/ottehr#8548, odoo/documentation#4497 and adempiere/adempiere#2362."""
        self._day()
        self._statement_line(1000.0, partner_id=self.partner.id, day=self.TODAY.replace(day=17))
        self.assertFalse(self._day(self.TODAY.replace(day=17)))
        self.assertCode(self.customer, "unmatched_payment")

    def test_a_locked_period_refuses_the_match_of_a_statement_line(self):
        self._statement_line(1000.0, self.invoice.name, partner_id=self.partner.id)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_company SET fiscalyear_lock_date = %s WHERE id = %s", (self.TODAY, self.company.id)
        )
        with self.assertRaises(UserError):
            self._rows(self.partner, self.collector).action_apply()
        self.assertEqual(self.invoice.amount_residual, 1000.0)
