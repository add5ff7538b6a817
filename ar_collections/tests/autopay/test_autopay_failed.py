from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tools import file_open, mute_logger

from ..common import PROBLEM_LOG
from .common_autopay import AutopayCase


class TestDeclined(AutopayCase):
    def _agree_with(self, simulated):
        self.token.demo_simulated_state = simulated
        self._agree()
        self._announce()

    def test_tried_again_on_the_policys_days_then_cancelled_and_notified_once(self):
        self._agree_with("error")
        made = {days: moves for days in range(5, 20) if (moves := self._charge(days))}
        self.assertEqual(made, {5: {"charge": 1}, 8: {"charge": 1}, 12: {"charge": 1}, 13: {"fail": 1}})
        self.assertEqual(self._outcomes(), [(n, "declined_soft") for n in (1, 2, 3)])
        self.assertEqual(len(set(self.plan.autopay_charge_ids.mapped("reference"))), 3)
        self.assertEqual(
            [m["subject"] for m in self._deliver(self._in(19))],
            [f"{self.company.name}: your automatic payment did not go through"],
        )
        self.assertIn("was declined", self._tasks(self.customer, "autopay_failed").summary)
        self.assertEqual(self.invoice.amount_residual, 300.0)

    def test_a_cancelled_one_is_final(self):
        self._agree_with("cancel")
        self.assertEqual((self._charge(5), self._charge(5)), ({"charge": 1}, {"fail": 1}))

    def test_a_retry_that_works(self):
        self._agree_with("error")
        self._charge(5)
        self.token.demo_simulated_state = "done"
        self._charge(8)
        self._book()
        self.assertEqual(self._outcomes(), [(1, "declined_soft"), (2, "done")])
        self.assertEqual((self.invoice.amount_residual, self._charge(12)), (200.0, {}))

    def test_paid_by_hand_after_a_decline_it_is_neither_tried_again_nor_complained_about(self):
        self._agree_with("error")
        self._charge(5)
        self._pay(self.invoice, 100)
        self.assertEqual([self._charge(days) for days in (8, 12, 13)], [{}, {}, {}])

    def test_pending_waits_for_the_bank(self):
        self._agree_with("pending")
        self._charge(5)
        self.assertEqual(self._outcomes(), [(1, "pending")])
        self.assertEqual([self._charge(days) for days in (6, 8, 12)], [{}, {}, {}])
        self.plan.autopay_charge_ids.transaction_id.action_demo_set_done()
        self._book()
        self.assertEqual((self._outcomes(), self.invoice.amount_residual), ([(1, "done")], 200.0))

    def test_what_the_bank_is_still_collecting_is_not_missed(self):
        self._agree_with("pending")
        self._charge(5)

        def judged(days):
            with self._on(self._in(days)):
                self.plan._advance_company(self.company, self._in(days))
            self.env.invalidate_all()
            return self.plan.state

        self.assertEqual(judged(15), "active")
        self.plan.autopay_charge_ids.transaction_id._set_error("No cover")
        self.assertEqual(judged(16), "broken")
        self.assertFalse(self.plan.autopay_consent_id)

    def test_pending_that_fails_in_the_end_is_tried_again_from_that_day(self):
        self._agree_with("pending")
        self._charge(5)
        with self._on(self._in(9)):
            self.plan.autopay_charge_ids.transaction_id._set_error("No cover")
        self.assertEqual((self._charge(11), self._charge(12)), ({}, {"charge": 1}))

    def test_another_method_after_a_failure_starts_anew(self):
        self._agree_with("cancel")
        self._charge(5)
        self._charge(5)
        self.assertTrue(self.first.autopay_failed_on)
        self._agree(self._saved_method(), day=self._in(7))
        self.assertFalse(self.first.autopay_failed_on)
        self._send_notice(7)
        self.assertEqual(self._charge(8), {"charge": 1})
        self.assertEqual(self._outcomes(), [(1, "declined_final"), (2, "done")])

    def test_one_failure_stops_nobody_and_is_stored(self):
        other, invoice = self._late(name="Other Payer", email="other@customer.example.com", amount=90)
        plan = self._plan(other, invoice)
        self._agree()
        self._agree(self._saved_method(other.partner_id), plan)
        self._send_notice(2)
        create = type(self.env["ar.payment.plan.installment"])._create_autopay_transaction

        def fails_for_one(installment, allocation):
            if installment == self.first:
                raise ValueError("boom")
            return create(installment, allocation)

        with (
            patch.object(self.registry["ar.payment.plan.installment"], "_create_autopay_transaction", fails_for_one),
            mute_logger(PROBLEM_LOG),
        ):
            self.assertEqual(self._charge(5), {"failed": 1, "charge": 1})
        self.assertEqual((self.plan.autopay_error, plan.autopay_error), ("ValueError: boom", False))
        self._charge(5)
        self.assertFalse(self.plan.autopay_error)
        self.assertEqual(self._outcomes(), [(1, "done")])


