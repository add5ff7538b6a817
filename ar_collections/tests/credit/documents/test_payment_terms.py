from odoo import Command

from ....core.credit.effect import BLOCK, INFORM, WARN
from .common_documents import ArDocumentsCommon


class TestPaymentTerms(ArDocumentsCommon):
    """A draft invoice says where it gives more days than the class of the customer may have."""

    LIMIT = 100000

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.credit_manager.name = "Carla Credit"
        cls.customer.sudo().risk_class = "D"
        cls.policy.sudo().rule_ids = [
            Command.create(
                {"code": "terms_too_long", "status": "hold", "use_days": True, "days": 30, "classes": "D, E"}
            )
        ]

    def _terms(self, *lines, **values):
        """Return payment terms of parts: (percent, days, further values)."""
        return self.env["account.payment.term"].create(
            {
                "name": "Terms",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": percent, "nb_days": days, **more})
                    for percent, days, more in lines
                ],
                **values,
            }
        )

    def _read(self, draft, user=None):
        draft.invalidate_recordset()
        with self._on():
            draft = draft.with_user(user or self.biller)
            return draft.ar_credit_text, draft.ar_is_blocked

    def _invoice_with(self, terms, **values):
        return self._draft(100, invoice_payment_term_id=terms.id, **values)

    def test_the_line_says_what_it_gives_what_is_allowed_and_whom_to_ask(self):
        text, is_blocked = self._read(self._invoice_with(self._terms((100, 90, {}))))
        self.assertTrue(is_blocked)
        self.assertRegex(
            text, "^On hold: Payment terms of 90 days; the customer may have 30.*Choose shorter.*Ask .*Carla"
        )
        self._assert_held(self._invoice_with(self._terms((100, 31, {}))), "31 days; the customer may have 30")
        self.assertEqual(self._post(self._invoice_with(self._terms((100, 30, {})))), ["posted"])

    def test_of_several_parts_the_last_one_counts(self):
        self.assertIn(
            "60 days", self._read(self._invoice_with(self._terms((50, 0, {}), (30, 60, {}), (20, 30, {}))))[0]
        )
        self.assertFalse(self._read(self._invoice_with(self._terms((50, 0, {}), (50, 30, {}))))[1])

    def test_an_early_payment_discount_makes_terms_no_shorter(self):
        discount = {"early_discount": True, "discount_percentage": 2, "discount_days": 10}
        self.assertIn("45 days", self._read(self._invoice_with(self._terms((100, 45, {}), **discount)))[0])

    def test_the_end_of_a_month_counts_from_the_date_of_the_invoice(self):
        terms = self._terms((100, 25, {"delay_type": "days_after_end_of_month"}))
        early = self._invoice_with(terms, invoice_date=self.TODAY.replace(day=1))
        self.assertIn("54 days", self._read(early)[0])
        late = self._invoice_with(terms, invoice_date=self.TODAY.replace(day=28))
        self.assertFalse(self._read(late)[1])

    def test_without_terms_the_due_date_counts(self):
        without = {"invoice_payment_term_id": False}
        self.assertFalse(self._read(self._draft(100, **without, invoice_date_due=self.TODAY))[1])
        due = self.TODAY.replace(month=self.TODAY.month + 2)
        self.assertIn("61 days", self._read(self._draft(100, **without, invoice_date_due=due))[0])

    def test_a_draft_that_waited_gets_its_terms_from_the_day_of_posting(self):
        draft = self._invoice_with(self._terms((100, 31, {})), invoice_date=False)
        draft.invoice_date_due = self.TODAY  # as it was computed weeks ago
        self.assertIn("31 days", self._read(draft)[0])

    def test_a_policy_that_warns_or_informs_says_it_and_holds_nothing(self):
        for effect, start in ((WARN, "^Credit warning: Payment terms"), (INFORM, "^Payment terms")):
            self.policy.sudo().effect_invoice = effect
            draft = self._invoice_with(self._terms((100, 90, {})))
            with self.subTest(effect=effect):
                text, is_blocked = self._read(draft)
                self.assertRegex(text, start)
                self.assertIn("Choose shorter payment terms. Or ask", text)
                self.assertFalse(is_blocked)
                self.assertEqual(self._post(draft), ["posted"])

    def test_it_is_said_without_a_limit_where_the_policy_only_informs(self):
        self.policy.sudo().write({name: INFORM for name in ("effect_invoice", "effect_order", "effect_delivery")})
        self.policy.sudo().effect_delivered_invoice = INFORM
        self.customer.sudo().write({"credit_limit_kind": "none", "credit_limit": 0})
        draft = self._invoice_with(self._terms((100, 90, {})))
        self.assertIn("may have 30", self._read(draft)[0])
        self.customer.sudo().risk_class = "A"
        self.assertFalse(self._read(draft)[0])

    def test_another_class_may_have_more_and_a_release_lets_it_pass(self):
        draft = self._invoice_with(self._terms((100, 90, {})))
        self._release(draft)
        self.assertNotIn("Choose shorter", self._read(draft)[0])
        self.assertEqual(self._post(draft), ["posted"])
        self.customer.sudo().risk_class = "B"
        self.assertEqual(self._post(self._invoice_with(self._terms((100, 90, {})))), ["posted"])

    def test_an_invoice_with_short_terms_is_posted_although_those_of_the_customer_are_too_long(self):
        self.partner.with_company(self.company).property_payment_term_id = self._terms((100, 90, {}))
        for releases_itself in (True, False):
            self.policy.sudo().releases_itself = releases_itself
            self._night()
            self.assertEqual(self.customer.credit_status, "hold")
            with self.subTest(releases_itself=releases_itself):
                self.assertEqual(self._post(self._invoice_with(self._terms((100, 14, {})))), ["posted"])

    def test_it_follows_what_is_entered(self):
        draft = self._invoice_with(self._terms((100, 14, {})))
        self.assertFalse(self._read(draft)[1])
        draft.invoice_payment_term_id = self._terms((100, 90, {}))
        with self._on():
            self.assertIn("90 days", draft.with_user(self.biller).ar_credit_text)

    def test_reasons_that_an_older_version_stored_are_told(self):
        reasons = self.env["ar.credit.reasons"]
        stored = reasons._load([{"code": "terms_too_long", "status": "hold", "days": 90, "detail": ["D"]}])
        (text,) = reasons._describe(stored, self.company.currency_id)
        self.assertEqual(text, "Payment terms of 90 days; risk class D may have fewer.")

    def test_the_policy_blocks_what_it_says(self):
        self.policy.sudo().effect_invoice = BLOCK
        self._assert_held(self._draft(100, invoice_payment_term_id=self._terms((100, 365, {})).id), "365 days")
