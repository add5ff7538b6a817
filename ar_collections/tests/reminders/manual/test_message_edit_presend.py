from datetime import date, timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_edit import EditCommon


class TestEditedReview(EditCommon):
    """A large amount waits for approval: its text may be edited meanwhile, and the approval stays the manager's."""

    def setUp(self):
        super().setUp()
        self.policy.review_above = 100
        self._run()
        self.communication = self._communications(self.customer)

    def _save(self, user=None):
        wizard = self._write(self._open_waiting(self.communication, user))
        with self._on():
            wizard.action_save()
        self.env.invalidate_all()
        return wizard

    def test_saved_it_still_waits_and_reads_as_it_will_go_out(self):
        self._save()
        self.assertEqual((self.communication.state, self.communication.subject), ("review", "A word between us"))
        self.assertIn("our walk", self.communication.body)
        self.assertIn("500.00", self.communication.body)
        self.assertEqual(len(self._deliver()), 0)

    def test_a_collector_does_not_approve_by_editing(self):
        wizard = self._write(self._open_waiting(self.communication))
        self.assertFalse(wizard.can_send)
        with self.assertRaisesRegex(UserError, "approval of a manager"):
            self._send(wizard)
        self.assertEqual(self.communication.state, "review")

    def test_a_manager_edits_and_sends_in_one_go(self):
        self._send(self._write(self._open_waiting(self.communication, self.manager)))
        self.assertFalse(self._tasks(self.customer, "review"))
        self.assertIn("our walk", self._deliver()[0]["body"])
        self.assertEqual(self.communication.approved_by_id, self.manager)
        self.assertEqual(self._states(self.customer), [(3, "sent")])

    def test_what_a_collector_wrote_is_approved_by_the_manager(self):
        self._save()
        with self._on():
            self.communication.with_user(self.manager).action_approve()
        self.assertIn("our walk", self._deliver()[0]["body"])
        self.assertEqual(self.communication.edited_by_id, self.collector)

    def test_approved_days_later_the_edited_text_goes_out_with_the_list_of_that_day(self):
        self._save()
        deadline, later = self.communication.deadline, date(2026, 6, 12)
        with self._on(later):
            self.communication.with_user(self.manager).action_approve()
        mails = self._deliver(later) + self._deliver(later)
        self.assertEqual(len(mails), 1)
        self.assertIn("our walk", mails[0]["body"])
        self.assertIn("6 days late", mails[0]["body"])
        last = self._communications(self.customer)[-1]
        self.assertEqual((last.state, last.edited_by_id, last.deadline), ("sent", self.collector, deadline))

    def test_approved_after_its_deadline_it_comes_back(self):
        self._save()
        later = self.communication.deadline + timedelta(days=1)
        with self._on(later):
            self.communication.with_user(self.manager).action_approve()
        self.assertEqual(len(self._deliver(later)), 0)
        self.assertEqual(self._states(self.customer), [(3, "cancelled"), (3, "review")])
        self.assertIn("its deadline has passed", self._tasks(self.customer, "review").summary)

    def test_sent_after_its_deadline_it_is_shown_with_a_new_one_first(self):
        self._save()
        later = self.communication.deadline + timedelta(days=1)
        wizard = self._open_waiting(self.communication, self.manager, later)
        self.assertEqual(self._send(wizard, later)["res_id"], wizard.id)
        self.assertEqual((wizard.was_late, self.communication.state), (True, "review"))
        self.assertGreaterEqual(self.communication.deadline, later)
        self.assertEqual(self._send(wizard, later)["type"], "ir.actions.act_window_close")
        self.assertEqual(len(self._deliver(later) + self._deliver(later)), 1)
        self.assertEqual(self._communications(self.customer)[-1].state, "sent")

    def test_who_covers_for_the_writer_gets_the_task(self):
        self._save()
        self._pay(self.invoice, 200)
        self.env["ar.absence"].create(
            {
                "user_id": self.collector.id,
                "cover_id": self.manager.id,
                "date_from": self.TODAY,
                "date_to": self.TODAY + timedelta(days=9),
            }
        )
        self._run(self.TODAY + timedelta(days=1))
        self.assertEqual(self._tasks(self.customer, "review").user_id, self.manager)

    def test_contacts_who_left_get_no_message_that_is_written_anew(self):
        gone, moved = self._contact(), self._contact(name="Moved", email="moved@customer.example.com")
        wizard = self._write(self._open_waiting(self.communication))
        self._add_recipient(wizard, gone)
        self._add_recipient(wizard, moved)
        with self._on():
            wizard.action_save()
        gone.active = False
        moved.parent_id = self._partner(name="Another company")
        self._pay(self.invoice, 200)
        self._run(self.TODAY + timedelta(days=1))
        new = self._communications(self.customer)[-1]
        self.assertEqual((new.recipient_ids, new.email_to), (self.customer.partner_id, "payer@customer.example.com"))

    def test_skipped_by_a_colleague_who_wrote_it_is_notified(self):
        self._save()
        self.communication.with_user(self.manager).action_skip()
        note = self.env["mail.message"].sudo().search([("partner_ids", "in", self.collector.partner_id.ids)], limit=1)
        self.assertIn("was not sent: Skipped by staff", note.body)

    def test_the_dialog_takes_the_channel_from_the_message(self):
        (letter,) = self._schedule({"days": 3, "channel": "letter"}).step_ids
        wizard = self._write(self._open_waiting(self.communication))
        wizard.step_id = letter
        self._add_recipient(wizard, self._partner(name="A stranger"))
        with self.assertRaisesRegex(UserError, "cannot be sent to anybody else"), self._on():
            wizard.action_save()

    def test_the_night_leaves_it_alone_while_nothing_changes(self):
        self._save()
        for days in (1, 2, 3, 4):
            self._run(self.TODAY + timedelta(days=days))
        self.assertEqual(self._states(self.customer), [(3, "review")])
        self.assertIn("our walk", self.communication.body)

    def test_part_paid_it_is_proposed_anew_with_the_same_text_to_who_wrote_them(self):
        self._save()
        self._pay(self.invoice, 200)
        self._run(self.TODAY + timedelta(days=1))
        old, new = self._communications(self.customer)
        self.assertEqual((old.cancel_reason, new.state, new.amount_total), ("outdated", "review", 300))
        self.assertEqual((new.edited_by_id, new.subject), (self.collector, "A word between us"))
        self.assertIn("our walk", new.body)
        self.assertIn("300.00", new.body)
        self.assertIn("its items have changed", self._tasks(self.customer, "review").summary)
        wizard = self._open_waiting(new, day=self.TODAY + timedelta(days=1))
        self.assertFalse(wizard.can_send)  # still above what a collector may send without approval

    def test_below_the_threshold_after_a_payment_edited_text_still_wait(self):
        self._save()
        self._pay(self.invoice, 450)
        self.assertEqual(len(self._day(self.TODAY + timedelta(days=1))), 0)
        self.assertEqual(self._states(self.customer), [(3, "cancelled"), (3, "review")])

    def test_part_paid_before_a_weekend_the_texts_are_kept_until_monday(self):
        self._save()
        self._pay(self.invoice, 200)
        self._run(date(2026, 6, 13))  # a Saturday
        self.assertEqual(self._states(self.customer), [(3, "review")])
        self._run(date(2026, 6, 15))
        self.assertEqual(self._states(self.customer), [(3, "cancelled"), (3, "review")])
        self.assertIn("our walk", self._communications(self.customer)[-1].text_above)

    def test_paid_it_is_cancelled_and_who_wrote_it_is_notified_why(self):
        self._save()
        self._pay(self.invoice)
        self._run(self.TODAY + timedelta(days=1))
        self.assertEqual((self.communication.state, self.communication.cancel_reason), ("cancelled", "nothing_due"))
        note = self.env["mail.message"].sudo().search([("partner_ids", "in", self.collector.partner_id.ids)], limit=1)
        self.assertIn("was not sent: Nothing is due", note.body)
        self.assertIn("our walk", self.communication.text_above)

    def test_who_rejects_the_edited_text_is_notified_nothing(self):
        self._save()
        before = self.env["mail.message"].sudo().search_count([("partner_ids", "in", self.collector.partner_id.ids)])
        self.communication.with_user(self.collector).action_reject()
        after = self.env["mail.message"].sudo().search_count([("partner_ids", "in", self.collector.partner_id.ids)])
        self.assertEqual(after, before)

    def test_send_now_for_many_passes_over_an_edited_message(self):
        self._save()
        with self._on():
            preview = self.env["ar.preview"].with_user(self.collector).create({"company_id": self.company.id})
            preview.action_preview()
            with self.assertRaisesRegex(UserError, "edited message"):
                preview.line_ids.action_send_now()
        self.assertEqual(self._states(self.customer), [(3, "review")])

    def test_a_reminder_of_ticked_items_does_not_replace_them(self):
        self._save()
        with self._on(), self.assertRaisesRegex(UserError, "a colleague edited"):
            self.customer.with_user(self.collector)._remind_items(self._debt(self.invoice))
        self.assertEqual(self.communication.state, "review")

    def test_remind_now_opens_what_waits_for_approval_instead_of_going_round_it(self):
        wizard = self._open()
        self.assertEqual((wizard.communication_id, wizard.can_send), (self.communication, False))
        self.assertTrue(self._open(self.manager).can_send)

    def test_remind_now_opens_the_edited_text_that_waits(self):
        self._save()
        wizard = self._open()
        self.assertEqual((wizard.communication_id, wizard.subject), (self.communication, "A word between us"))

    def test_changed_while_a_manager_writes_it_is_shown_and_not_sent(self):
        wizard = self._write(self._open_waiting(self.communication, self.manager))
        self._pay(self.invoice, 100)
        self.assertEqual(self._send(wizard)["res_id"], wizard.id)
        self.assertTrue(wizard.changed)
        self.assertIn("400.00", wizard.items_html)
        self.assertIn("our walk", wizard.text_above)
        self.assertEqual(len(self._deliver()), 0)
        self._send(wizard)
        self.assertIn("400.00", self._deliver()[0]["body"])
        self.assertEqual(self._states(self.customer), [(3, "cancelled"), (3, "sent")])

    def test_sent_by_somebody_else_meanwhile_it_is_not_sent_twice(self):
        wizard = self._write(self._open_waiting(self.communication, self.manager))
        with self._on():
            self.communication.with_user(self.manager).action_approve()
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            self._send(wizard)
        self.assertEqual(len(self._deliver()), 1)