class TestStopped(AutopayCase):
    def test_announced_then_revoked(self):
        self._agree()
        self._announce()
        self.plan.with_user(self.collector).action_stop_autopay()
        self.assertEqual(self._charge(5), {})
        consent = self.plan.autopay_consent_ids
        self.assertIn(self.collector.name, consent.ended_reason)
        self.assertFalse(self.plan.autopay_consent_id)

    def test_revoked_before_the_announcement_was_sent(self):
        self._agree()
        self._charge(2)
        self.plan._stop_autopay("by the customer")
        self.assertEqual(self._deliver(self._in(2)), [])

    def test_broken_meanwhile(self):
        for state in ("broken", "cancelled", "completed"):
            with self.subTest(state=state), self.env.cr.savepoint() as savepoint:
                self._agree()
                self._announce()
                self.plan._set_state(state, ended_on=self._in(4))
                self.assertEqual(self._charge(5), {})
                self.assertEqual(self.plan.autopay_consent_ids.ended_reason, "the plan ended")
                savepoint.rollback()
                self.env.invalidate_all()

    def test_reinstated_it_needs_a_new_consent(self):
        self._agree()
        self._announce()
        self.plan._set_state("broken", ended_on=self._in(3))
        self.plan._set_state("active")
        self.assertEqual(self._charge(5), {})

    def test_method_removed_by_the_customer(self):
        self._agree()
        self.assertEqual([info["name"] for info in self.token.get_linked_records_info()], [self.plan.name])
        self._announce()
        self.token.active = False
        self.assertEqual(self._charge(5), {})
        self.assertIn("removed", self.plan.autopay_consent_ids.ended_reason)

    def test_provider_disabled(self):
        self._agree()
        self._announce()
        switched = self.demo.new({"state": "disabled"}, origin=self.demo)
        self.assertIn("agree again", switched._onchange_state_warn_before_disabling_tokens()["warning"]["message"])
        with patch("odoo.addons.ar_collections.models.autopay.payment_token.AT_ONCE", 0):
            self.demo.state = "disabled"
        consent = self.plan.autopay_consent_ids
        self.assertEqual((bool(consent.ended_on), consent.end_to_notify), (True, True))
        self.assertEqual(self._charge(5), {})
        self.assertFalse(consent.end_to_notify)
        self.assertIn("the payment method was removed", self.customer.message_ids[0].body)

    def test_a_consent_is_kept_and_only_one_lives(self):
        first, second = self._agree(), self._agree()
        self.assertTrue(first.ended_on)
        self.assertEqual(self.plan.autopay_consent_id, second)
        with self.assertRaises(UserError):
            first.unlink()

    def test_what_cannot_be_agreed_to(self):
        stranger = self._saved_method(self._partner(name="Stranger"))
        gone = self._saved_method()
        gone.active = False
        elsewhere = self._saved_method()
        elsewhere.provider_id.sudo()
        for token in (stranger, gone):
            with self.subTest(token=token), self.assertRaises(ValidationError):
                self._agree(token)
        self.plan._set_state("broken")
        with self.assertRaises(ValidationError):
            self._agree()

    def test_a_copied_database_charges_nobody(self):
        self._agree()
        self.env.flush_all()
        with file_open("ar_collections/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        self.assertFalse(self.plan.autopay_consent_id)
        self.assertTrue(self.plan.autopay_consent_ids.ended_on)
        self.assertFalse(self.company.ar_active)
        self.env.cr.execute("ALTER TABLE ar_agency RENAME TO ar_agency_of_a_later_version")
        self.env.cr.execute("ALTER TABLE res_company RENAME ar_database TO ar_database_of_a_later_version")
        with file_open("ar_collections/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())  # a copy of an older version, before its upgrade
        self.env.cr.execute("ALTER TABLE ar_agency_of_a_later_version RENAME TO ar_agency")
        self.env.cr.execute("ALTER TABLE res_company RENAME ar_database_of_a_later_version TO ar_database")
        self.company.ar_active = True
        self.assertEqual(self._charge(5), {})
