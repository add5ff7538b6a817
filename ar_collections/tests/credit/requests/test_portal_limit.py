from odoo.tests import tagged

from ...portal.common_portal import ArPortalCommon


@tagged("post_install", "-at_install")
class TestPortalLimit(ArPortalCommon):
    """Customers ask for a higher limit on their page, where the policy shows them their limit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("credit_manager", login="page-credit-manager")
        cls.policy.shows_limit = True
        cls.customer.sudo().write({"credit_limit_kind": "amount", "credit_limit": 1000})

    def _requests(self):
        self.env.invalidate_all()
        return self.env["ar.credit.request"].search([("customer_id", "=", self.customer.id)])

    def _send(self, amount="2,500", text="A larger project", files=(), customer=None, token=None):
        customer = customer or self.customer
        data = {
            "access_token": token or self._key(customer),
            "csrf_token": self._csrf(),
            "amount": amount,
            "text": text,
        }
        sent = [("files", file) for file in files] or None
        return self.url_open(f"/my/receivables/{customer.id}/limit", data=data, files=sent, method="POST")

    def _csrf(self):
        return self._page().text.partition('name="csrf_token" value="')[2].partition('"')[0]

    def test_the_page_shows_limit_and_room_where_the_policy_does(self):
        page = self._page().text
        self.assertIn("1,000.00", page)
        self.assertIn("700.00", page)
        self.assertIn("Ask for a higher limit", page)
        self.policy.shows_limit = False
        self.assertNotIn("o_ar_credit_limit", self._page().text)
        self.assertNotIn("o_ar_limit", self.url_open(self._link(suffix="/limit")).text)

    def test_from_the_form_to_a_task(self):
        self.assertIn("o_ar_limit", self.url_open(self._link(suffix="/limit")).text)
        response = self._send(files=[("accounts.txt", b"profit", "text/plain")])
        self.assertIn("In review", response.text)
        request = self._requests()
        self.assertEqual((request.origin, request.wanted_limit, request.reason), ("portal", 2500, "A larger project"))
        self.assertFalse(request.requested_by_id)
        self.assertEqual(request.file_ids.mapped("name"), ["accounts.txt"])
        self.assertTrue(request.activity_ids)
        self.assertIn("is being reviewed", self._page().text)
        self._send()
        self.assertEqual(len(self._requests()), 1)

    def test_what_a_colleague_sends_on_the_page_is_its_own_request(self):
        self.authenticate(self.collector.login, self.collector.login)
        self._send()
        self.assertEqual((self._requests().origin, self._requests().requested_by_id), ("staff", self.collector))

    def test_what_is_refused_is_said_and_nothing_is_stored(self):
        for amount, text, said in (
            ("", "Why", "amount greater than zero"),
            ("-5", "Why", "amount greater than zero"),
            ("lots", "Why", "amount greater than zero"),
            ("1000", "Why", "above your present limit"),
            ("2000", "  ", "what you need the limit for"),
        ):
            with self.subTest(amount=amount):
                self.assertIn(said, self._send(amount, text).text)
        self.assertIn("accounts", self._send(files=[("accounts.exe", b"MZ\x90", "text/plain")]).text)
        self.assertFalse(self._requests())

    def test_a_customer_without_a_limit_does_not_ask_for_a_higher_one(self):
        self.customer.sudo().write({"credit_limit_kind": "none", "credit_limit": 0})
        self.assertNotIn("Ask for a higher limit", self._page().text)
        self._send()
        self.assertFalse(self._requests())

    def test_how_often_it_can_be_asked(self):
        self.policy.portal_agreements_per_day = 1
        self._send()
        self._requests().with_user(self.manager)._reject("No")
        self.assertIn("as often as possible today", self._send("3000").text)
        self.assertEqual(len(self._requests()), 1)

    def test_strangers_get_nothing(self):
        self.assertEqual(self.url_open(f"/my/receivables/{self.customer.id}/limit").status_code, 404)
        self.assertEqual(self._send(token="wrong").status_code, 404)
        self.assertFalse(self._requests())

    def test_the_answer_names_no_reason(self):
        self._send()
        self._requests().with_user(self.manager)._reject("Score is bad, class E")
        page = self._page().text
        self.assertIn("Not possible at present", page)
        told = self.customer.message_ids.filtered(lambda message: self.payer in message.partner_ids)
        self.assertIn("cannot offer another credit limit", told.body)
        for secret in ("class E", "Score"):
            self.assertNotIn(secret, page)
            self.assertNotIn(secret, told.body)
