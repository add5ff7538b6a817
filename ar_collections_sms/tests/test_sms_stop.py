from datetime import timedelta

from markupsafe import Markup

from odoo.exceptions import UserError, ValidationError

from odoo.addons.ar_collections.tests.migration.common_migration import run_migration

from .common_sms import MOBILE, ArSmsCommon


class TestSmsStop(ArSmsCommon):
    """Requests to stop by SMS and by email are honored at once; sentences are replies."""

    def _receive(self, text, number=MOBILE):
        with self._on():
            self.env["ar.sms.inbound"].sudo()._receive(self.company, number, text)
        self.env.invalidate_all()

    def _reply(self, text, address="payer@customer.example.com"):
        """Receive an email on the account's thread."""
        with self._on():
            self.customer.sudo().message_post(
                body=Markup(text),
                message_type="email",
                email_from=address,
                subtype_xmlid="mail.mt_comment",
                author_id=False,
            )
        self.env.invalidate_all()

    def test_stop_between_planning_and_delivery(self):
        self._run()
        self._receive("Arrêt SVP")
        blocked = self.env["phone.blacklist"].sudo().search([("number", "=", MOBILE)])
        self.assertTrue(blocked.active)
        consent = self.partner.ar_sms_consent_ids
        self.assertEqual((consent.is_valid, consent.withdrawn_way), (False, "sms"))
        stop = self.env["ar.sms.stop"].search([])
        self.assertEqual((stop.value, stop.text, stop.partner_ids), (MOBILE, "Arrêt SVP", self.partner))
        self.assertEqual(len(self._tasks(self.customer, "address")), 1)
        self.assertFalse(self._queue())
        self.assertIn("asked to stop", self.customer.sms_hint)
        self._receive("STOP")  # once more
        self._receive("STOP", "+33999999999")  # a number that does not exist
        self.assertEqual(len(self.env["phone.blacklist"].sudo().search([("number", "=", MOBILE)])), 1)

    def test_a_new_consent_is_later_on_the_companys_calendar(self):
        """It is Wednesday noon in UTC, when Thursday begins in Auckland."""
        self._receive("STOP")
        self.company.resource_calendar_id.tz = "Pacific/Auckland"
        thursday = self.TODAY + timedelta(days=1)
        with self._on(thursday):
            with self.assertRaisesRegex(UserError, "later than that"):
                self._agree(self.partner, thursday)
            self.company.resource_calendar_id.tz = "America/Los_Angeles"
            self._agree(self.partner, thursday)
        self.assertFalse(self.env["phone.blacklist"].sudo().search([("number", "=", MOBILE)]))

    def test_all_contacts_with_the_number_have_stopped(self):
        other = self._partner(name="Another", phone=MOBILE)
        self._agree(other)
        self._receive("STOP 36111")
        self.assertFalse((self.partner | other).ar_sms_consent_ids.filtered("is_valid"))

    def test_an_earlier_owner_of_the_number_keeps_its_own_consent(self):
        self._run()
        self._queue()
        self.partner.phone = "+33698765432"
        self._agree(self.partner)
        self._receive("STOP")  # from the number that it had
        self.assertEqual(self.partner.ar_sms_consent_ids.filtered("is_valid").mapped("number"), ["+33698765432"])

    def test_a_message_that_the_gateway_repeats_is_posted_once(self):
        inbound = self.env["ar.sms.inbound"].sudo()
        for identifier in ("A1", "A1", "A2", "", ""):
            with self._on():
                inbound._receive(self.company, MOBILE, "Please call", identifier)
        self.env.invalidate_all()
        replies = self.customer.message_ids.filtered(lambda message: message.author_id == self.partner)
        self.assertEqual(len(replies), 3)
        with self._on(self.TODAY.replace(month=9)):
            self.env["ar.sms.received"]._gc_received()
        self.assertFalse(self.env["ar.sms.received"].sudo().search([]))

    def test_a_sentence_is_a_reply_and_no_consent(self):
        self._run()
        self._queue()
        self._receive("I will stop by and pay on Monday")
        self.assertFalse(self.env["phone.blacklist"].sudo().search([("number", "=", MOBILE)]))
        self.assertTrue(self.customer.pause_until)
        self.assertEqual(self.customer.message_ids[0].author_id, self.partner)
        self.partner.ar_sms_consent_ids.action_withdraw()
        self._receive("START")
        self.assertFalse(self.partner.ar_sms_consent_ids.filtered("is_valid"))

    def test_stop_by_email_ends_emails_and_messages(self):
        self._reply("<p>Stop please</p><p>Jo</p><blockquote>100.00 is due, reply STOP</blockquote>")
        self.assertTrue(self.env["mail.blacklist"].sudo().search([("email", "=", "payer@customer.example.com")]))
        self.assertFalse(self.partner.ar_sms_consent_ids.filtered("is_valid"))
        stop = self.env["ar.email.stop"].search([])
        self.assertEqual((stop.address, stop.company_id), ("payer@customer.example.com", self.company))
        self.assertTrue(stop.text.startswith("Stop please"))
        self.assertFalse(self.env["ar.sms.stop"].search([]))
        self.assertFalse(self.env["ar.facts"]._read_bounced(self.customer)[self.customer.id])
        self._reply("STOP")  # once more
        self.assertEqual(self.env["ar.email.stop"].search([]), stop)
        self.customer.sudo().pause_until = False
        self._run()
        self.assertCode(self.customer, "no_address")
        # Lifting the block lifts it here.
        self.env["mail.blacklist"].sudo()._remove("payer@customer.example.com")
        self.assertTrue(stop.ended_on)
        self._run(self.TODAY.replace(day=11))
        self.assertEqual(self._communications(self.customer).channel, "email")

    def test_an_email_to_one_company_leaves_the_others(self):
        company = self._create_company(name="Another", ar_active=True)
        other = self._customer(self.partner, company)
        consent = self.env["ar.sms.consent"]._record(self.partner, company, "contract", self.TODAY.replace(month=1))
        self._reply("STOP")
        self.assertEqual((len(self._tasks(self.customer, "address")), len(self._tasks(other, "address"))), (1, 0))
        self.assertEqual(self.partner.ar_sms_consent_ids.filtered("is_valid"), consent)
        self._receive("STOP")  # a number is blocked for all
        self.assertEqual(len(self._tasks(other, "address")), 1)

    def test_neither_strangers_nor_newsletters_end_reminders(self):
        self._reply("STOP", "stranger@example.org")
        self.assertFalse(self.env["ar.email.stop"].search([]))
        for text in ("Please stop the delivery of order 5", "Cancel"):
            self._reply(text)
        self.assertFalse(self.env["ar.email.stop"].search([]))
        self.env["mail.blacklist"].sudo()._add("payer@customer.example.com")
        self.partner.ar_sms_consent_ids.action_withdraw()
        self.customer.sudo().pause_until = False
        self._run()
        self.assertEqual(self._communications(self.customer).channel, "email")

    def test_the_words_are_data(self):
        self._receive("Enough")
        self.assertFalse(self.env["ar.sms.stop"].search([]))
        self.env["ar.sms.stop.word"].create({"word": "Enough"})
        self._receive("ENOUGH!")
        self.assertEqual(len(self.env["ar.sms.stop"].search([])), 1)
        with self.assertRaises(ValidationError):
            self.env["ar.sms.stop.word"].create({"word": " !"})

    def test_a_later_consent_lifts_the_block(self):
        self._receive("STOP")
        with self._on(self.TODAY.replace(day=20)):
            self._agree(self.partner, self.TODAY.replace(day=19))
        self.assertFalse(self.env["phone.blacklist"].sudo().search([("number", "=", MOBILE)]))
        self.assertTrue(self.partner.ar_sms_consent_ids[0].is_valid)

    def test_requests_by_email_of_before_are_kept_in_one_table(self):
        """The upgrade moves them; what Odoo's list has no more has ended, what a person confirmed stays one request."""
        self.env.cr.execute("ALTER TABLE ar_sms_stop ADD COLUMN kind varchar")
        rows = [
            ("phone", MOBILE), ("email", "a@x.example.com"), ("email", "a@x.example.com"), ("email", "b@x.example.com"),
            ("email", "c@x.example.com"),
        ]  # fmt: skip
        for number, (kind, value) in enumerate(rows):
            self.env.cr.execute(
                "INSERT INTO ar_sms_stop (kind, value, company_id, text, date) VALUES (%s, %s, %s, %s, %s)",
                [kind, value, self.company.id, f"Stop {number}", f"2026-0{number + 1}-01"],
            )
        for address in ("a@x.example.com", "c@x.example.com"):
            self.env["mail.blacklist"].sudo()._add(address)
        stops = self.env["ar.email.stop"]
        stops._keep(self.company, ["c@x.example.com"], "", {})
        for version in (None, "19.0.1.0.0", "19.0.1.0.0"):
            run_migration(self.env, "19.0.1.1.0/post-email_stops.py", version, "ar_collections_sms")
        found = [(each.address, each.text, bool(each.ended_on)) for each in stops.search([], order="address")]
        self.assertEqual(
            found,
            [
                ("a@x.example.com", "Stop 1", False),
                ("b@x.example.com", "Stop 3", True),
                ("c@x.example.com", False, False),
            ],
        )
        self.assertEqual(self.env["ar.sms.stop"].search([]).mapped("value"), [MOBILE])
