"""The customer pays the agreed amount by one click, and never more than that."""

from datetime import datetime, time, timedelta

from freezegun import freeze_time

from odoo import SUPERUSER_ID
from odoo.tests import tagged

from .common_settlement_page import SettlementPageCommon


@tagged("post_install", "-at_install")
class TestSettlementPage(SettlementPageCommon):
    def test_the_page_of_the_account_has_a_button_for_the_agreed_amount(self):
        page = self._page()
        self.assertIn("o_ar_settlement_pay", page.text)
        self.assertIn("180.00", page.text)
        self.assertIn(f"/my/receivables/{self.customer.id}/settlement/{self.settlement.id}/pay", page.text)

    def test_its_own_page_says_what_is_owed_and_what_settles_it(self):
        response = self._open()
        self.assertEqual(response.status_code, 200)
        for text in ("300.00", "180.00", self.old.name, self.new.name, "all of it is owed as before"):
            self.assertIn(text, response.text)

    def test_one_click_pays_exactly_the_agreed_amount(self):
        response = self._press_pay(amount="1")
        self.assertEqual(self._form_of(response)[1], 180.0)
        transaction = self._submit(response)
        self.assertEqual([(row.name, row.amount) for row in transaction.ar_allocation_ids], [(self.old.name, 180.0)])
        self._complete(transaction)
        self.assertEqual((self.old.amount_residual, self.new.amount_residual), (20.0, 100.0))
        page = self._page()
        self.assertIn("Paid, thank you", page.text)
        self.assertNotIn("o_ar_settlement_pay", page.text)
        self._judge()
        self.assertEqual((self.settlement.state, self.settlement.amount_paid), ("paid", 180.0))
        self.assertEqual(
            sorted(self.settlement.credit_note_ids.mapped(lambda note: (note.state, note.amount_total))),
            [("draft", 20.0), ("draft", 100.0)],
        )
        self.assertIn("the rest is being credited", self._open().text)

    def test_a_payment_of_the_last_evening_is_in_time(self):
        """In New York; where it is booked, by a scheduled action, it is the next day already."""
        self.company.ar_time_zone = "America/New_York"
        transaction = self._submit(self._press_pay())
        after = self.settlement.date_until + timedelta(days=1)
        with freeze_time(datetime.combine(after, time(1, 30))):
            transaction._set_done()
            transaction.with_user(SUPERUSER_ID)._post_process()
        self._judge(after)
        self.assertEqual((self.settlement.state, self.settlement.amount_paid), ("paid", 180.0))

    def test_what_was_paid_before_counts(self):
        self._complete(self._submit(self._select(self.old, amounts={self.old: "50"})))
        response = self._open()
        self.assertIn("Still to pay of it", response.text)
        self._complete(self._submit(self._press_pay()))
        self._judge()
        self.assertEqual((self.settlement.state, self.settlement.amount_paid), ("paid", 180.0))

    def test_the_amount_of_a_request_is_only_compared(self):
        response = self._press_pay()
        for amount in (1.0, 179.0, 300.0, -180.0, "180"):
            with self.subTest(amount=amount):
                self._submit_refused(response, "higher than the amount due", amount=amount)
        self.assertFalse(self.env["payment.transaction"].search([("ar_customer_id", "=", self.customer.id)]))

    def test_two_windows_pay_once(self):
        first, second = self._press_pay(), self._press_pay()
        self.assertEqual(self._form_of(first), self._form_of(second))
        transaction = self._submit(first)
        self.assertEqual(self._submit(second), transaction)
        transaction._set_pending()
        self.env.flush_all()
        self._submit_refused(second, "can no longer be paid")
        self.assertIn("can no longer be paid", self._press_pay().text)
        self.assertIn("Payment is being processed", self._open().text)

    def test_an_invoice_that_is_posted_again_is_paid_by_a_new_choice(self):
        form = self._press_pay()
        self.old.button_draft()
        self.old.line_ids.filtered(lambda line: line.display_type == "payment_term").name = "Again"
        self.old.action_post()
        self.env.flush_all()
        response = self._press_pay()
        self.assertEqual(self._form_of(response)[1], 180.0)
        self._complete(self._submit(response))
        self.assertEqual(self.old.amount_residual, 20.0)
        self._submit_refused(form, "can no longer be paid")

    def test_a_part_paid_meanwhile_is_not_paid_again(self):
        form = self._press_pay()
        self._complete(self._submit(self._select(self.new)))
        self._submit_refused(form, "higher than the amount due")
        form = self._press_pay()
        self.assertEqual(self._form_of(form)[1], 80.0)
        self._complete(self._submit(form))
        self.assertEqual((self.old.amount_residual, self.new.amount_residual), (120.0, 0.0))
        self._judge()
        self.assertEqual(self.settlement.state, "paid")

    def test_after_the_day_the_ordinary_amount_is_owed(self):
        form = self._press_pay()
        self.settlement.sudo().date_until = self.TODAY - timedelta(days=1)
        self.env.flush_all()
        self._submit_refused(form, "can no longer be paid")
        self.assertIn("can no longer be paid", self._press_pay().text)
        self.assertIn("has ended", self._open().text)
        self.assertNotIn("o_ar_settlement_pay", self._page().text)
        self.assertEqual(self._form_of(self._select(self.old, self.new))[1], 300.0)

    def test_what_is_withdrawn_is_not_paid(self):
        form = self._press_pay()
        self.settlement.with_user(self.collector).action_withdraw()
        self.env.flush_all()
        self._submit_refused(form, "can no longer be paid")
        self.assertIn("has ended", self._open().text)

    def test_the_policys_limits_to_partial_payments_do_not_apply(self):
        self.customer.policy_id.write({"allow_partial_payment": False})
        self.assertEqual(self._form_of(self._press_pay())[1], 180.0)


@tagged("post_install", "-at_install")
class TestSettlementPageAccess(SettlementPageCommon):
    def test_nobody_else_sees_or_pays_it(self):
        other = self._customer(self._partner(name="Another Payer"))
        portal = self._portal_user(other.partner_id, "another-payer")
        for login in (None, portal.login):
            self.authenticate(login, login)
            with self.subTest(login=login):
                for response in (
                    self.url_open(f"/my/receivables/{self.customer.id}/settlement/{self.settlement.id}"),
                    self._open(customer=other),
                    self._press_pay(customer=other),
                    self._press_pay(access_token="wrong"),
                ):
                    self.assertEqual(response.status_code, 404)
                    self.assertNotIn("180.00", response.text)

    def test_what_is_not_agreed_yet_is_not_shown(self):
        customer = self._customer(self._partner(name="Waits"))
        self._invoice(customer.partner_id, overdue_days=40, amount=500.0)
        settlement = self._request(250.0, customer)
        self.env.flush_all()
        for _state in ("requested", "rejected"):
            self.assertEqual(self._open(settlement, customer).status_code, 404)
            self.assertEqual(self._press_pay(settlement, customer).status_code, 404)
            self.assertNotIn(settlement.name, self._page(customer).text)
            if settlement.state == "requested":
                settlement.with_user(self.credit_manager)._reject("Too little")
            self.env.flush_all()

    def test_payments_are_limited_as_all_others(self):
        self.customer.policy_id.portal_payments_per_day = 1
        self._press_pay()
        self.assertIn("Please write or call us", self._press_pay().text)
