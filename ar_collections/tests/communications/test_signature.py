from ..common import ArCommon


class TestSignature(ArCommon):
    """Reminders end with the name of a contact person, else with the company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.phone = "+1 555 0100"
        cls.collector.partner_id.phone = "+1 555 0142"

    def _signature(self, user=None):
        return self.company._ar_get_signature(self.collector if user is None else user)

    def _mail(self):
        self._late()
        (mail,) = self._day()
        return mail

    def test_name_company_telephone_and_address_of_the_collector(self):
        mail = self._mail()
        for text in ("The collector", "+1 555 0142", "collector@company.example.com", self.company.name):
            self.assertIn(text, mail["body"])
            self.assertIn(text, mail["body_alternative"])
        self.assertNotIn("+1 555 0100", mail["body_alternative"])

    def test_the_generated_signature_does_not_repeat_the_name(self):
        self.assertIn("The collector", self.collector.signature)
        self.assertFalse(self._signature()["own"])
        self.assertEqual(self._mail()["body_alternative"].count("The collector"), 1)

    def test_the_users_own_signature_stands_at_the_end_in_html_and_text(self):
        self.collector.signature = "<p>Your <b>receivables</b> desk, always there</p>"
        mail = self._mail()
        self.assertIn("<b>receivables</b> desk, always there", mail["body"])
        self.assertIn("*receivables* desk, always there", mail["body_alternative"])
        for text in ("The collector", "+1 555 0142", "collector@company.example.com"):
            self.assertIn(text, mail["body_alternative"])

    def test_what_the_own_signature_holds_is_not_repeated(self):
        self.collector.signature = "<div>The collector<br>Tel. (+1) 555-0142<br>collector@company.example.com</div>"
        signature = self._signature()
        self.assertEqual((signature["name"], signature["email"]), ("", ""))
        self.assertEqual(signature["lines"], [self.company.name])
        self.assertEqual(self._mail()["body_alternative"].count("collector@company.example.com"), 1)

    def test_scripts_in_a_signature_do_not_travel(self):
        self.collector.signature = "<p onclick='steal()'>Hello<script>steal()</script></p>"
        self.assertNotIn("steal", self._mail()["body"])

    def test_without_a_collector_the_company_signs(self):
        self.policy.user_id = False
        mail = self._mail()
        self.assertIn(self.company.name, mail["body_alternative"])
        self.assertIn("+1 555 0100", mail["body_alternative"])
        self.assertFalse(self._signature(self.env["res.users"])["own"])

    def test_neither_the_system_nor_who_left_nor_a_customer_signs(self):
        system, gone, portal = self.env.ref("base.user_root"), self._user("auditor"), self.portal_user
        gone.active = False
        for user in (system, gone, portal):
            user.sudo().signature = "<p>Beep, a machine</p>"
            signature = self._signature(user)
            with self.subTest(user=user.login):
                self.assertEqual((signature["name"], signature["own"]), (self.company.partner_id.name, ""))

    def test_a_collector_without_address_is_named_but_the_company_sends(self):
        self.collector.write({"signature": "<p>My own words</p>", "email": False})
        self._late()
        (mail,) = self._day()
        self.assertIn("books@company.example.com", mail["email_from"])
        self.assertIn("The collector", mail["body_alternative"])
        self.assertIn("books@company.example.com", mail["body_alternative"])
        self.assertNotIn("My own words", mail["body"])

    def test_who_covers_signs_while_the_collector_is_away(self):
        cover = self._user("manager", signature="<p>On behalf of a colleague</p>")
        self.env["ar.absence"].create(
            {"user_id": self.collector.id, "cover_id": cover.id, "date_from": self.TODAY, "date_to": self.TODAY}
        )
        mail = self._mail()
        self.assertIn("On behalf of a colleague", mail["body"])
        self.assertNotIn("The collector", mail["body"])
