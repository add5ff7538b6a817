from datetime import date, timedelta

from odoo.exceptions import UserError

from .common_sms import MOBILE, ArSmsCommon


class TestSmsConsent(ArSmsCommon):
    """Consents: recorded by a dialog, ended, and what of the contact changes."""

    def test_the_dialog_records_when_how_and_who(self):
        contact = self.env["res.partner"].create({"name": "A", "parent_id": self.partner.id, "phone": "+33698765432"})
        user = self.collector
        menu = self.env.ref("ar_collections_sms.action_record_sms_consent").with_user(user)
        action = menu.with_context(active_model="res.partner", active_id=contact.id, active_ids=contact.ids).run()
        dialog = self.env[action["res_model"]].with_user(user).with_context(**action["context"])
        with self._on():
            dialog = dialog.create({"way": "call", "given_on": self.TODAY, "note": "Call of today"})
            dialog.action_record()
        consent = contact.ar_sms_consent_ids
        self.assertEqual(
            (consent.number, consent.way, consent.given_on, consent.recorded_by_id, consent.is_valid),
            ("+33698765432", "call", self.TODAY, user, True),
        )
        consent.with_user(user).action_withdraw()
        self.assertEqual((consent.withdrawn_way, consent.withdrawn_by_id, consent.is_valid), ("staff", user, False))

    def test_what_cannot_be_recorded_says_why(self):
        with self.assertRaisesRegex(UserError, "no valid phone number"):
            self._agree(self.env["res.partner"].create({"name": "Without"}))
        with self._on(), self.assertRaisesRegex(UserError, "future"):
            self._agree(self.partner, self.TODAY + timedelta(days=1))
        self.env["phone.blacklist"].sudo()._add([MOBILE])
        with self.assertRaisesRegex(UserError, "asked to stop"):
            self._agree(self.partner)

    def test_one_that_is_withdrawn_before_delivery_stops_the_message(self):
        self._run()
        self.partner.ar_sms_consent_ids.action_withdraw()
        self.assertFalse(self._queue())
        message = self._communications(self.customer)
        self.assertEqual((message.state, message.cancel_reason), ("cancelled", "no_address"))
        self._run(date(2026, 6, 11))
        self.assertEqual(self._communications(self.customer)[-1].channel, "email")

    def test_a_consent_holds_in_its_company_only(self):
        company = self._create_company(name="Another", ar_active=True)
        self.env["ar.sms.consent"].search([]).sudo().company_id = company
        self._run()
        self.assertEqual(self._communications(self.customer).channel, "email")

    def test_merged_contacts_keep_one_consent(self):
        other = self._partner(phone=MOBILE, country_id=self.partner.country_id.id)
        self._agree(other)
        self.env["base.partner.merge.automatic.wizard"].create({})._merge((other | self.partner).ids, other)
        self.env.invalidate_all()
        self.assertEqual(other.ar_sms_consent_ids.filtered("is_valid").mapped("number"), [MOBILE])

    def test_a_consent_outlives_its_contact(self):
        contact = self.env["res.partner"].create(
            {"name": "Left", "parent_id": self.partner.id, "phone": "+33698765432"}
        )
        self._agree(contact)
        consent = contact.ar_sms_consent_ids
        name = contact.display_name
        contact.unlink()
        self.assertEqual((consent.partner_id.id, consent.former_name, consent.is_valid), (False, name, False))
        self.assertTrue(consent.exists().given_on)
