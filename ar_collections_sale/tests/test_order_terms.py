from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common_order import ArOrderCommon


@tagged("post_install", "-at_install")
class TestOrderTerms(ArOrderCommon):
    """A quotation says where it gives more days than the class of the customer may have."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._user_of_odoo("sells", "sales_team.group_sale_salesman_all_leads")
        cls.customer.sudo().risk_class = "D"
        cls.credit_manager.name = "Carla Credit"
        cls.policy.sudo().rule_ids = [
            Command.create({"code": "terms_too_long", "status": "hold", "use_days": True, "days": 30, "classes": "D"})
        ]

    def _terms(self, *days, **values):
        """Return payment terms of equal parts, due after so many days."""
        parts = [Command.create({"value": "percent", "value_amount": 100 / len(days), "nb_days": day}) for day in days]
        return self.env["account.payment.term"].create({"name": "Terms", "line_ids": parts, **values})

    def _with(self, terms, **values):
        return self._order(100, payment_term_id=terms and terms.id, **values)

    def _text(self, order):
        with self._on():
            order = order.with_user(self.seller)
            order.invalidate_recordset(["ar_credit_text", "ar_credit_status"])
            return order.ar_credit_text

    def test_the_line_says_what_it_gives_what_is_allowed_and_whom_to_ask(self):
        order = self._with(self._terms(90))
        text = self._text(order)
        self.assertRegex(text, "^On hold: .*Payment terms of 90 days; the customer may have 30.*Choose shorter.*Ask")
        self.assertIn("Carla Credit", text)
        with self.assertRaisesRegex(UserError, "may have 30"):
            self._confirm(order, self.seller)

    def test_what_the_class_may_have_is_confirmed(self):
        discount = {"early_discount": True, "discount_percentage": 2, "discount_days": 40}
        for terms in (False, self._terms(30), self._terms(0, 30), self._terms(30, **discount)):
            order = self._with(terms)
            with self.subTest(terms=terms):
                self._confirm(order)
                self.assertEqual(order.state, "sale")

    def test_the_last_part_counts(self):
        self.assertIn("60 days", self._text(self._with(self._terms(0, 30, 45, 60))))

    def test_the_end_of_the_month_counts_from_today(self):
        terms = self._terms(25)
        terms.line_ids.delay_type = "days_after_end_of_month"
        self.assertIn("45 days", self._text(self._with(terms)))  # 10 to 30 June, and 25 days

    def test_it_follows_what_is_chosen(self):
        with self._on(), Form(self._with(self._terms(30))) as form:
            self.assertEqual(form.ar_credit_status, "good")
            form.payment_term_id = self._terms(60)
            self.assertIn("60 days", form.ar_credit_text)

    def test_the_policy_may_warn_or_inform_only(self):
        self.policy.sudo().effect_order = "warn"
        order = self._with(self._terms(60))
        self.assertRegex(self._text(order), "^Credit warning: .*60 days.*Or ask")
        self.assertIn("with a warning", self._confirm(order)["params"]["message"])
        self.policy.sudo().effect_order = "inform"
        order = self._with(self._terms(60))
        self.assertIn("60 days", self._text(order))
        self.assertIs(self._confirm(order), True)

    def test_terms_that_are_paid_for_are_no_credit(self):
        self.provider.code = "demo"
        order = self._with(self._terms(60))
        transaction = self._create_transaction(
            "direct", amount=100, currency_id=order.currency_id.id, partner_id=self.partner.id, state="done"
        )
        transaction.sale_order_ids = order
        self._confirm(order)
        self.assertEqual(order.state, "sale")
