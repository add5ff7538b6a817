import re
from datetime import timedelta

from odoo.tests import tagged

from ..common_portal import ArPortalCommon

ADDRESS = "books@payer.example.com"


@tagged("post_install", "-at_install")
class TestNewLink(ArPortalCommon):
    """Who has a link that ended gets a new one by mail, at the address that the link was made for."""

    def setUp(self):
        super().setUp()
        self.clerk = self._partner(name="Clerk", is_company=False, parent_id=self.payer.id, email=ADDRESS)
        self.key = self._issue()
        self.link = self.env["ar.portal.link"].sudo()._find(self.customer, self.key)
        self.link.valid_until = self.TODAY - timedelta(days=1)
        self.env["mail.mail"].sudo().search([]).unlink()

    def _issue(self, address=ADDRESS, **values):
        values.setdefault("partner", self.clerk)
        return str(self.env["ar.portal.link"]._issue(self.customer.sudo(), "message", address, **values))

    def _ask(self, key):
        """Open the page with a link that ended and press the button; return the answer."""
        page = self._page(token=key)
        self.assertEqual(page.status_code, 404)
        form = dict(re.findall(r'name="(csrf_token|access_token)" value="([^"]*)"', page.text))
        return self.url_open("/my/receivables/new-link", data=form)

    def _sent(self):
        """Deliver the queue; return [(address, text)] of the mails."""
        self.env.invalidate_all()
        with self.mock_mail_gateway():
            self.env["mail.mail"].sudo().search([("state", "=", "outgoing")]).send()
            return [(mail["email_to"][0], mail["body"], mail["body_alternative"]) for mail in self._mails]

    def test_the_new_link_goes_to_the_address_of_the_old_one_and_works(self):
        answer = self._ask(self.key)
        self.assertEqual(answer.status_code, 200)
        ((to, body, text),) = self._sent()
        self.assertIn(ADDRESS, to)
        (link,) = set(re.findall(r'href="[^"]*(/my/receivables/[^"]*)"', body))
        self.assertIn(link, text)
        self.assertIn(self.old.name, self.url_open(link).text)
        self.assertNotIn(self.key, body)

    def test_the_answer_is_the_same_for_every_key(self):
        real = self._ask(self.key)
        stranger = self._issue("gone@payer.example.com", partner=None)
        self.env["ar.portal.link"].sudo()._find(self.customer, stranger).valid_until = self.TODAY - timedelta(days=1)
        for key in ("made-up", "ä€", stranger):
            answer = self._ask(key)
            self.assertEqual(answer.status_code, real.status_code)
            self.assertEqual(self._main(answer), self._main(real))
        self.assertEqual(len(self._sent()), 1)

    def _main(self, answer):
        return re.search(r'<div class="my-5 text-center o_ar_screen">.*?</div>', answer.text, re.DOTALL).group(0)

    def test_nothing_is_sent_to_who_does_not_belong_to_the_customer_any_more(self):
        changes = (
            lambda: self.clerk.write({"email": "other@payer.example.com"}),
            lambda: self.clerk.write({"active": False}),
            lambda: self.clerk.write({"parent_id": self._partner(name="Elsewhere").id}),
            lambda: self.customer.write({"active": False}),
        )
        for change in changes:
            with self.env.cr.savepoint() as savepoint:
                change()
                self.env.flush_all()
                self.env["ar.portal.link"].sudo()._send_new(self.key)
                self.assertEqual(self._sent(), [])
                savepoint.rollback()
            self.env.invalidate_all()

    def test_a_link_that_was_revoked_can_be_renewed_by_who_still_belongs_to_the_customer(self):
        self.link.valid_until = self.TODAY
        self.link.with_user(self.collector).action_revoke()
        self._ask(self.key)
        self.assertEqual(len(self._sent()), 1)

    def test_links_without_an_address_send_nothing(self):
        key = self._issue(None, partner=None)
        self.env["ar.portal.link"].sudo()._find(self.customer, key).valid_until = self.TODAY - timedelta(days=1)
        self._ask(key)
        self.assertEqual(self._sent(), [])

    def test_an_address_gets_three_a_day_whatever_link_is_used(self):
        second = self._issue()
        self.env["ar.portal.link"].sudo()._find(self.customer, second).valid_until = self.TODAY - timedelta(days=1)
        for key in (self.key, second) * 3:
            self._ask(key)
        self.assertEqual(len(self._sent()), 3)
        self.env["ar.portal.count"].sudo().search([("kind", "=", "new_link")]).day = self.TODAY - timedelta(days=1)
        self._ask(self.key)
        self.assertEqual(len(self._sent()), 1)

    def test_a_visitor_who_reached_the_limit_gets_no_new_links(self):
        self.policy.portal_visitor_per_day = 1
        self.customer._count_start("request", "93.184.215.14")
        links = self.env["ar.portal.link"].sudo()
        links._send_new(self.key, "93.184.215.14")
        self.assertEqual(self._sent(), [])
        links._send_new(self.key, "93.184.215.15")
        self.assertEqual(len(self._sent()), 1)

    def test_the_mail_is_in_the_language_of_its_reader(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.env.ref("ar_collections.mail_template_new_link")
        template.with_context(lang="fr_FR").subject = "{{ object.company_id.name }} : votre nouveau lien"
        self.clerk.lang = "fr_FR"
        self._ask(self.key)
        self.env.invalidate_all()
        self.assertIn("votre nouveau lien", self.env["mail.mail"].sudo().search([], limit=1).subject)
