from odoo.tools import html2plaintext

from ...common import ArCommon


class TestPublishedTerms(ArCommon):
    """What customers may know of a policy: its terms, the schedule, how to pay, whom to ask."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.terms = "<p>Due within <b>30</b> days.</p>"

    def _print(self, policy=None, **context):
        policy = policy or self.policy
        reports = self.env["ir.actions.report"].with_context(**context)
        html, _kind = reports._render_qweb_html("ar_collections.action_report_published_policy", policy.ids)
        return html2plaintext(html.decode())

    def test_the_printed_policy(self):
        self.env["res.partner.bank"].create({"acc_number": "12345678", "partner_id": self.company.partner_id.id})
        text = self._print()
        for part in ("*30*", "3 days after the due date", "before the due date", "12345678", self.company.name,
                     "Ask to pay in installments", "/my/receivables", "books@company.example.com"):  # fmt: skip
            with self.subTest(part=part):
                self.assertIn(part, text)

    def test_nothing_else_of_the_policy_is_printed(self):
        self.policy.write({"minimum_balance": 765432, "review_above": 876543, "plan_portal": False})
        text = self._print()
        for part in (
            self.policy.name,
            self.formal.name,
            "765432",
            "765,432",
            "876543",
            "876,543",
            self.collector.name,
            "installments",
        ):
            with self.subTest(part=part):
                self.assertNotIn(part, text)

    def test_without_terms_schedule_and_bank_account_it_says_the_rest(self):
        self.policy.write({"terms": "<p><br></p>", "entry_step_id": False, "schedule_id": self._schedule().id})
        text = self._print()
        self.assertIn("How to pay", text)
        self.assertNotIn("When we contact you", text)

    def test_terms_are_sanitized(self):
        self.policy.terms = "<p>Fair<script>alert(1)</script></p>"
        self.assertNotIn("script", self.policy._get_published_terms())

    def test_one_day_before_and_after(self):
        texts = [self.policy._get_step_text(days) for days in (-2, -1, 0, 1, 2)]
        self.assertEqual(
            texts,
            ["2 days before the due date", "1 day before the due date", "On the due date", "1 day after the due date",
             "2 days after the due date"],
        )  # fmt: skip

    def test_mails_can_use_the_terms_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.policy.terms = "<p>Due within a month.</p>"
        self.policy.update_field_translations("terms", {"fr_FR": {"Due within a month.": "Sous 30 jours."}})
        self.friendly.mail_template_id = self._template(body_html="<p>Terms: <t t-out='object.terms_html'/></p>")
        customer, _invoice = self._late(4, lang="fr_FR")
        (mail,) = self._day()
        self.assertIn("Sous 30 jours.", mail["body"])
        self.assertIn("Sous 30 jours.", self._communications(customer).with_context(lang="en_US").terms_html)
