from datetime import timedelta

from odoo.exceptions import UserError

from ...promises.common_promise import PromiseCommon


class TestRemindNow(PromiseCommon):
    """“Remind Now” leads somewhere for every customer: a step, the last reminder, copies, or a free message."""

    def _open(self, customer=None):
        """Press the button; return the dialog that opens."""
        with self._on():
            action = (customer or self.customer).with_user(self.collector).action_remind_now()
        return self.env[action["res_model"]].with_user(self.collector).browse(action["res_id"])

    def _press(self, wizard, button):
        """Press a button of the dialog; return the dialog that follows."""
        with self._on():
            action = getattr(wizard, button)()
        return self.env[action["res_model"]].with_user(self.collector).browse(action["res_id"])

    def _send(self, message):
        with self._on():
            message.action_send()
        self.env.invalidate_all()
        return self._communications(self.customer)[-1]

    def test_what_is_due_opens_for_editing(self):
        self.assertEqual(self._open()._name, "ar.message.edit")

    def test_it_opens_whatever_holds_the_schedule(self):
        situations = {
            "promise_open": lambda: self._promise({self.old: None, self.new: None}),
            "paused": lambda: self.customer.write(
                {"pause_until": self.TODAY + timedelta(days=5), "pause_reason": "Talks"}
            ),
            "excluded": lambda: self.customer.write({"excluded": True, "exclusion_reason": "Lawyer"}),
            "no_address": lambda: self.partner.write({"email": False}),
            "no_policy": lambda: self.customer.sudo().write({"policy_id": False}),
            "not_active": lambda: self.company.write({"ar_active": False}),
            "nothing_due": lambda: (self._pay(self.old), self._pay(self.new)),
        }
        for code, prepare in situations.items():
            with self.subTest(code=code), self.env.cr.savepoint() as savepoint:
                prepare()
                wizard = self._open()
                self.assertEqual(wizard._name, "ar.remind")
                self.assertIn(self.customer._get_code_label(code), wizard.reason)
                if code != "not_active":
                    self.assertEqual(self._press(wizard, "action_message")._name, "ar.message.new")
                savepoint.rollback()
                self.env.invalidate_all()

    # === THE NEXT STEP EARLY === #

    def test_the_next_step_goes_out_early_and_once(self):
        self._on_schedule({"days": 3}, {"days": 20}, {"days": 40})
        self.assertEqual(len(self._day(self.TODAY + timedelta(days=1))), 1)
        with self._on(self.TODAY + timedelta(days=2)):
            action = self.customer.with_user(self.collector).action_remind_now()
            wizard = self.env["ar.remind"].with_user(self.collector).browse(action["res_id"])
            self.assertIn("Waiting for next step", wizard.reason)
            self.assertEqual((wizard.can_send, wizard.step_id.days), (True, 20))
            action = wizard.action_send()
            message = self.env["ar.message.edit"].with_user(self.collector).browse(action["res_id"])
            message.action_send()
        early = self._communications(self.customer)[-1]
        self.assertEqual((early.step_id.days, early.state, early.decided_for), (20, "planned", wizard.day))
        self.assertEqual(len(self._deliver(self.TODAY + timedelta(days=2))), 1)
        self.assertEqual(early.state, "sent")
        self._day(wizard.day)
        steps = self._communications(self.customer).line_ids.filtered(lambda line: line.step_id == early.step_id)
        self.assertEqual(steps.move_line_id & self._debt(self.old), self._debt(self.old))
        self.assertEqual(len(steps.filtered(lambda line: line.move_line_id == self._debt(self.old))), 1)

    def test_a_payment_in_the_meantime_stops_the_early_step(self):
        self._on_schedule({"days": 3}, {"days": 20})
        self._day()
        with self._on():
            action = self.customer.with_user(self.collector).action_remind_now()
            action = self.env["ar.remind"].with_user(self.collector).browse(action["res_id"]).action_send()
            self.env["ar.message.edit"].with_user(self.collector).browse(action["res_id"]).action_send()
        self._pay(self.old)
        self.assertFalse(self._deliver())
        self.assertEqual(self._communications(self.customer)[-1].state, "cancelled")

    def test_a_promise_in_the_meantime_stops_the_early_step(self):
        self._on_schedule({"days": 3}, {"days": 20})
        self._day()
        lines = self._debt(self.old).with_user(self.collector)
        with self._on():
            self.env["ar.remind"].with_user(self.collector).browse(lines.action_ar_remind()["res_id"]).action_send()
        early = self._communications(self.customer)[-1]
        self.assertEqual(early.step_id.days, 20)
        self._promise({self.old: None}, promised=self.TODAY + timedelta(days=1))
        self._deliver()
        self.assertEqual((early.state, early.cancel_reason), ("cancelled", "promise_open"))

    def test_selected_items_early(self):
        self._on_schedule({"days": 3}, {"days": 20})
        self._day()
        lines = self._debt(self.old).with_user(self.collector)
        with self._on():
            wizard = self.env["ar.remind"].with_user(self.collector).browse(lines.action_ar_remind()["res_id"])
            self.assertTrue(wizard.day)
            wizard.action_send()
        self.assertEqual(len(self._deliver()), 1)
        self.assertEqual(self._communications(self.customer)[-1].line_ids.move_line_id, lines)

    def _send_early(self):
        """Send the next step about the old invoice before its day; return the message."""
        self._on_schedule({"days": 3}, {"days": 20})
        self._day()
        lines = self._debt(self.old).with_user(self.collector)
        with self._on():
            self.env["ar.remind"].with_user(self.collector).browse(lines.action_ar_remind()["res_id"]).action_send()
        return self._communications(self.customer)[-1]

    def test_an_early_step_that_leaves_a_day_later_is_still_sent(self):
        early = self._send_early()
        tomorrow = self.TODAY + timedelta(days=1)
        mails = self._deliver(tomorrow) + self._deliver(tomorrow)
        self.assertEqual(len(mails), 1)
        replaced = self._communications(self.customer)[-1]
        self.assertEqual((replaced.state, replaced.decided_for), ("sent", early.decided_for))

    def test_an_early_step_whose_amount_changed_is_sent_with_the_new_one(self):
        self._send_early()
        self._pay(self.old, 50)
        mails = self._deliver() + self._deliver()
        self.assertEqual(len(mails), 1)
        self.assertEqual(self._communications(self.customer)[-1].amount_total, 250)

    def test_an_early_text_that_came_back_waits_for_its_editor(self):
        self._on_schedule({"days": 3}, {"days": 20})
        self._day()
        message = self._press(self._open(), "action_send")
        self._send(message)
        self._pay(self.old, 50)
        self._deliver()
        returned = self._communications(self.customer)[-1]
        self.assertEqual(returned.state, "review")
        for day in (1, 2):
            self._run(self.TODAY + timedelta(days=day))
        self.assertEqual(self._communications(self.customer)[-1], returned)
        self.assertEqual((returned.state, len(self._tasks(self.customer, "review"))), ("review", 1))

    def test_no_step_is_skipped_by_a_later_day(self):
        self._on_schedule({"days": 3}, {"days": 20}, {"days": 40})
        self._day()
        before = self._communications(self.customer)
        lines = self._debt(self.old).with_user(self.collector)
        with self._on():
            selected = self.env["ar.remind"].with_user(self.collector).browse(lines.action_ar_remind()["res_id"])
        message = self._press(self._open(), "action_send")
        for wizard in (selected, message):
            wizard.day = "2099-01-01"
            with self.assertRaises(UserError), self._on():
                wizard.action_send()
        self.assertEqual(self._communications(self.customer), before)

    # === BESIDE THE SCHEDULE === #

    def test_the_last_reminder_again_uses_no_step(self):
        self._day()
        first = self._communications(self.customer)
        again = self._send(self._press(self._open(), "action_repeat"))
        self.assertEqual((again.notice, again.is_manual, again.step_id.id), ("repeat", True, False))
        self.assertFalse(again.line_ids.step_id)
        self.assertEqual(again.line_ids.move_line_id, first.line_ids.move_line_id)
        (mail,) = self._deliver()
        self.assertIn(self.old.name, mail["body"])

    def test_amounts_that_changed_are_not_sent(self):
        self._day()
        again = self._send(self._press(self._open(), "action_repeat"))
        self._pay(self.old, 50)
        self.assertFalse(self._deliver())
        self.assertEqual(again.state, "cancelled")

    def _credit(self, amount):
        return self._invoice(self.partner, overdue_days=1, amount=amount, move_type="out_refund")

    def test_the_last_reminder_again_deducts_credits(self):
        credit = self._credit(150)
        self._day()
        first = self._communications(self.customer)
        again = self._send(self._press(self._open(), "action_repeat"))
        self.assertEqual((first.amount_total, again.amount_total), (250, 250))
        deducted = again.line_ids.filtered(lambda line: line.kind == "credit")
        self.assertEqual((deducted.move_id, deducted.amount_left), (credit, -150))
        (mail,) = self._deliver()
        self.assertIn("250.00", mail["body"])

    def test_what_credits_cover_is_not_requested_again(self):
        self._day()
        wizard = self._open()
        message = self._press(wizard, "action_repeat")
        again = self._send(self._press(wizard, "action_repeat"))
        self._credit(400)
        self.assertFalse(self._deliver())
        self.assertEqual(again.state, "cancelled")
        self.assertFalse(self._open().last_id)
        with self.assertRaisesRegex(UserError, "credit"):
            self._send(message)

    def test_copies_request_nothing(self):
        self._day()
        copies = self._send(self._press(self._open(), "action_copies"))
        self.assertEqual((copies.amount_total, sum(copies.line_ids.mapped("amount_left"))), (0, 400))

    def test_no_copy_of_an_invoice_that_was_withdrawn(self):
        self._day()
        copies = self._send(self._press(self._open(), "action_copies"))
        self.old.button_draft()
        self.assertFalse(self._deliver())
        self.assertEqual(copies.state, "cancelled")

    def test_copies_are_attached(self):
        self._day()
        copies = self._send(self._press(self._open(), "action_copies"))
        self.assertEqual(len(self._deliver()), 1)
        self.assertEqual(len(copies.attachment_ids), 2)

    def test_a_free_message_lists_nothing_and_warns(self):
        self.customer.write({"excluded": True, "exclusion_reason": "Lawyer"})
        message = self._press(self._open(), "action_message")
        self.assertEqual(message.warning, "Excluded from reminders")
        with self.assertRaises(UserError), self._on():
            message.action_send()
        message.text = "<p>Shall we talk?</p>"
        sent = self._send(message)
        self.assertFalse(sent.line_ids)
        (mail,) = self._deliver()
        self.assertIn("Shall we talk?", mail["body"])

    def test_never_to_an_address_that_does_not_work(self):
        self._day()
        reached = self._communications(self.customer).address_ids
        reached.sudo()._set_failed("address", "No such user")
        message = self._press(self._open(), "action_message")
        self.assertFalse(message.recipient_ids)
        message.write({"text": "<p>Hello</p>", "recipient_ids": self.partner.ids})
        with self.assertRaisesRegex(UserError, "came back"), self._on():
            message.action_send()

    def test_items_of_another_customer_are_refused(self):
        other, invoice = self._late(name="Other")
        message = self._press(self._open(self._excluded()), "action_copies")
        message.line_ids = self._debt(invoice)
        with self.assertRaisesRegex(UserError, "one customer"), self._on():
            message.action_send()
        self.assertFalse(self._communications(other))

    def test_only_to_contacts_of_the_customer_and_only_by_collectors(self):
        message = self._press(self._open(self._excluded()), "action_message")
        stranger = self._partner(name="Stranger", email="s@elsewhere.example.com")
        message.write({"text": "<p>Hello</p>", "recipient_ids": stranger.ids})
        with self.assertRaises(UserError), self._on():
            message.action_send()
        with self.assertRaises(UserError):
            self.customer.with_user(self._user("auditor", login="remind-auditor")).action_remind_now()

    def _excluded(self):
        self.customer.write({"excluded": True, "exclusion_reason": "Lawyer"})
        return self.customer
