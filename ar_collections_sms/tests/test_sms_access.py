from odoo.exceptions import AccessError, UserError

from .common_sms import ArSmsCommon


class TestSmsAccess(ArSmsCommon):
    """Who may read, record and change what."""

    def test_consents_and_stops_are_written_by_our_own_code_alone(self):
        consent = self.partner.ar_sms_consent_ids
        manager, auditor = self._user("credit_manager"), self._user("auditor")
        for user in (manager, auditor):
            own = consent.with_user(user)
            self.assertTrue(own.number)
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                own.write({"withdrawn_on": False})
            with self.assertRaises(AccessError):
                own.unlink()
            with self.assertRaises(AccessError):
                own.create({"partner_id": self.partner.id, "number": "+33611111111"})
            with self.assertRaises(AccessError):
                self.env["ar.sms.stop"].with_user(user).create({"value": "x"})
        with self.assertRaises(UserError):
            consent.with_user(auditor).action_withdraw()
        with self.assertRaises(UserError):
            self.partner.with_user(auditor).action_ar_sms_consent()

    def test_users_without_a_role_see_none(self):
        employee = self.env["res.users"].create({"name": "Employee", "login": "sms-employee"})
        with self.assertRaises(AccessError):
            self.partner.ar_sms_consent_ids.with_user(employee).read(["number"])
        with self.assertRaises(AccessError):
            self.partner.with_user(employee).read(["ar_sms_consent_count"])
        with self.assertRaises(AccessError):
            self.company.with_user(self._user("credit_manager")).read(["ar_sms_inbound_hash"])

    def test_other_companies_see_none(self):
        company = self._create_company(name="Another")
        stranger = self._user("credit_manager", company_id=company.id, company_ids=[(6, 0, company.ids)])
        consents = self.env["ar.sms.consent"].with_user(stranger)
        self.assertFalse(consents.search([]))
        with self.assertRaises(AccessError):
            self.partner.ar_sms_consent_ids.with_user(stranger).action_withdraw()
