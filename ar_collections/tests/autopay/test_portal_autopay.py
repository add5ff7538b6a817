import re
from datetime import timedelta

from odoo.tests import tagged

from ..portal.common_portal import ArPortalCommon
from .common_autopay import AutopayFactory


@tagged("post_install", "-at_install")
class TestPortalAutopay(AutopayFactory, ArPortalCommon):
    """The customer agrees to automatic payments, changes the payment method and stops them, on the customer page."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._prepare_plan()
        cls.visitor = cls._portal_user(cls.customer.partner_id, "plan-payer")
        cls.url = f"/my/receivables/{cls.customer.id}/plan/{cls.plan.id}/method"

    def _open(self, url=None, token=None):
        return self.url_open(f"{url or self.url}?access_token={token or self._key(self.customer)}")

    def _login(self):
        self.authenticate("plan-payer", "plan-payer")

    def _send(self, url=None, page=None, **values):
        """Press a button of the form, as it was shown; values that are None are left out."""
        page = page or self._open()
        data = {
            "csrf_token": re.search(r'name="csrf_token" value="([^"]+)"', page.text).group(1),
            "version": (re.search(r'name="version" value="([^"]+)"', page.text) or [None, ""])[1],
            "access_token": self._key(self.customer),
            "method": self.token.id,
            "name": "The treasurer",
            "accept": "1",
            "do": "agree",
            **values,
        }
        data = {key: value for key, value in data.items() if value is not None}
        response = self.url_open(url or self.url, data=data)
        self.env.invalidate_all()
        return response

    # === AGREEING === #

    def test_agree_change_and_stop(self):
        self._login()
        page = self._open()
        for text in ("Card 4242", "Amount due", "at any time on this page"):
            self.assertIn(text, page.text)
        answer = self._send(page=page)
        self.assertIn("Thank you", answer.text)
        self.assertIn("Stop automatic payments", answer.text)
        consent = self.plan.autopay_consent_id
        self.assertEqual((consent.token_id, consent.name, consent.user_id), (self.token, "The treasurer", self.visitor))
        self.assertEqual(consent.text, self.plan._get_consent_text())
        self.assertTrue(consent.ip_address and consent.agreed_on)

        other = self._saved_method(payment_details="5555")
        self._send(method=other.id)
        self.assertEqual((self.plan.token_id, len(self.plan.autopay_consent_ids)), (other, 2))

        self._send(do="stop")
        self.assertFalse(self.plan.autopay_consent_id)
        self.assertIn("by the customer", consent.search([("plan_id", "=", self.plan.id)])[0].ended_reason)
        self.assertIn("Automatic payments stopped", self.customer.message_ids[0].body)

    def test_agreed_on_the_page_it_is_announced_and_charged(self):
        self._login()
        self._send()
        self._announce()
        self._charge(5)
        self._book()
        self.assertEqual(self.invoice.amount_residual, 200.0)
        self.assertNotIn("$ 100.00</b>\n 1.", self._open().text)

    def test_what_does_not_count_as_consent(self):
        self._login()
        for values, text in [
            ({"accept": None}, "confirm that you agree"),
            ({"name": "  "}, "enter your name"),
            ({"method": None}, "saved payment methods"),
            ({"method": "x"}, "saved payment methods"),
            ({"version": "0000"}, "changed in the meantime"),
        ]:
            with self.subTest(values=values):
                self.assertIn(text, self._send(**values).text)
                self.assertFalse(self.plan.autopay_consent_ids)

    def test_the_edited_text_changed_while_the_page_was_open(self):
        self._login()
        page = self._open()
        self.policy.autopay_notice_days = 1
        self.assertIn("changed in the meantime", self._send(page=page).text)
        self.assertFalse(self.plan.autopay_consent_ids)

    def test_without_the_forms_own_token_nothing_is_taken(self):
        self._login()
        self._send(csrf_token="forged")
        self.assertFalse(self.plan.autopay_consent_ids)

    # === WHOSE METHODS === #

    def test_link_without_login_shows_no_methods_and_takes_none(self):
        page = self._open()
        self.assertIn("please log in", page.text)
        self.assertNotIn("Card 4242", page.text)
        self._agree()  # so that there is a form with a token of its own
        page = self._open()
        self.plan._end_autopay("test")
        self.assertIn("saved payment methods", self._send(page=page).text)
        self.assertFalse(self.plan.autopay_consent_id)

    def test_link_without_login_can_stop(self):
        self._agree()
        self._send(do="stop")
        self.assertFalse(self.plan.autopay_consent_id)

    def test_stopping_is_never_limited_and_refused_consents_count_nothing(self):
        self.policy.portal_agreements_per_day = 1
        self._login()
        for _attempt in range(2):
            self.assertIn("confirm that you agree", self._send(accept=None).text)
        self.assertIn("Thank you", self._send().text)
        self.assertIn('role="alert"', self._send().text)
        for _time in range(2):
            self._send(do="stop")
            self.assertFalse(self.plan.autopay_consent_id)
            self._agree()

    def test_methods_of_others_are_neither_shown_nor_taken(self):
        colleague = self._partner(name="A colleague", is_company=False, parent_id=self.customer.partner_id.id)
        stranger = self._partner(name="A stranger", is_company=False)
        foreign = [self._saved_method(partner, payment_details="card 6666") for partner in (colleague, stranger)]
        self._login()
        page = self._open()
        self.assertNotIn("card 6666", page.text)
        for token in foreign:
            self.assertIn("saved payment methods", self._send(page=page, method=token.id).text)
        self.assertFalse(self.plan.autopay_consent_ids)

    def test_visitor_of_another_customer_with_the_link_pays_nothing_with_the_own_card(self):
        stranger = self._partner(name="A stranger", is_company=False)
        self._portal_user(stranger, "plan-stranger")
        card = self._saved_method(stranger, payment_details="card 6666")
        self._login()
        form = self._open()
        self.authenticate("plan-stranger", "plan-stranger")
        page = self._open()
        self.assertNotIn("card 6666", page.text)
        self.assertIn("Only contacts of", page.text)
        self._send(page=form, method=card.id)
        self.assertFalse(self.plan.autopay_consent_ids)

    def test_contact_of_the_customer_uses_the_own_card(self):
        colleague = self._partner(name="A colleague", is_company=False, parent_id=self.customer.partner_id.id)
        self._portal_user(colleague, "plan-colleague")
        card = self._saved_method(colleague, payment_details="card 6666")
        self.authenticate("plan-colleague", "plan-colleague")
        self._send(method=card.id)
        self.assertEqual(self.plan.token_id, card)

    def test_nothing_saved_leads_to_where_it_is_saved(self):
        self.token.active = False
        self._login()
        self.assertIn('href="/my/payment_method"', self._open().text)

    def test_a_method_of_another_companys_provider_is_not_offered(self):
        company = self._create_company(name="Elsewhere")
        provider = self.env.ref("payment.payment_provider_demo").sudo().copy({"company_id": company.id})
        elsewhere = self._saved_method(provider=provider, payment_details="card 7777")
        self._login()
        self.assertNotIn("card 7777", self._open().text)
        self.assertIn("saved payment methods", self._send(method=elsewhere.id).text)

    # === WHOSE PLAN === #

    def test_not_yours_looks_like_not_there(self):
        other, invoice = self._late(name="Other Payer", email="other@customer.example.com")
        plan = self._plan(other, invoice)
        self._login()
        page = self._open()
        base = f"/my/receivables/{self.customer.id}/plan"
        urls = [
            f"{base}/{plan.id}/method",
            f"{base}/{plan.id + 1000}/method",
            self.url.replace(str(self.customer.id), str(other.id), 1),
        ]
        for url in urls:
            with self.subTest(url=url):
                answers = [self._open(url), self._send(url, page), self._send(url, page, do="stop")]
                for answer in answers:
                    self.assertEqual(answer.status_code, 404)
                    self.assertNotIn(plan.name, answer.text)
        self.assertFalse((plan + self.plan).autopay_consent_ids)

    def test_a_plan_that_does_not_run_has_no_such_page(self):
        self._login()
        for state in ("broken", "cancelled"):
            self.plan._set_state(state)
            self.assertEqual(self._open().status_code, 404)
            self.plan._set_state("active")

    # === WHAT THE PAGES SHOW === #

    def _block(self):
        """Return the block for the page of the plan."""
        values = {"plan": self.plan, "customer": self.customer}
        return str(self.env["ir.qweb"]._render("ar_collections.portal_plan_autopay", values))

    def test_block_for_the_page_of_the_plan(self):
        self.assertIn("Pay automatically", self._block())
        self.token.demo_simulated_state = "cancel"
        self._agree()
        self.assertIn("Change or stop", self._block())
        self._announce()
        self._charge(5)
        self._charge(5)
        self.assertIn("was declined", self._block())
        self.plan._set_state("broken")
        self.assertNotIn("Pay automatically", self._block())

    def test_page_states_what_comes_next(self):
        self._agree()
        text = self._open().text
        self.assertIn("Agreed by The payer", text)
        self.assertIn(self.customer._format_date(self.TODAY + timedelta(days=self.FIRST)), text)

    def test_removing_the_method_on_odoos_page_stops_the_payments(self):
        self._agree()
        self._login()
        self.make_jsonrpc_request("/payment/archive_token", {"token_id": self.token.id})
        self.env.invalidate_all()
        self.assertFalse(self.plan.autopay_consent_id)

    def test_portal_users_have_no_rights_on_what_is_stored(self):
        for model in ("ar.autopay.consent", "ar.autopay.charge"):
            self.assertFalse(self.env[model].with_user(self.visitor).has_access("read"))
