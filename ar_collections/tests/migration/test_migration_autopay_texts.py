"""The migration to 19.0.1.8.0: messages about automatic payments that are about payment plans, too."""

from ..common import ArCommon
from .common_migration import run_migration

SCRIPT = "19.0.1.8.0/post-autopay_texts.py"

#: The sentences of version 19.0.1.7.0 and those of now, by template, in English and French.
TEXTS = {
    "mail_template_autopay_ended": (
        ("The invoices of your account are no longer paid automatically.", "Your automatic payments to us have ended."),
        (
            "Les factures de votre compte ne sont plus payées automatiquement.",
            "Vos paiements automatiques ont pris fin.",
        ),
    ),
    "mail_template_autopay_expiring": (
        (
            "The payment method with which the invoices of your account are paid automatically expires soon.",
            "The payment method of your automatic payments to us expires, or has expired.",
        ),
        (
            "Le moyen de paiement avec lequel les factures de votre compte sont payées automatiquement expire bientôt.",
            "Le mode de paiement de vos paiements automatiques arrive à expiration, ou a expiré.",
        ),
    ),
}


class TestMigrationAutopayTexts(ArCommon):
    def setUp(self):
        super().setUp()
        for code in ("fr_FR", "fr_BE", "de_DE"):
            self.env["res.lang"]._activate_lang(code)

    def _set(self, name, **bodies):
        """Store the bodies by language; return the template."""
        template = self.env.ref(f"ar_collections.{name}")
        for lang, body in bodies.items():
            template.with_context(lang=lang).body_html = body
        return template

    def _bodies(self, template):
        self.env.invalidate_all()
        return {lang: template.with_context(lang=lang).body_html for lang in ("en_US", "fr_FR", "fr_BE", "de_DE")}

    def _french(self, body, english, french):
        return body.replace("Dear", "Bonjour").replace(english, french)

    def test_what_nobody_changed_is_replaced_in_each_language(self):
        for name, ((before, now), (before_fr, now_fr)) in TEXTS.items():
            with self.subTest(name):
                shipped = self.env.ref(f"ar_collections.{name}").body_html
                self.assertIn(now, shipped)
                old = shipped.replace(now, before)
                french = self._french(shipped, now, before_fr)
                template = self._set(name, en_US=old, fr_FR=french, fr_BE=french, de_DE=old)
                run_migration(self.env, SCRIPT, "19.0.1.7.0")
                new_fr = self._french(shipped, now, now_fr)
                expected = {"en_US": shipped, "fr_FR": new_fr, "fr_BE": new_fr, "de_DE": shipped}
                self.assertEqual(self._bodies(template), expected)
                run_migration(self.env, SCRIPT, "19.0.1.7.0")
                self.assertEqual(self._bodies(template), expected)

    def test_what_somebody_changed_stays(self):
        name = "mail_template_autopay_ended"
        ((before, now), _french) = TEXTS[name]
        shipped = self.env.ref(f"ar_collections.{name}").body_html
        own = shipped.replace(now, f"{before} Call us.")
        template = self._set(name, en_US=own, de_DE=shipped.replace(now, before))
        run_migration(self.env, SCRIPT, "19.0.1.7.0")
        bodies = self._bodies(template)
        self.assertEqual((bodies["en_US"], bodies["de_DE"]), (own, shipped))

    def test_a_deleted_template_is_no_problem(self):
        self.env.ref("ar_collections.mail_template_autopay_expiring").unlink()
        run_migration(self.env, SCRIPT, "19.0.1.7.0")
        self.assertFalse(self.env.ref("ar_collections.mail_template_autopay_expiring", raise_if_not_found=False))


class TestMigrationStatementButton(ArCommon):
    def test_only_the_button_is_changed_in_each_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.env.ref("ar_collections.mail_template_statement")
        french = template.with_context(lang="fr_FR")
        template.body_html = '<p>Our own words. <a href="#">View and pay online</a></p>'
        french.body_html = '<p>Nos mots. <a href="#">Consulter et payer en ligne</a></p>'
        run_migration(self.env, "19.0.1.13.0/post-statement-button.py", "19.0.1.12.0")
        self.assertEqual(template.body_html, '<p>Our own words. <a href="#">View your account</a></p>')
        self.assertEqual(french.body_html, '<p>Nos mots. <a href="#">Consulter votre compte</a></p>')
