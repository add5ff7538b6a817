"""Declined charges of an account: when it is tried again, and what a withdrawn permission ends."""

from datetime import datetime, time
from unittest.mock import patch

from freezegun import freeze_time

from odoo.addons.ar_collections.core import decision as codes

from ..common_autopay import AccountAutopayCase, AutopayCase


class TestRetries(AccountAutopayCase):
    def setUp(self):
        super().setUp()
        self._enrol(self._saved_method(simulated="error"))
        self._send_notice(7)

    def _decline(self, code, wait_days=0):
        """Charge on the due date, with a decline that has this code."""
        self._charge(10)
        self._collections().autopay_charge_ids.transaction_id.write(
            {"ar_decline_code": code, "ar_decline_wait_days": wait_days}
        )
        self.env.invalidate_all()

    def _shown(self, day):
        """Return the days of the next automatic payments that the page shows on a day."""
        with self._on(self._in(day)):
            return [row["date"] for row in self.customer._get_next_autopay()]

    def _made(self, *days):
        return [day for day in days if self._charge(day).get("charge")]

    def test_the_networks_wait_is_kept(self):
        self._decline("do_not_honor", wait_days=6)
        self.assertEqual(self._shown(11), [self._in(16)])
        self.assertEqual(self._made(*range(11, 17)), [16])
        self.policy.autopay_retry_days = "6"
        self.assertEqual(self._shown(16), [], "Declined for the last time; it fails in the next run.")

    def test_a_bank_debit_is_not_tried_again_on_a_weekend(self):
        self.policy.autopay_retry_days = "7"
        self._decline("do_not_honor")
        self.assertEqual(self._in(17).weekday(), 5)
        self._collections().consent_id.token_id.payment_method_id = self.env.ref(
            "payment.payment_method_sepa_direct_debit"
        )
        self.assertEqual(self._made(*range(11, 21)), [19])

    def test_nothing_is_tried_again_at_night(self):
        self._decline("do_not_honor")
        retry = self._in(13)
        run = self.env["ar.payment.plan.installment"]
        with freeze_time(datetime.combine(retry, time(3))):
            self.assertFalse(run._run_autopay(self.company).counts["charge", ""])
        with freeze_time(datetime.combine(retry, time(9))):
            self.assertEqual(run._run_autopay(self.company).counts["charge", ""], 1)

    def test_where_charges_are_made_at_night_alone_it_is_tried_again(self):
        self.company.ar_run_hour = 22
        self._decline("do_not_honor")
        with freeze_time(datetime.combine(self._in(13), time(22))):
            result = self.env["ar.payment.plan.installment"]._run_autopay(self.company)
        self.assertEqual(result.counts["charge", ""], 1)

    def test_a_first_charge_may_be_made_at_night(self):
        with freeze_time(datetime.combine(self._in(10), time(3))):
            result = self.env["ar.payment.plan.installment"]._run_autopay(self.company)
        self.assertEqual(result.counts["charge", ""], 1)


class TestConfirm(AccountAutopayCase):
    def test_where_the_bank_wants_it_confirmed_the_customer_gets_a_link_to_pay(self):
        self._enrol(self._saved_method(simulated="pending"))
        self._send_notice(7)
        self._charge(10)
        transaction = self._collections().autopay_charge_ids.transaction_id
        transaction.ar_decline_code = "authentication_required"
        with self._on(self._in(10)):
            transaction._set_error("Please confirm")
        self.assertEqual(self._charge(11), {"fail": 1})
        (mail,) = self._deliver(self._in(12))
        for text in ("Pay and confirm", "Your bank wants you to confirm", self.invoice.name):
            self.assertIn(text, mail["body"])


