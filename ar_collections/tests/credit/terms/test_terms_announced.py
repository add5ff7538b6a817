from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import email_normalize, mute_logger

from ...customers.identity.test_merge import MergeCommon


@tagged("post_install", "-at_install")
class TestTermsAnnounced(MergeCommon):
    """New terms are told to the customers concerned once, before they apply; until then the old ones stay."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.terms = "<p>Due within 30 days.</p>"
        cls.manager = cls._user("manager")
        cls.day = cls.TODAY + timedelta(days=20)
        cls.two.email = "second@customer.example.com"

    def _prepare(self, **values):
        action = self.policy.with_user(self.manager).action_prepare_terms()
        terms = self.env["ar.credit.terms"].with_user(self.manager).browse(action["res_id"])
        defaults = {"text": "<p>Due within 21 days.</p>", "news": "21 instead of 30 days", "applies_from": self.day}
        terms.write({**defaults, **values})
        return terms

    def _announce(self, terms=None):
        terms = terms or self._prepare()
        with self._on():
            action = terms.action_announce()
            dialog = self.env[action["res_model"]].with_user(self.manager).with_context(**action["context"])
            dialog = dialog.create({})
            self.concerned = dialog.concerned_count
            dialog.action_apply()
        return terms

    def _night(self, day=None):
        day = day or self.TODAY
        with self._on(day):
            self.env["ar.credit.terms"].sudo()._announce_company(self.company, day)
        self.env.invalidate_all()

    def _sent(self, day=None):
        """Return who gets mails: {address: body}."""
        return {email_normalize(mail["email_to"][0]): mail["body"] for mail in self._deliver(day)}

    def test_each_customer_concerned_is_told_once(self):
        terms = self._announce()
        self.assertEqual(self.concerned, 2)
        self._night()
        self._night()
        mails = self._sent()
        self.assertEqual(len(mails), 2)
        body = next(iter(mails.values()))
        for part in ("21 instead of 30 days", "Due within 21 days.", "30"):
            self.assertIn(part, body)
        self.assertNotIn(self.policy.name, body)
        self.assertEqual((terms.told_count, terms.missed_count, terms.announced_by_id), (2, 0, self.manager))

    def test_the_old_terms_stay_until_the_day(self):
        terms = self._announce()
        self._night(self.day - timedelta(days=1))
        with self._on(self.day - timedelta(days=1)):
            self.assertIn("30", self.first._get_published_terms())
            self.assertEqual(self.first._get_announced_terms(), terms)
        with self._on(self.day):  # before the night of that day
            self.assertIn("21", self.first._get_published_terms())
            self.assertFalse(self.first._get_announced_terms())
        self._night(self.day)
        self.assertIn("21", self.policy.terms)
        self.assertEqual((terms.state, terms.applied_on), ("applied", self.day))

    def test_all_languages_are_kept(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.policy.update_field_translations("terms", {"fr_FR": {"Due within 30 days.": "Sous 30 jours."}})
        prepared = self.policy.with_user(self.manager).action_prepare_terms()["res_id"]
        self.assertIn("Sous 30", self.env["ar.credit.terms"].browse(prepared).with_context(lang="fr_FR").text)
        terms = self._prepare()
        terms.update_field_translations("text", {"fr_FR": {"Due within 21 days.": "Sous 21 jours."}})
        terms.update_field_translations("news", {"fr_FR": "21 jours"})
        self.one.lang = "fr_FR"
        self._announce(terms)
        self._night()
        self.assertIn("Sous 21 jours.", self._sent()["payer@customer.example.com"])
        self._night(self.day)
        self.assertIn("Sous 21", self.policy.with_context(lang="fr_FR").terms)
        self.assertIn("Due within 21", self.policy.with_context(lang="en_US").terms)

    def test_who_comes_to_the_policy_later_is_told_and_others_are_not(self):
        other = self._policy(name="Other", sequence=1, partner_domain="[('name', '=', 'Acme Ltd')]")
        (self.first | self.second).sudo()._update_policies()
        self.assertEqual(self.second.policy_id, other)
        self._announce()
        self.assertEqual(self.concerned, 1)
        self._night()
        self.assertEqual(len(self._sent()), 1)
        other.partner_domain = "[('name', '=', 'Nobody')]"
        self.second.sudo()._update_policies()
        self._night()
        self.assertEqual(list(self._sent()), ["second@customer.example.com"])

    def test_customers_without_address_are_counted(self):
        self.two.email = False
        terms = self._announce()
        self._night()
        self.assertEqual((terms.told_count, terms.missed_count), (1, 1))

    def test_nothing_is_told_before_collections_are_active(self):
        terms = self._announce()
        self.company.ar_active = False
        self._night()
        self.assertFalse(terms.notice_ids)

    def test_withdrawn_terms_are_neither_sent_nor_applied(self):
        terms = self._announce()
        self._night()
        with self._on():
            terms.action_withdraw()
        self.assertEqual(self._sent(), {})
        self._night(self.day)
        self.assertIn("30", self.policy.terms)

    def test_what_is_missing_is_said(self):
        for values in ({"news": " "}, {"text": "<p><br></p>"}, {"applies_from": self.TODAY}, {"applies_from": False}):
            terms = self._prepare(**values)
            with self.subTest(values=values), self._on(), self.assertRaises(UserError):
                terms.action_announce()

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_what_was_announced_cannot_be_changed(self):
        terms = self._announce()
        for change in (
            lambda: terms.write({"news": "Other"}),
            lambda: terms.update_field_translations("news", {"en_US": "Other"}),
            terms.unlink,
            terms.action_announce,
        ):
            with self.assertRaises(UserError):
                change()
        collector = terms.with_user(self.collector)
        for refused in (
            collector.action_withdraw,
            lambda: self.policy.with_user(self.collector).action_prepare_terms(),
        ):
            with self.assertRaises(UserError):
                refused()
        with self.assertRaises(AccessError):
            collector.write({"news": "Other"})

    def test_merged_customers_are_told_once(self):
        terms = self._announce()
        self._night()
        self._merge(self.two, into=self.one, user=self.env.ref("base.user_admin"))
        self.assertEqual(terms.notice_ids.customer_id, self.first)
        self.assertEqual(terms.told_count, 1)
        self.assertEqual(len(self._sent()), 1)
        notices = self.env["ar.communication"].search([("agreement_model", "=", terms.notice_ids._name)])
        self.assertEqual(sorted(notices.mapped("state")), ["cancelled", "sent"])
        with self.assertRaisesRegex(UserError, "stays on record"):
            self.policy.unlink()
