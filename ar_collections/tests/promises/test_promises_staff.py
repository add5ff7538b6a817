from datetime import timedelta

from odoo import Command
from odoo.exceptions import UserError

from ...formats import format_amount
from .common_promise import PromiseCommon


class TestStaff(PromiseCommon):
    def test_wizard_offers_what_is_free_and_ticks_what_is_late(self):
        upcoming = self._invoice(self.partner, -20, 50.0)
        wizard = self._wizard()
        self.assertEqual(wizard.line_ids.move_id, self.old + self.new + upcoming)
        self.assertEqual(wizard.line_ids.mapped("amount"), [300.0, 100.0, 50.0])
        self.assertEqual(wizard.line_ids.filtered("ticked").move_id, self.old + self.new)
        self.assertEqual(wizard.total_text, format_amount(self.env, 400, self.company.currency_id))

    def test_recorded_by_a_collector(self):
        wizard = self._wizard()
        wizard.write({"date": self.PROMISED, "note": "On the phone"})
        wizard.line_ids[1].ticked = False
        wizard.line_ids[0].amount = 250.0
        with self._on():
            action = wizard.action_record()
        self.assertEqual(action["params"]["next"]["type"], "ir.actions.act_window_close")
        promise = self.env["ar.promise"].search([("customer_id", "=", self.customer.id)])
        self.assertEqual(
            (promise.amount_total, promise.note, promise.line_ids.move_id), (250.0, "On the phone", self.old)
        )

    def test_from_an_invoice_only_that_one_is_ticked(self):
        wizard = self._wizard(move=self.new)
        self.assertEqual(wizard.line_ids.filtered("ticked").move_id, self.new)

    def test_refusals_state_what_is_wrong_and_who_can_help(self):
        wizard = self._wizard()
        wizard.date = self.TODAY + timedelta(days=60)
        with self._on(), self.assertRaisesRegex(UserError, "at most 30 days.*collections manager"):
            wizard.action_record()
        wizard.date = self.TODAY - timedelta(days=1)
        with self._on(), self.assertRaisesRegex(UserError, "The date has passed") as caught:
            wizard.action_record()
        self.assertNotIn("manager", str(caught.exception))
        wizard.line_ids.ticked = False
        with self._on(), self.assertRaisesRegex(UserError, "Nothing is selected"):
            wizard.action_record()

    def test_a_manager_goes_beyond_the_policy(self):
        wizard = self._wizard(self._user("manager"))
        wizard.date = self.TODAY + timedelta(days=60)
        with self._on():
            wizard.action_record()
        self.assertEqual(self.customer.promise_open_count, 1)

    def test_nothing_to_promise_is_stated_at_once(self):
        self._promise({self.new: None})
        with self.assertRaisesRegex(UserError, "None of these items can be promised"):
            self._wizard(move=self.new)

    def test_items_of_others_slipped_into_the_wizard_are_refused(self):
        other = self._invoice(self._partner(name="Somebody Else"), 5)
        wizard = self._wizard()
        wizard.write(
            {"line_ids": [Command.create({"move_line_id": self._debt(other).id, "ticked": True, "amount": 1})]}
        )
        with self._on(), self.assertRaisesRegex(UserError, "no longer open"):
            wizard.action_record()

    def test_withdraw_with_a_reason(self):
        promise = self._promise()
        action = promise.with_user(self.collector).action_withdraw()
        wizard = self.env[action["res_model"]].with_user(self.collector).with_context(**action["context"])
        with self._on():
            wizard.create({"reason": "Paid by the parent company"}).action_withdraw()
        self.assertEqual((promise.state, promise.ended_on), ("withdrawn", self.TODAY))
        self.assertIn("Paid by the parent company", self.customer.message_ids[0].body)
        with self.assertRaisesRegex(UserError, "already ended"):
            promise._withdraw("Again")

    def test_nobody_writes_or_deletes_promises_by_hand(self):
        promise = self._promise()
        with self.assertRaises(UserError):
            promise.with_user(self._user("credit_manager")).state = "kept"
        with self.assertRaises(UserError):
            promise.sudo().unlink()

    def test_the_invoice_shows_its_promises(self):
        promise = self._promise()
        self.assertTrue(self.old.ar_promised)
        self.assertEqual((self.old.ar_promise_ids, self.new.ar_promise_ids), (promise, self.env["ar.promise"]))
        ours = [("partner_id", "=", self.partner.id)]
        self.assertEqual(self.env["account.move"].search([*ours, ("ar_promised", "=", True)]), self.old)
        self.assertEqual(self.env["account.move"].search([*ours, ("ar_promised", "=", False)]), self.new)
        promise._withdraw("A mistake")
        self.env.invalidate_all()
        self.assertFalse(self.old.ar_promised)
        self.assertEqual(self.old.ar_promise_ids, promise)

    def test_an_invoice_can_be_corrected_all_the_same(self):
        promise = self._promise({self.old: 100, self.new: None})
        self.new.button_draft()
        self.new.invoice_date_due = self.TODAY + timedelta(days=30)
        self.new.button_cancel()
        self.assertEqual(promise.amount_open, 100.0)
        self.old.button_draft()
        self.old.button_cancel()
        self._judge(self.PROMISED + timedelta(days=3))
        self.assertEqual(promise.state, "withdrawn")
        self.assertFalse(self._notices("promise_broken"))

    def test_reliability_by_number_and_by_amount(self):
        later = self.TODAY + timedelta(days=5)
        third = self._invoice(self.partner, 1, 600.0)
        for invoice in (self.old, self.new):
            self._promise({invoice: None}, promised=self.TODAY + timedelta(days=1))
        self._promise({third: None})
        self._pay(self.old)
        self._judge(later)
        with self._on(later):
            self.assertEqual((self.customer.promise_count, self.customer.promise_open_count), (3, 1))
            self.assertEqual(self.customer.promise_due_count, 2)
            self.assertEqual((self.customer.promise_kept_rate, self.customer.promise_kept_amount_rate), (50.0, 75.0))
