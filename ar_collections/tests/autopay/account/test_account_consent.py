"""The consent to the automatic payment of an account: who may give it, to what, and how it ends."""

from decimal import Decimal

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tools import mute_logger

from odoo.addons.ar_collections.core.autopay.options import DAYS_BEFORE, MONTH_DAY, AutopayOptions
from odoo.addons.ar_collections.core.fingerprint import fingerprint

from ..common_autopay import AccountAutopayCase


class TestAccountConsent(AccountAutopayCase):
    def test_it_is_kept_as_evidence(self):
        options = {"charge_on": MONTH_DAY, "month_day": 31, "maximum_charge": Decimal(500)}
        consent = self._enrol(**options)
        self.assertEqual((self.customer.autopay_consent_id, consent.plan_id.id), (consent, False))
        self.assertEqual((consent.company_id, consent.currency_id), (self.company, self.company.currency_id))
        self.assertEqual(consent._get_options(), AutopayOptions(**options))
        self.assertEqual((consent.name, consent.ip_address), ("The payer", "192.0.2.7"))
        self.assertIn("on day 31 of the month", consent.text)
        self.assertIn("500.00", consent.text)
        self.assertEqual(consent.text_version, fingerprint(consent.text))
        consent.sudo().agreed_on = "2026-06-11 01:00:00"
        self.company.ar_time_zone = "America/Los_Angeles"
        self.assertEqual(consent._get_day(), self.TODAY)
        with self.assertRaises(UserError):
            consent.unlink()

    def test_the_notice_is_the_one_of_the_method(self):
        self.assertEqual(self._enrol().notice_days, 3)
        sepa = self.env.ref("payment.payment_method_sepa_direct_debit").sudo()
        debit = self._saved_method(payment_method_id=sepa.id)
        self.assertEqual(self._enrol(debit).notice_days, 14)
        self.policy.autopay_bank_notice_days = 5
        consent = self._enrol(debit)
        self.assertEqual(consent.notice_days, 5)
        self.assertIn("5 days before a SEPA", consent.text)

    def test_what_is_not_valid_is_refused_and_stores_nothing(self):
        stranger = self._saved_method(partner=self._partner(name="Another"))
        refused = {
            "below zero": {"maximum_charge": Decimal(-1)},
            "1 to 31": {"charge_on": MONTH_DAY, "month_day": 32},
            "1 to 60": {"charge_on": DAYS_BEFORE, "days_before": 61},
            "when your invoices": {"charge_on": "whenever"},
            "lower the second": {"maximum_charge": Decimal(10), "maximum_month": Decimal(5)},
            "not available any more": {"journal_ids": frozenset({0})},
            "choose another one": {"token": stranger},
        }
        for text, values in refused.items():
            with self.subTest(text), self.assertRaisesRegex(ValidationError, text):
                self._enrol(**values)
        self.customer.active = False
        with self.assertRaisesRegex(ValidationError, "closed"):
            self._enrol()
        self.assertFalse(self.customer.autopay_consent_ids)

    def test_another_consent_replaces_it(self):
        first = self._enrol()
        second = self._enrol(maximum_charge=Decimal(100))
        self.assertTrue(first.ended_on)
        self.assertEqual(self.customer.autopay_consent_id, second)

    def test_a_saved_method_without_a_consent_is_never_charged(self):
        for day in (7, 10, 11, 20):
            self.assertEqual(self._charge(day), {})
        self.assertFalse(self.env["payment.transaction"].sudo().search([("token_id", "=", self.token.id)]))

    def test_staff_stop_it(self):
        consent = self._enrol()
        auditor, collector = self._user("auditor", login="reads"), self._user("collector", login="stops")
        with self.assertRaises(UserError):
            self.customer.with_user(auditor).action_stop_autopay()
        self.customer.with_user(collector).action_stop_autopay()
        self.assertIn(collector.name, consent.ended_reason)
        self.assertFalse(self.customer.autopay_consent_id)

    def test_it_ends_with_the_payment_method(self):
        consent = self._enrol()
        linked = self.token.get_linked_records_info()
        self.assertEqual([row["id"] for row in linked], [self.customer.id])
        self.token.active = False
        self.assertEqual(consent.ended_reason, "the payment method was removed")

    def test_it_ends_with_the_account(self):
        consent = self._enrol()
        self.customer.active = False
        self.assertEqual(consent.ended_reason, "the account was archived")


class TestAccountConsentIdentity(AccountAutopayCase):
    def setUp(self):
        super().setUp()
        invoice = self._invoice(self._partner(name="Acme Ltd"), 10, 50.0)
        self.other = self._customer(invoice.partner_id)

    def _merge(self, source, into):
        partners = source | into
        wizard = self.env["base.partner.merge.automatic.wizard"].with_context(
            active_model="res.partner", active_ids=partners.ids
        )
        with mute_logger("odoo.addons.base.partner.merge"):
            wizard.create({"partner_ids": [Command.set(partners.ids)], "dst_partner_id": into.id}).action_merge()
        self.env.invalidate_all()

    def test_the_consent_moves_with_a_merged_customer(self):
        consent = self._enrol()
        self._merge(self.customer.partner_id, self.other.partner_id)
        self.assertEqual((consent.customer_id, consent.ended_on), (self.other, False))
        self.assertEqual(consent.token_id.partner_id, self.other.partner_id)

    def test_of_two_consents_that_of_the_surviving_account_stays(self):
        other = self._enrol(self._saved_method(partner=self.other.partner_id), self.other)
        consent = self._enrol()
        self._merge(self.customer.partner_id, self.other.partner_id)
        self.assertEqual((other.customer_id, other.ended_on), (self.other, False))
        self.assertIn("consent of its own", consent.ended_reason)

    def test_it_does_not_reach_the_invoices_of_a_company_that_the_contact_joins(self):
        consent = self._enrol()
        self.customer.partner_id.write({"is_company": False, "parent_id": self.other.partner_id.id})
        self.assertIn("belongs to another company", consent.ended_reason)
        self.assertFalse(self.other._get_live_autopay())
