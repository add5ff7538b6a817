from datetime import timedelta
from html import unescape

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ...portal.common_portal import ArPortalCommon


@tagged("post_install", "-at_install")
class TestTermsPage(ArPortalCommon, HttpCase):
    """The published terms on the customer's page, and the printed policy."""

    def test_terms_and_what_is_announced(self):
        self.policy.terms = "<p>Due within 30 days.</p>"
        terms = {"policy_id": self.policy.id, "text": "<p>Due within 21 days.</p>", "news": "<b>Earlier</b>"}
        later = {"state": "announced", "applies_from": self.TODAY + timedelta(days=9)}
        self.env["ar.credit.terms"].sudo().create({**terms, **later})
        page = self._page().text
        self.assertIn("Due within 30 days.", page)
        self.assertIn("Due within 21 days.", page)
        self.assertIn("&lt;b&gt;Earlier&lt;/b&gt;", page)
        self.assertIn("terms.pdf", page)

    def test_a_draft_is_not_shown_and_nothing_where_there_are_no_terms(self):
        self.policy.terms = False
        self.env["ar.credit.terms"].create({"policy_id": self.policy.id, "text": "<p>Secret</p>"})
        page = unescape(self._page().text)
        self.assertNotIn("Secret", page)
        self.assertNotIn("Our terms", page)

    def test_only_who_reads_policies_prints_them_otherwise(self):
        for user in (self.portal_user, self.internal_user):
            with mute_logger("odoo.addons.base.models.ir_model"), self.assertRaises(AccessError):
                self.policy.with_user(user)._get_published_values()
        self.assertIn("page", self.policy.with_user(self.collector)._get_published_values())

    def test_the_printed_policy_needs_a_link_and_terms(self):
        self.policy.terms = "<p>Due within 30 days.</p>"
        response = self.url_open(self._link(suffix="/terms.pdf"))
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        wrong = self.url_open(f"/my/receivables/{self.customer.id}/terms.pdf?access_token=wrong")
        self.assertIn("This link is no longer valid", wrong.text)
        self.policy.terms = False
        self.assertNotIn("application/pdf", self.url_open(self._link(suffix="/terms.pdf")).headers["Content-Type"])
