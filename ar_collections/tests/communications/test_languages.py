from odoo.addons.ar_collections.formats import format_amount

from ..common import ArCommon


class TestLanguages(ArCommon):
    """The language of a message is one that is installed, written in its direction."""

    def test_a_language_that_is_not_active_any_more_is_replaced(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        customer, _invoice = self._late(lang="fr_FR")
        customer.partner_id.lang = "en_US"
        self.env["res.lang"].search([("code", "=", "fr_FR")]).active = False
        # An import, or a contact that was archived then, may still have it.
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_partner SET lang = 'fr_FR' WHERE id = %s", [customer.partner_id.id])
        self.env.invalidate_all()
        self.assertEqual(len(self._day()), 1)
        self.assertFalse(customer.run_error)
        self.assertEqual(self._communications(customer).lang, "en_US")

    def test_hebrew_is_written_from_right_to_left(self):
        self.env["res.lang"]._activate_lang("he_IL")
        customer, _invoice = self._late(lang="he_IL")
        (mail,) = self._day()
        self.assertIn('dir="rtl"', mail["body"])
        self.assertIn('<div dir="rtl">', self._communications(customer).body)
        self.assertIn("text-align: right; padding: 6px 8px 6px 0", mail["body"])
        self.assertEqual(self._communications(customer).lang, "he_IL")

    def test_signs_and_telephone_numbers_keep_their_order_from_right_to_left(self):
        self.env["res.lang"]._activate_lang("ar_001")
        self.company.phone = self.collector.phone = "+1 555 010 0199"
        customer, _invoice = self._late(lang="ar_001")
        self._invoice(customer.partner_id, 1, 30.0, move_type="out_refund")
        (mail,) = self._day()
        credit = format_amount(self.env, -30, self.company.currency_id, "ar_001")
        self.assertEqual(credit[0], "\u200e")
        for text in (credit, "\u200e+1 555 010 0199", '<span dir="ltr">+1 555 010 0199</span>'):
            self.assertIn(text, mail["body"].replace("&#160;", "\xa0"))
        for lang in ("ar_001", "en_US"):
            self.assertNotIn("\u200e", format_amount(self.env, 30, self.company.currency_id, lang))
        self.assertNotIn("\u200e", format_amount(self.env, -30, self.company.currency_id, "en_US"))

    def test_tasks_of_the_night_are_in_the_language_of_their_reader(self):
        """Scheduled actions have no language; the collector reads French."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.collector.lang = "fr_FR"
        (step,) = self._on_schedule({"days": 3})
        step.with_context(lang="fr_FR").name = "Premier rappel"
        unreachable, _invoice = self._late(name="Nowhere", email=False)
        customer, _invoice = self._late(name="Last step")
        self.policy.review_above = 10
        self.assertFalse(self.env.context.get("lang"))
        self._run()
        self.assertIn("corrigez", self._tasks(unreachable, "address").summary)
        self.assertIn("Premier rappel", self._tasks(customer, "review").summary)
        last = self._tasks(customer, "next").summary
        self.assertIn("Premier rappel", last)
        self.assertNotIn("is the last step", last)

    def test_others_from_left_to_right(self):
        self._late()
        (mail,) = self._day()
        self.assertNotIn('dir="rtl"', mail["body"])
        self.assertIn("text-align: left; padding: 6px 8px 6px 0", mail["body"])
