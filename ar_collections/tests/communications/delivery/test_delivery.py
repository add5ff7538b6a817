from datetime import timedelta
from unittest.mock import patch

from odoo.tools import mute_logger

from ...common import MAIL_LOGS, PROBLEM_LOG, ArCommon


class TestDelivery(ArCommon):
    """From the queue to the customer over a real SMTP connection: how each delivery ends, and that it happens once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["mail.mail"].sudo().search([]).unlink()
        cls.customer, cls.invoice = cls._late()

    def setUp(self):
        super().setUp()
        self._run()
        self.communication = self._communications(self.customer)
        self.tomorrow = self.TODAY + timedelta(days=1)

    def _deliver_badly(self, behave, turns=1):
        """Work the queue with a mail server that behaves like this; return the messages the server accepted."""
        with self._smtp() as server, mute_logger(*MAIL_LOGS):
            server.behave = behave
            for _turn in range(turns):
                self._work_queue()
            return server.messages

    def _leave_sending(self):
        """Leave behind what a killed worker does."""
        self.communication.sudo().address_ids._set_state("sending")
        self.communication.sudo()._set_state("sending", date_sent=self.TODAY)

    def test_sent(self):
        with self._smtp() as server:
            self._work_queue()
        (message,) = server.messages
        self.assertEqual(message["To"], "Patient Payer <payer@customer.example.com>")
        self.assertEqual(message["Subject"], self.communication.subject)
        self.assertEqual((self.communication.state, self.communication.date_sent), ("sent", self.TODAY))
        self.assertEqual(self.customer.last_contact_date, self.TODAY)
        self.assertEqual(self.communication.message_id.notification_ids.notification_status, "sent")

    def test_sent_mails_leave_the_queue_and_stay_in_the_chatter(self):
        with self._smtp():
            self._work_queue()
        self.assertFalse(self.communication.address_ids.mail_mail_id)
        self.assertIn(self.communication.message_id, self.customer.message_ids)
        self.assertIn(self.invoice.name, self.communication.message_id.body)

    def test_another_run_of_the_queue_sends_nothing(self):
        self.assertEqual(len(self._deliver_badly("accept", turns=3)), 1)

    def test_recipient_refused_is_an_address_failure(self):
        self.assertFalse(self._deliver_badly("recipient"))
        self.assertEqual((self.communication.state, self.communication.failure), ("failed", "address"))
        self.assertIn("nobody", self.communication.failure_reason)
        self.assertEqual(len(self._tasks(self.customer, "address")), 1)

    def test_after_an_address_failure_the_step_waits_for_another_address(self):
        self._deliver_badly("recipient")
        self._run(self.tomorrow)
        self.assertCode(self.customer, "no_address")
        self.customer.partner_id.email = "new@customer.example.com"
        with self._smtp() as server:
            self._run(self.tomorrow)
            self._work_queue(self.tomorrow)
        self.assertEqual([message["To"] for message in server.messages], ["Patient Payer <new@customer.example.com>"])
        self.assertEqual(self._states(self.customer), [(3, "failed"), (3, "sent")])

    def test_message_refused_is_a_technical_failure_with_a_task_and_its_step_free_again(self):
        for behave in ("data", "sender"):
            with self.subTest(behave=behave), self.env.cr.savepoint() as savepoint:
                self.assertFalse(self._deliver_badly(behave))
                self.assertEqual((self.communication.state, self.communication.failure), ("failed", "technical"))
                self.assertFalse(any(self.communication.line_ids.mapped("uses_step")))
                self.assertEqual(len(self._tasks(self.customer, "address")), 1)
                self.assertEqual(len(self._day(self.tomorrow)), 1)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_no_answer_after_the_delivery_is_unknown_and_never_sent_again_by_itself(self):
        for behave in ("hang", "drop"):
            with self.subTest(behave=behave), self.env.cr.savepoint() as savepoint:
                self.assertEqual(len(self._deliver_badly(behave)), 1)  # it may have been delivered
                self.assertEqual(self.communication.state, "unknown")
                self.assertEqual(len(self._tasks(self.customer, "unknown")), 1)
                with self._smtp() as server:
                    for day in range(4):
                        self._run(self.TODAY + timedelta(days=day))
                        self._work_queue(self.TODAY + timedelta(days=day))
                self.assertFalse(server.messages)
                self.assertEqual(self._states(self.customer), [(3, "unknown")])
                savepoint.rollback()
                self.env.invalidate_all()

    def test_who_may_have_been_contacted_from_us_counts_as_contacted(self):
        self._deliver_badly("hang")
        self._invoice(self.customer.partner_id, 6)
        self._run()
        self.assertCode(self.customer, "delivery_unknown")
        self.assertEqual(self.customer.last_contact_date, self.TODAY)

    def test_an_unknown_delivery_is_settled_by_a_person(self):
        self._deliver_badly("hang")
        with self.env.cr.savepoint() as savepoint:
            self.communication.with_user(self.collector).action_mark_delivered()
            self.assertEqual(self.communication.state, "sent")
            self.assertEqual(len(self._day(self.tomorrow)), 0)
            savepoint.rollback()
        self.env.invalidate_all()
        self.communication.with_user(self.collector).action_mark_not_delivered()
        self.assertEqual((self.communication.state, self.communication.failure), ("failed", "not_delivered"))
        self.assertEqual(len(self._day(self.tomorrow)), 1)

    def test_unreachable_mail_server_keeps_the_reminder_planned_and_in_the_queue(self):
        problems = self.env["ar.problem"]
        with self._smtp() as server, mute_logger(*MAIL_LOGS, PROBLEM_LOG):
            self.env["ir.mail_server"].sudo().search([]).smtp_port = 1  # no server listens on this port
            for _turn in range(2):
                self._work_queue()
                self.assertEqual(self.communication.state, "planned")
                self.assertEqual(self.communication.address_ids.mail_mail_id.state, "outgoing")
            problem = problems._search_open(self.company, "delivery")
            self.assertEqual(problem.times, 2)
            self.assertIn("messages waiting: 1", problem.message)
            self.env["ir.mail_server"].sudo().search([]).smtp_port = server.port
            self._work_queue()
        self.assertEqual((len(server.messages), self.communication.state), (1, "sent"))
        self.assertTrue(problem.solved_on)

    def test_a_dead_session_leaves_the_others_for_the_next_turn(self):
        others = [self._customer(self._invoice(partner, 4).partner_id) for partner in self._partners(3)]
        self._run()
        self.assertEqual(len(self._deliver_badly("drop")), 1)
        self.assertEqual([self._states(other) for other in others], [[(3, "planned")]] * 3)
        self.assertEqual(len(self._deliver_badly("accept")), 3)

    def test_one_refused_address_stops_no_other_mail(self):
        others = [self._customer(self._invoice(partner, 4).partner_id) for partner in self._partners(2)]
        self._run()
        with self._smtp() as server, mute_logger(*MAIL_LOGS):
            server.refused.add("payer@customer")
            self._work_queue()
        self.assertEqual(len(server.messages), 2)
        self.assertEqual(self.communication.failure, "address")
        self.assertEqual([self._states(other) for other in others], [[(3, "sent")]] * 2)

    def test_a_crash_in_the_middle_of_a_delivery_is_unknown_at_the_next_turn(self):
        self._leave_sending()
        self.assertFalse(self._deliver_badly("accept"))
        self.assertEqual(self.communication.state, "unknown")
        self.assertEqual(self.communication.address_ids.mail_mail_id.state, "cancel")
        self.assertEqual(len(self._tasks(self.customer, "unknown")), 1)

    def test_a_crash_whose_mail_is_gone_is_found_by_the_next_run(self):
        self._leave_sending()
        self.communication.sudo().address_ids.mail_mail_id.unlink()
        self._run(self.tomorrow)
        self.assertEqual(self._states(self.customer), [(3, "unknown")])

    def test_a_failure_that_is_no_mail_servers_is_stored_and_stops_no_other(self):
        others = [self._customer(self._invoice(partner, 4).partner_id) for partner in self._partners(2)]
        self._run()
        build = type(self.env["ir.mail_server"])._build_email__

        def breaks_for_one(model, email_from, email_to, *args, **kwargs):
            if "payer@" in str(email_to):
                raise ValueError("this letter cannot be encoded")
            return build(model, email_from, email_to, *args, **kwargs)

        with patch.object(type(self.env["ir.mail_server"]), "_build_email__", breaks_for_one):
            self.assertEqual(len(self._deliver_badly("accept")), 2)
        self.assertEqual((self.communication.state, self.communication.failure), ("failed", "technical"))
        self.assertIn("encoded", self.communication.failure_reason)
        self.assertEqual([self._states(other) for other in others], [[(3, "sent")]] * 2)

    def test_mails_of_others_go_through_the_same_queue_untouched(self):
        self.env["mail.mail"].sudo().create(
            {"subject": "Hello", "body_html": "<p>Hi</p>", "email_to": "a@example.com", "email_from": "b@example.com"}
        )
        messages = self._deliver_badly("accept")
        self.assertEqual({message["Subject"] for message in messages}, {"Hello", self.communication.subject})
