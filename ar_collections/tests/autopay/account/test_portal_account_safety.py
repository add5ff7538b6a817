from odoo.tests import tagged
from odoo.tests.common import JsonRpcException
from odoo.tools import mute_logger

from ..common_portal_autopay import PortalAutopayCase


@tagged("post_install", "-at_install")
class TestPortalAccountSafety(PortalAutopayCase):
    """Whose methods are charged for whose account: strangers, old links, other companies, requests that are forged."""

    def _refused(self, answer):
        self.assertEqual(answer.status_code, 404)
        self.assertNotIn(self.payer.name, answer.text)

    def test_a_link_cannot_put_a_text_on_the_page(self):
        self._login()
        for suffix in ("", "/change"):
            self.assertNotIn("Call+0900", self._open(suffix, problem="Call+0900").text.replace(" ", "+"))
        self.assertNotIn("Call+0900", self._review(problem="Call+0900").text.replace(" ", "+"))

    # === METHODS OF OTHERS === #

    def test_methods_of_others_are_neither_shown_nor_taken(self):
        colleague = self._partner(name="A colleague", is_company=False, parent_id=self.payer.id)
        stranger = self._partner(name="A stranger", is_company=False)
        self._login()
        page = self._review()
        for token in (self._saved_method(partner, payment_details="6666") for partner in (colleague, stranger)):
            self.assertNotIn("6666", self._open().text)
            self.assertIn("saved payment methods", self._review(method=token.id).text)
            self.assertIn("saved payment methods", self._agree_on(page, method=token.id).text)
        self.assertFalse(self.consent)

    def test_a_contact_uses_the_own_method_and_that_of_the_customer(self):
        colleague = self._partner(name="A colleague", is_company=False, parent_id=self.payer.id)
        self._portal_user(colleague, "colleague")
        card = self._saved_method(colleague, payment_details="6666")
        self.authenticate("colleague", "colleague")
        page = self._open()
        self.assertIn("6666", page.text)
        self.assertIn("4242", page.text)
        self._agree_on(self._review(method=card.id))
        self.assertEqual(self.consent.token_id, card)

    def test_a_link_alone_shows_no_saved_method_and_takes_none(self):
        page = self._open()
        self.assertNotIn("4242", page.text)
        self.assertIn("Add a payment method", page.text)
        self.assertIn("saved payment methods", self._review().text)
        self._login()
        form = self._review()
        self.authenticate(None, None)
        self._agree_on(form)
        self.assertFalse(self.consent)

    def test_a_link_alone_can_stop(self):
        self._accept()
        self._stop()
        self.assertFalse(self.consent)

    def test_a_user_of_another_customer_with_the_link_chooses_nothing(self):
        stranger = self._partner(name="A stranger", is_company=False)
        self._portal_user(stranger, "stranger")
        card = self._saved_method(stranger, payment_details="6666")
        self._login()
        form = self._review()
        self.authenticate("stranger", "stranger")
        page = self._open()
        self.assertNotIn("6666", page.text)
        self.assertIn("Only contacts of", page.text)
        for token in (card, self.token):
            self._agree_on(form, method=token.id)
        self.assertFalse(self.consent)
        with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
            self._save()

    def test_a_method_of_another_company_is_refused(self):
        company = self._create_company(name="Elsewhere")
        provider = self.demo.copy({"company_id": company.id, "state": "test"})
        elsewhere = self._saved_method(self.payer, provider=provider, payment_details="7777")
        self._login()
        self.assertNotIn("7777", self._open().text)
        self.assertIn("saved payment methods", self._review(method=elsewhere.id).text)

    # === LINKS === #

    def test_without_a_valid_link_there_is_no_such_page(self):
        self._accept()
        other = self._customer(self._partner(name="Somebody Else"))
        link = self.env["ar.portal.link"].sudo()._find(self.customer, self._key(self.customer))
        for key in ("", "wrong", self._key(other)):
            for suffix in ("", "/change", "/review", "/method"):
                with self.subTest(key=key, suffix=suffix):
                    self._refused(self._open(suffix, token=key or "-"))
        link._revoke()
        self._refused(self._open())
        self.assertTrue(self.consent)

    def test_a_revoked_link_stops_nothing_and_saves_nothing(self):
        self._accept()
        page = self._open()
        self.env["ar.portal.link"].sudo()._find(self.customer, self._key(self.customer))._revoke()
        self._refused(self._stop(page))
        self.assertTrue(self.consent)
        with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
            self._save()

    # === REQUESTS === #

    def test_opening_an_address_changes_nothing(self):
        self._accept()
        for query in ({"do": "stop"}, {"do": "agree", "accept": "1", "name": "X"}):
            self._open(**query)
            self._open("/review", **query)
            self._open("/change", **query)
        self.assertEqual(len(self.customer.sudo().autopay_consent_ids), 1)
        self.assertTrue(self.consent)

    def test_a_form_of_another_site_is_refused(self):
        self._login()
        self._agree_on(self._review(), csrf_token="forged")
        self.assertFalse(self.consent)
        self._accept()
        with mute_logger("odoo.http"):
            self._stop(csrf_token="forged")
        self.assertTrue(self.consent)

    def test_nonsense_is_refused_like_a_wrong_entry(self):
        self._login()
        page = self._review()
        for values in ({"method": "9" * 30}, {"month_day": "²", "charge_on": "month_day"}, {"maximum_charge": "1e99"}):
            self.assertEqual(self._agree_on(page, **values).status_code, 200)
        self.assertFalse(self.consent)

    # === SAVING A METHOD === #

    def _save(self, **values):
        """Save a method by the form's own route; return the transaction."""
        params = {
            "provider_id": self.demo.id,
            "payment_method_id": self.card.id,
            "token_id": None,
            "amount": None,
            "flow": "direct",
            "tokenization_requested": True,
            "landing_route": "https://elsewhere.example.com",
            "is_validation": True,
            "access_token": self._key(self.customer),
            **values,
        }
        processing = self.make_jsonrpc_request(f"{self.url}/transaction", params=params)
        return self.env["payment.transaction"].sudo().search([("reference", "=", processing["reference"])])

    def _saved(self, **values):
        """Save a method and let the provider report "done"."""
        transaction = self._save(**values)
        transaction._process(
            "demo",
            {"reference": transaction.reference, "simulated_state": "done", "payment_details": "5555"},
        )
        self.env.invalidate_all()
        return transaction

    def test_who_has_the_link_saves_a_method_and_agrees_without_a_login(self):
        transaction = self._saved()
        self.assertEqual((transaction.operation, transaction.partner_id), ("validation", self.payer))
        self.assertTrue(transaction.landing_route.endswith(f"{self.customer.id}/autopay"))
        self.assertIn("5555", self._open().text)
        self._agree_on(self._review(method=transaction.token_id.id))
        self.assertEqual(self.consent.token_id, transaction.token_id)

    def test_what_one_visitor_saved_is_not_offered_to_the_next(self):
        token = self._saved().token_id
        self.opener.cookies.clear()
        self.authenticate(None, None)
        self.assertNotIn("5555", self._open().text)
        self.assertIn("saved payment methods", self._review(method=token.id).text)

    def test_what_was_saved_for_one_account_is_not_taken_for_another(self):
        token = self._saved().token_id
        other = self._customer(self._partner(name="Somebody Else"))
        page = self._open("/review", customer=other, method=token.id, charge_on="due_date")
        self.assertIn("saved payment methods", page.text)

    def test_saving_takes_no_amount_partner_or_existing_method_from_the_request(self):
        transaction = self._save(amount=99.0)
        self.assertEqual(transaction.amount, self.demo._get_validation_amount())
        for values in ({"flow": "token", "token_id": self.token.id}, {"provider_id": self.demo.id + 1000}):
            with self.subTest(values=values), self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
                self._save(**values)

    def test_saving_is_limited(self):
        self.policy.portal_payments_per_day = 1
        self._save()
        with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
            self._save()
