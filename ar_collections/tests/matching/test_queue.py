from datetime import timedelta

from odoo.exceptions import UserError

from .common_matching import ArMatchingCommon


class TestQueue(ArMatchingCommon):
    """The queue "Match First": each piece of money with what it was probably paid for, applied through core."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late(4, 100.0)
        cls.partner = cls.customer.partner_id

    def _states(self, row):
        return row.kind, row.amount, row.suggestion_code, row.target_ids

    def test_nothing_is_unmatched(self):
        self._pay(self.invoice)
        self.assertFalse(self._rows(self.partner))

    def test_a_payment_on_account(self):
        payment = self._payment(self.partner, 100.0, memo="Transfer 7")
        row = self._rows(self.partner)
        self.assertEqual(self._states(row), ("payment", 100.0, "exact_amount", self._debt(self.invoice)))
        self.assertEqual((row.reference, row.customer_id, row.move_id), ("Transfer 7", self.customer, payment.move_id))
        self.assertEqual((row.open_item_count, row.date), (1, self.TODAY))

    def test_a_credit_note(self):
        self._invoice(self.partner, 0, 30.0, move_type="out_refund")
        self.assertEqual(self._states(self._rows(self.partner))[:3], ("credit_note", 30.0, False))

    def test_a_statement_line_found_by_name_is_in_the_queue(self):
        self._statement_line(100.0, partner_name="  patient PAYER")
        row = self._rows(self.partner)
        self.assertEqual((row.kind, row.basis, row.suggestion_code), ("statement", "name", "exact_amount"))

    def test_a_name_of_two_customers_is_not(self):
        self._late(4, 50.0)
        self._statement_line(100.0, partner_name="Patient Payer")
        self.assertFalse(self._rows(self.partner))

    def test_two_invoices_of_one_amount_are_shown_as_ambiguous(self):
        self._invoice(self.partner, 2, 100.0)
        self._payment(self.partner, 100.0)
        row = self._rows(self.partner)
        self.assertEqual((row.suggestion_code, row.suggestion_text, row.target_ids.ids), ("ambiguous", False, []))
        with self.assertRaisesRegex(UserError, "nothing is suggested"):
            row.action_apply()

    def test_apply_a_payment(self):
        self._payment(self.partner, 100.0)
        self._rows(self.partner).action_apply()
        self.assertEqual((self.invoice.payment_state, self.invoice.amount_residual), ("paid", 0))
        self.assertFalse(self._rows(self.partner))

    def test_apply_never_takes_more_than_is_open(self):
        self._payment(self.partner, 130.0, memo=self.invoice.name)
        self._rows(self.partner).action_apply()
        self.assertEqual(self.invoice.amount_residual, 0)
        self.assertEqual(self._rows(self.partner).amount, 30.0)

    def test_apply_a_part(self):
        self._payment(self.partner, 40.0, memo=self.invoice.name)
        self._rows(self.partner).action_apply()
        self.assertEqual((self.invoice.payment_state, self.invoice.amount_residual), ("partial", 60.0))

    def test_apply_a_sum_of_invoices_as_a_collector(self):
        second = self._invoice(self.partner, 2, 50.0)
        self._payment(self.partner, 150.0)
        self._rows(self.partner, self.collector).action_apply()
        self.assertEqual((self.invoice | second).mapped("amount_residual"), [0, 0])

    def test_apply_a_payment_in_another_currency_at_the_rate_of_its_day(self):
        self._payment(self.partner, 100.0, memo=self.invoice.name, currency=self.dollar)
        row = self._rows(self.partner)
        self.assertEqual((row.currency_id, row.suggestion_code), (self.dollar, "reference"))
        row.action_apply()
        self.assertEqual(self.invoice.amount_residual, 50.0)

    def test_another_currency_is_not_suggested_by_amount(self):
        self._payment(self.partner, 100.0, currency=self.dollar)
        self.assertFalse(self._rows(self.partner).suggestion_code)

    def test_apply_a_statement_line_of_the_customer(self):
        line = self._statement_line(100.0, partner_id=self.partner.id)
        self._rows(self.partner, self.collector).action_apply()
        self.env.invalidate_all()
        self.assertTrue(line.is_reconciled)
        self.assertEqual((self.invoice.payment_state, line.partner_id, line.amount), ("paid", self.partner, 100.0))
        self.assertFalse(self._rows(self.partner))

    def test_apply_a_statement_line_without_partner(self):
        line = self._statement_line(70.0, self.invoice.name)
        row = self._rows(self.partner, self.collector)
        self.assertEqual((row.basis, row.suggestion_code), ("reference", "reference"))
        row.action_apply()
        self.env.invalidate_all()
        self.assertEqual(
            (line.is_reconciled, line.partner_id, self.invoice.amount_residual), (True, self.partner, 30.0)
        )

    def test_what_is_left_of_a_statement_line_is_a_payment_on_account(self):
        self._statement_line(130.0, self.invoice.name)
        self._rows(self.partner).action_apply()
        row = self._rows(self.partner)
        self.assertEqual((self.invoice.amount_residual, row.kind, row.amount), (0, "payment", 30.0))

    def test_apply_a_statement_line_in_another_currency(self):
        self._statement_line(
            50.0, self.invoice.name, partner_id=self.partner.id, foreign_currency_id=self.dollar.id, amount_currency=100
        )
        row = self._rows(self.partner)
        self.assertEqual((row.currency_id, row.amount), (self.dollar, 100.0))
        row.action_apply()
        self.assertEqual(self.invoice.amount_residual, 50.0)

    def test_a_changed_suggestion_is_refused(self):
        self._payment(self.partner, 100.0, memo=self.invoice.name)
        row = self._rows(self.partner)
        shown = row.suggestion_key
        self._pay(self.invoice, 20.0)
        with self.assertRaisesRegex(UserError, "have changed"):
            row.with_context(ar_suggestion=shown).action_apply()
        self.assertEqual(self.invoice.amount_residual, 80.0)

    def test_what_was_matched_meanwhile_is_refused(self):
        payment = self._payment(self.partner, 100.0)
        row = self._rows(self.partner)
        line = payment.move_id.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        self.invoice.js_assign_outstanding_line(line.id)
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "matched already"):
            row.action_apply()

    def test_apply_several_leaves_those_without_suggestion(self):
        self._payment(self.partner, 100.0)
        self._payment(self.partner, 7.77, memo="What for?")
        result = self._rows(self.partner).action_apply()
        self.assertIn("Payments matched: 1", result["params"]["message"])
        self.assertIn("What for?", result["params"]["message"])
        self.assertEqual((self.invoice.amount_residual, self._rows(self.partner).amount), (0, 7.77))

    def test_a_payment_of_the_parent_for_an_invoice_of_its_subsidiary(self):
        parent = self._partner(name="Parent Group", email="group@customer.example.com")
        self.partner.parent_id = parent
        person = self.env["res.partner"].create({"name": "Person", "parent_id": parent.id})
        self._payment(person, 100.0, memo=self.invoice.name)
        row = self._rows(parent)
        self.assertEqual((row.suggestion_code, row.target_ids), ("reference", self._debt(self.invoice)))
        self.assertIn(self.partner.name, row.suggestion_text)
        row.action_apply()
        self.assertEqual(self.invoice.amount_residual, 0)

    def test_a_statement_line_of_a_sister_company_is_booked_on_the_customer_of_the_invoice(self):
        parent = self._partner(name="Parent Group", email="group@customer.example.com")
        sister, _invoice = self._late(4, 50.0, name="Sister", email="sister@customer.example.com")
        (self.partner | sister.partner_id).parent_id = parent
        line = self._statement_line(100.0, self.invoice.name, partner_id=sister.partner_id.id)
        row = self._rows(sister.partner_id, self.collector)
        self.assertEqual((row.suggestion_code, row.customer_id), ("reference", sister))
        row.action_apply()
        self.env.invalidate_all()
        self.assertEqual((self.invoice.amount_residual, line.partner_id), (0, sister.partner_id))

    def test_a_payment_of_a_sister_company_is_not_suggested_by_amount(self):
        parent = self._partner(name="Parent Group", email="group@customer.example.com")
        sister = self._partner(name="Sister", email="sister@customer.example.com")
        (self.partner | sister).parent_id = parent
        self._payment(sister, 100.0)
        self.assertFalse(self._rows(sister).suggestion_code)

    def test_the_task_closes_with_the_last_payment(self):
        self._statement_line(60.0, self.invoice.name)
        self._run()
        self.assertEqual(len(self._tasks(self.customer, "match")), 1)
        self._rows(self.partner, self.collector).action_apply()
        self.assertFalse(self._tasks(self.customer, "match"))

    def test_who_may_not_reconcile_is_refused(self):
        self._payment(self.partner, 100.0)
        auditor = self._user("auditor", login="matching-auditor")
        with self.assertRaises(UserError):
            self._rows(self.partner, auditor).action_apply()

    def test_the_customers_form_leads_to_its_payments(self):
        self._payment(self.partner, 33.0)
        self.env.flush_all()
        self.assertEqual(self.customer.unmatched_count, 1)
        rows = self.env["ar.unmatched.payment"].search(self.customer.action_open_unmatched()["domain"])
        self.assertEqual(rows.action_open()["res_id"], rows.move_id.id)
        self.assertEqual(rows.action_open_customer()["res_id"], self.customer.id)

    def test_days_waiting_count_from_the_day_of_booking(self):
        self._payment(self.partner, 33.0, day=self.TODAY - timedelta(days=5))
        with self._on():
            self.assertEqual(self._rows(self.partner).days_waiting, 5)

    def test_the_queue_of_another_company_is_not_shown(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._user("credit_manager", login="stranger", company_id=other.id, company_ids=[(6, 0, other.ids)])
        self._payment(self.partner, 33.0)
        rows = self.env["ar.unmatched.payment"].with_user(stranger).with_company(other)
        self.assertFalse(rows.search([]))

    def test_many_payments_are_suggested_with_as_many_statements_as_few(self):
        for number in range(12):
            self._payment(self.partner, 10.0 + number, memo=f"Transfer {number}")

        def count(rows):
            rows.mapped("suggestion_text")
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows.mapped("suggestion_text")
            return self.env.cr.sql_log_count - before

        rows = self._rows(self.partner)
        self.assertLessEqual(count(rows), count(rows[:1]) + 2)
