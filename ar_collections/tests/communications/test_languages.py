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
        self.assertIn("text-align: right; padding: 6px 8px 6px 0", mail["body"])
        self.assertEqual(self._communications(customer).lang, "he_IL")

    def test_others_from_left_to_right(self):
        self._late()
        (mail,) = self._day()
        self.assertNotIn('dir="rtl"', mail["body"])
        self.assertIn("text-align: left; padding: 6px 8px 6px 0", mail["body"])
