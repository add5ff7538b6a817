from odoo.tests import tagged

from .common_portal_autopay import PortalAutopayCase


@tagged("post_install", "-at_install")
class TestAutopayNotices(PortalAutopayCase):
    """The customer is told by mail what it agreed to, and that it ended."""

    def _told(self, word):
        return [mail for mail in self._deliver(self.TODAY) if word in mail["subject"]]

    def test_the_consent_is_confirmed_with_its_text(self):
        self._accept(charge_on="month_day", month_day=31, maximum_charge=500)
        (mail,) = self._told("agreed to automatic payments")
        for part in ("4242", "on day 31", "500.00", "I authorize", "/autopay?access_token="):
            self.assertIn(part, mail["body"])

    def test_the_end_is_confirmed(self):
        self._accept()
        self._told("agreed")
        self.customer._stop_autopay("by the customer")
        (mail,) = self._told("have ended")
        self.assertIn("Nothing more is charged", mail["body"])

    def test_a_consent_that_ended_before_it_was_confirmed_is_told_once(self):
        self._accept()
        self.customer._stop_autopay("by the customer")
        self.assertEqual(len(self._told("automatic payments")), 1)

    def test_a_replaced_consent_is_no_end(self):
        self._accept()
        self._accept(charge_on="month_day", month_day=5)
        self.assertEqual(len(self._told("have ended")), 0)

    def test_excluded_customers_are_told_too(self):
        self.customer.write({"excluded": True, "exclusion_reason": "Test"})
        self._accept()
        self.assertEqual(len(self._told("agreed")), 1)

    def test_confirmations_are_limited_while_stopping_is_not(self):
        self.policy.portal_confirmations_per_day = 1
        for _time in range(3):
            self._accept()
            self.customer._stop_autopay("by the customer")
        notices = self.env["ar.communication"].search([("customer_id", "=", self.customer.id), ("notice", "!=", False)])
        self.assertEqual(len(notices), 1)
        self.assertFalse(self.consent)

    def test_its_removed_method_is_named_in_the_end(self):
        self._accept()
        self._told("agreed")
        self.token.active = False
        (mail,) = self._told("have ended")
        self.assertIn("4242", mail["body"])

    # === CHARGES === #

    def test_an_announcement_and_a_failure_name_invoices_day_and_method(self):
        self._accept()
        self._told("agreed")
        consent = self.consent
        parts = [(move.name, move.amount_residual, move.currency_id) for move in self.old + self.new]
        for notice, texts in (
            ("account_autopay_announced", ("300.00", "4242", "until the day before")),
            ("account_autopay_failed", ("300.00", "4242", "pay these invoices yourself")),
        ):
            communication = consent._notify(notice)
            html = consent._render_charge(communication, self.TODAY, parts)
            for text in (*texts, self.old.name, communication._format_date(self.TODAY)):
                self.assertIn(text, html)