class TestRefusedForGood(AccountAutopayCase):
    """A card that the bank refuses for good is not charged for other invoices either."""

    def setUp(self):
        super().setUp()
        self._due(12, 50.0, self.customer)
        self._enrol(self._saved_method(simulated="error"))
        self._send_notice(7)
        self._send_notice(9)
        self._charge(10)
        self._collections()[0].autopay_charge_ids.transaction_id.ar_decline_code = "stolen_card"
        self.env.invalidate_all()

    def test_nothing_more_is_charged_or_announced(self):
        self._due(20, 70.0, self.customer)
        self.assertEqual(self._charge(11), {"fail": 1})
        self.assertEqual([self._charge(day) for day in (12, 13, 17, 20)], [{}] * 4)
        self.assertEqual(self._account_outcomes(), [(300.0, "declined_final")])

    def test_the_others_are_reminded_again_and_the_page_says_why(self):
        self._due(20, 70.0, self.customer)
        self._charge(11)
        with self._on(self._in(12)):
            items = self.customer._get_facts().items
            (warning,) = self.customer._get_autopay_page_values()["warnings"]
            self.assertEqual(self.customer._get_next_autopay(), [])
        agreed = [codes.AUTOPAY_AGREED in [exclusion.code for exclusion in item.exclusions] for item in items]
        self.assertEqual(agreed, [False, False, False])
        self.assertIn("until you choose another payment method", warning)

    def test_a_new_agreement_begins_anew(self):
        self._charge(11)
        self._enrol(self._saved_method(), day=self._in(11))
        self._send_notice(12)
        self.assertEqual(self._charge(13), {"charge": 1})
        self.assertEqual(self._account_outcomes()[-1], (350.0, "done"))


class TestRevokedPlan(AutopayCase):
    def test_the_customer_is_told_that_the_automatic_payments_of_its_plan_ended(self):
        self._agree(self._saved_method(simulated="pending"))
        self._announce()
        self._charge(5)
        transaction = self.plan.autopay_charge_ids.transaction_id
        transaction.ar_decline_code = "R07"
        with self._on(self._in(6)):
            transaction._set_error("Refused")
        self.assertFalse(self.plan.autopay_consent_id)
        (mail,) = [mail for mail in self._deliver(self._in(6)) if "have ended" in mail["subject"]]
        for text in (self.plan.name, "withdrew the permission"):
            self.assertIn(text, mail["body"])


class TestRevoked(AccountAutopayCase):
    """The bank says that the permission is gone: nothing more is charged, and both are told."""

    def setUp(self):
        super().setUp()
        self._due(12, 50.0, self.customer)
        self.consent = self._enrol(self._saved_method(simulated="pending"))
        self._send_notice(7)
        self._send_notice(9)
        self._charge(10)
        self.transaction = self._collections().autopay_charge_ids.transaction_id

    def _refuse(self, code):
        self.transaction.ar_decline_code = code
        with self._on(self._in(11)):
            self.transaction._set_error("Refused")
        self.env.invalidate_all()

    def test_it_ends_the_consent_at_once(self):
        for code in ("debit_not_authorized", "R07", "R08", "R10", "MD01", "revocation_of_authorization"):
            with self.subTest(code), self.env.cr.savepoint() as savepoint:
                self._refuse(code)
                self.assertTrue(self.consent.ended_on and self.consent.is_revoked)
                self.assertEqual([self._charge(day) for day in (11, 12, 13)], [{}] * 3)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_customer_and_collector_are_told(self):
        with patch("odoo.addons.ar_collections.models.autopay.payment_token.AT_ONCE", 0):  # as where many use it
            self._refuse("R07")
        self._charge(12)
        (mail,) = [mail for mail in self._deliver(self._in(12)) if "have ended" in mail["subject"]]
        self.assertIn("withdrew the permission", mail["body"])
        self.assertIn("withdrew the permission", self._tasks(self.customer, "autopay_failed").summary)

    def test_the_customer_is_told_whatever_was_confirmed_today(self):
        with patch.object(self.registry["ar.customer"], "_may_start", lambda *_args: False):
            self._refuse("R07")
        self.assertTrue([mail for mail in self._deliver(self._in(11)) if "have ended" in mail["subject"]])

    def test_another_final_decline_ends_nothing(self):
        self._refuse("account_closed")
        self.assertFalse(self.consent.ended_on)

    def test_a_late_second_answer_changes_nothing(self):
        self._refuse("R07")
        ended = self.consent.ended_on
        self._refuse("R07")
        self.assertEqual((self.consent.ended_on, len(self._tasks(self.customer, "autopay_failed"))), (ended, 1))