class TestEditedPresendCheck(EditCommon):
    """Between the edit and the delivery the ledger may change: amounts are current, the edited text is not lost."""

    def test_changed_while_it_is_written_the_list_is_shown_anew_and_the_edited_text_kept(self):
        wizard = self._write(self._open())
        self._pay(self.invoice, 200)
        answer = self._send(wizard)
        self.assertEqual((answer["res_model"], answer["res_id"]), ("ar.message.edit", wizard.id))
        self.assertTrue(wizard.changed)
        self.assertIn("300.00", wizard.items_html)
        self.assertIn("our walk", wizard.text_above)
        self.assertFalse(self._communications(self.customer))
        self._send(wizard)
        self.assertIn("300.00", self._deliver()[0]["body"])

    def test_paid_while_it_is_written_nothing_is_sent(self):
        wizard = self._write(self._open())
        self._pay(self.invoice)
        with self.assertRaisesRegex(UserError, "Nothing is due"):
            self._send(wizard)
        self.assertFalse(self._communications(self.customer))

    def test_prepared_for_review_while_it_is_written_it_waits_for_the_approval(self):
        wizard = self._write(self._open())
        self.policy.review_above = 100
        self._run()
        with self.assertRaisesRegex(UserError, "waiting for approval"):
            self._send(wizard)
        self.assertEqual(self._states(self.customer), [(3, "review")])

    def test_another_step_than_the_dialog_states_is_shown_first(self):
        wizard = self._write(self._open())
        (letter,) = self._schedule({"days": 3, "channel": "letter"}).step_ids
        wizard.write({"step_id": letter.id, "subject": False})
        self._send(wizard)
        self.assertEqual((wizard.changed, wizard.step_id), (True, self.friendly))
        with self.assertRaisesRegex(UserError, "subject"):
            self._send(wizard)

    # === LETTERS === #

    def _letter_of(self, *invoices):
        """Let the nightly run or a manual order about selected items prepare a letter; a collector edits it."""
        self._on_schedule({"days": 3, "channel": "letter"})
        if invoices:
            items = self.env["account.move.line"].union(*map(self._debt, invoices))
            with self._on():
                self.customer.with_user(self.collector)._remind_items(items)
        else:
            self._run()
        letter = self._communications(self.customer)
        with self._on():
            self._write(self._open_waiting(letter)).action_save()
        return letter

    def _print(self, letter, day=None):
        with self._on(day):
            letter.with_user(self.collector).with_context(force_report_rendering=True).action_print()
        self.env.invalidate_all()

    @tagged("at_install", "ar_print")
    def test_a_letter_that_needed_no_approval_comes_back_to_be_sent(self):
        letter = self._letter_of()
        self._pay(self.invoice, 200)
        self._print(letter)
        new = self._communications(self.customer)[-1]
        self.assertEqual((new.state, new.returned), ("review", True))
        wizard = self._open_waiting(new)
        self.assertTrue(wizard.can_send)
        self._send(wizard)
        self._print(new)
        self.assertEqual(self._states(self.customer), [(3, "cancelled"), (3, "sent")])

    @tagged("at_install", "ar_print")
    def test_a_letter_that_would_need_approval_now_comes_back_for_it(self):
        letter = self._letter_of()
        self.policy.review_above = 250
        self._pay(self.invoice, 200)
        self._print(letter)
        new = self._communications(self.customer)[-1]
        self.assertEqual((new.state, new.returned), ("review", False))
        self.assertFalse(self._open_waiting(new).can_send)

    @tagged("at_install", "ar_print")
    def test_a_letter_about_selected_items_keeps_to_them_when_it_comes_back(self):
        other = self._invoice(self.customer.partner_id, 4, 80)
        letter = self._letter_of(self.invoice)
        self._pay(self.invoice, 200)
        self._print(letter)
        new = self._communications(self.customer)[-1]
        self.assertEqual((new.state, new.has_selected_items, new.line_ids.move_id), ("review", True, self.invoice))
        tomorrow = self.TODAY + timedelta(days=1)
        self._run(tomorrow)
        self.assertEqual(self._states(self.customer), [(3, "cancelled"), (3, "review")])
        wizard = self._open_waiting(new, day=tomorrow)
        self.assertNotIn(other.name, wizard.items_html)
        self.assertEqual(self._send(wizard, tomorrow)["type"], "ir.actions.act_window_close")
        self._print(new, tomorrow)
        self.assertEqual((new.state, new.line_ids.move_id), ("sent", self.invoice))

    def test_sent_by_somebody_else_while_it_is_edited_it_is_not_sent_twice(self):
        wizard = self._write(self._open())
        self._send(self._write(self._open(self.manager)))
        with self.assertRaisesRegex(UserError, "Waiting for next step"):
            self._send(wizard)
        self.assertEqual(len(self._deliver()), 1)

    def test_paid_in_the_queue_it_is_cancelled_and_who_wrote_it_is_notified_why(self):
        communication = self._send_edited()
        self._pay(self.invoice)
        self.assertEqual(len(self._deliver()), 0)
        self.env.invalidate_all()
        self.assertEqual((communication.state, communication.cancel_reason), ("cancelled", "nothing_due"))
        note = self.env["mail.message"].sudo().search([("partner_ids", "in", self.collector.partner_id.ids)], limit=1)
        self.assertIn("was not sent", note.body)

    def test_part_paid_in_the_queue_it_comes_back_to_who_wrote_it(self):
        self._send_edited()
        self._pay(self.invoice, 200)
        self.assertEqual(len(self._deliver() + self._deliver()), 0)
        old, new = self._communications(self.customer)
        self.assertEqual((old.state, old.cancel_reason), ("cancelled", "outdated"))
        self.assertEqual((new.state, new.returned, new.amount_total), ("review", True, 300))
        self.assertIn("our walk", new.text_above)
        self.assertEqual(self._tasks(self.customer, "review").user_id, self.collector)
        wizard = self._open_waiting(new)
        self.assertIn("300.00", wizard.items_html)
        self._send(wizard)
        mails = self._deliver() + self._deliver()
        self.assertEqual(len(mails), 1)
        self.assertIn("our walk", mails[0]["body"])
        self.assertEqual(self._states(self.customer), [(3, "cancelled"), (3, "sent")])

    def test_what_came_back_is_not_sent_by_the_night(self):
        self._send_edited()
        self._pay(self.invoice, 200)
        self._deliver()
        for days in (1, 2, 5):
            self.assertEqual(len(self._day(self.TODAY + timedelta(days=days))), 0)
        self.assertEqual(self._communications(self.customer)[-1].state, "review")

    def test_left_in_the_queue_overnight_it_goes_out_with_the_list_of_the_day(self):
        self._send_edited()
        tomorrow = self.TODAY + timedelta(days=1)
        mails = self._deliver(tomorrow) + self._deliver(tomorrow)
        self.assertEqual(len(mails), 1)
        self.assertIn("our walk", mails[0]["body"])
        self.assertIn("5 days late", mails[0]["body"])

    def test_recipients_are_kept_when_it_is_written_anew(self):
        contact = self._contact()
        wizard = self._write(self._open())
        self._add_recipient(wizard, contact)
        self._send(wizard)
        self._deliver(self.TODAY + timedelta(days=1))
        self.assertIn(contact, self._communications(self.customer)[-1].recipient_ids)

    def test_killed_at_the_delivery_nobody_knows_and_it_is_not_repeated(self):
        communication = self._send_edited()
        communication.sudo().address_ids._set_state("sending")
        communication.sudo()._set_state("sending")
        self.assertEqual(len(self._deliver()), 0)
        self.assertEqual(self._states(self.customer), [(3, "unknown")])
        self.assertEqual(len(self._day(self.TODAY + timedelta(days=1))), 0)
        self.assertIn("our walk", communication.text_above)

    def test_the_database_refuses_the_step_a_second_time(self):
        self._send_edited()
        lines = self._communications(self.customer).line_ids
        self.assertEqual((lines.step_id, lines.uses_step), (self.friendly, True))
        self._run()
        self.assertEqual(self._states(self.customer), [(3, "planned")])
