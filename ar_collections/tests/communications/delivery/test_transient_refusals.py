from datetime import datetime, time, timedelta
from unittest.mock import patch

from odoo.tools import mute_logger

from ...common import MAIL_LOGS
from .common_recipients import RecipientsCommon


class TestTransientRefusals(RecipientsCommon):
    """What the mail server refuses for now stays in the queue; only what may have been delivered is unknown."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second.unlink()

    def setUp(self):
        super().setUp()
        self.recipient = self.communication.sudo().address_ids
        self.message_id = self.recipient.mail_mail_id.message_id

    def assertQueued(self, attempts):
        """Assert that the message waits for its next attempt, and that nothing else happened."""
        self.env.invalidate_all()
        self.assertEqual((self.communication.state, self.recipient.state), ("planned", "planned"))
        self.assertEqual((self.recipient.attempts, self.recipient.mail_mail_id.state), (attempts, "outgoing"))
        self.assertEqual(self.recipient.mail_mail_id.message_id, self.message_id)
        self.assertEqual(self.communication.message_id.notification_ids.notification_status, "ready")
        self.assertFalse(self._tasks(self.customer, "address") | self._tasks(self.customer, "unknown"))

    def _later(self, **smtp):
        """Work the queue when the waiting time is over."""
        self.recipient.mail_mail_id.scheduled_date = datetime.combine(self.TODAY, time(11))
        return self._work(**smtp)

    def test_what_is_refused_for_now_is_sent_later(self):
        for smtp in (
            {"replies": {"first": "451 greylisted"}},
            {"replies": {"first": "452 mailbox full"}},
            {"replies": {"first": "421 closing"}},
            {"behave": "busy"},
            {"behave": "close"},
            {"behave": "later"},
        ):
            with self.subTest(**smtp), self.env.cr.savepoint() as savepoint:
                self.assertEqual(self._work(**smtp), [])
                self.assertQueued(1)
                self.assertEqual(self._work(), [], "It waits some minutes.")
                self._later(**smtp)
                self.assertQueued(2)
                self.assertEqual(self._later(), ["first"])
                self.assertEqual(self.messages[0]["Message-Id"], self.message_id)
                self.assertEqual((self.communication.state, self.recipient.state), ("sent", "sent"))
                savepoint.rollback()
            self.env.invalidate_all()

    def test_the_waiting_time_grows_and_the_queue_is_triggered_for_it(self):
        crons = self.env.ref("mail.ir_cron_mail_scheduler_action")
        noon = datetime.combine(self.TODAY, time(12))
        for minutes in (5, 10, 20):
            self._later(replies={"first": "451 greylisted"})
            moment = noon + timedelta(minutes=minutes)
            self.assertEqual(self.recipient.mail_mail_id.scheduled_date, moment)
            triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", crons.id), ("call_at", "=", moment)])
            self.assertTrue(triggers)

    def test_after_days_it_is_given_up(self):
        self.recipient.attempts = 29
        self._work(replies={"first": "451 greylisted"})
        self.assertEqual((self.communication.state, self.communication.failure), ("failed", "technical"))
        self.assertIn("greylisted", self.communication.failure_reason)
        self.assertEqual(len(self._tasks(self.customer, "address")), 1)

    def test_the_message_of_the_next_day_goes_on_counting(self):
        busy = {"first": "452 mailbox full"}
        self._work(replies=busy)
        tomorrow = self.TODAY + timedelta(days=1)
        self._run(tomorrow)
        self._work(tomorrow, replies=busy)
        (pending,) = self._communications(self.customer).sudo().address_ids.filtered(lambda r: r.state == "planned")
        self.assertEqual((pending.attempts, pending.communication_id != self.communication), (2, True))
        pending.attempts = 29
        later = self.TODAY + timedelta(days=2)
        self._work(later, replies=busy)
        last = self._communications(self.customer)[-1]
        self.assertEqual((last.date, last.state, last.failure), (later, "failed", "technical"))

    def test_on_another_day_it_is_written_anew(self):
        self._work(replies={"first": "451 greylisted"})
        tomorrow = self.TODAY + timedelta(days=1)
        self._run(tomorrow)
        self.assertEqual(self._work(tomorrow), ["first"])
        self.assertEqual(self._states(self.customer), [(3, "cancelled"), (3, "sent")])

    def test_an_address_with_umlauts_is_no_bad_address(self):
        self.first.email = "jörg@customer.example.com"
        self._work()
        self.assertEqual((self.communication.state, self.communication.failure), ("failed", "technical"))
        self.assertEqual(len(self._tasks(self.customer, "address")), 1)

    def test_what_was_accepted_is_sent_whatever_fails_afterwards(self):
        mails = type(self.env["mail.mail"])
        with self._smtp() as server, mute_logger(*MAIL_LOGS):
            with patch.object(mails, "_postprocess_sent_message", side_effect=ValueError("broken")):
                self._work_queue()
            self._work_queue()
        self.assertEqual((len(server.messages), self.communication.state), (1, "sent"))
