from contextlib import contextmanager
from datetime import date, timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...common import BEGUN, MAIL_LOGS, PROBLEM_LOG
from ...common_committed import CommittedCase
from .common_sending import PDF, without_pdf

EDIS = "odoo.addons.account.models.account_move_send.AccountMoveSend._get_default_extra_edis"

WORKER_LOGS = (*MAIL_LOGS, PROBLEM_LOG, "odoo.sql_db")


@tagged("post_install", "-at_install")
class TestSendingWorkers(CommittedCase):
    """Real transactions: two workers, a person beside them, and processes that die in between."""

    CUSTOMERS = 1

    def setUp(self):
        super().setUp()
        self.enterContext(patch(PDF, without_pdf))
        self.enterContext(mute_logger(*WORKER_LOGS))

    def _prepare(self, env):
        """Post an invoice of a customer whose policy sends invoices."""
        result = super()._prepare(env)
        env["ar.credit.policy"].browse(self.policy_id).invoice_sending = "posting"
        move = env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.partner_ids[0],
                "invoice_date": date(2026, 6, 10),
                "invoice_line_ids": [Command.create({"name": "Work", "price_unit": 100, "tax_ids": []})],
            }
        )
        move.action_post()
        self.move_id = move.id
        return result

    def _wipe(self):
        with self._transaction() as env:
            rows = env["ar.invoice.sending"].search([("partner_id", "in", self.partner_ids)])
            env["ar.problem"].search([("res_model", "=", rows._name), ("res_id", "in", rows.ids)]).unlink()
            env["mail.mail"].search([("model", "=", "account.move"), ("res_id", "=", self.move_id)]).unlink()
        return super()._wipe()

    @contextmanager
    def _smtp(self):
        """Override to take the emails of who posted the invoice, too."""
        with super()._smtp() as server:
            with self._transaction() as env:
                env["ir.mail_server"].search([("name", "=", "Committed")]).from_filter = "example.com"
            yield server

    def _row(self, env):
        return env["ar.invoice.sending"].search([("move_id", "=", self.move_id)])

    def _state(self):
        with self._transaction() as env:
            return self._row(env).state

    def _send(self, env):
        """Send as the scheduled action does, in this transaction."""
        with patch.object(type(env["ir.cron"]), "_commit_progress", self._commit):
            env["ar.invoice.sending"]._send_company(env["res.company"].browse(self.company_id), auto_commit=True)

    @staticmethod
    def _commit(cron, *_args, **_options):
        cron.env.cr.commit()
        return 60

    def _mail_queue(self):
        with self._transaction() as env:
            mails = env["mail.mail"].search([("model", "=", "account.move"), ("res_id", "=", self.move_id)])
            env["mail.mail"].process_email_queue(email_ids=mails.ids)

    def test_two_workers_and_a_person_send_once(self):
        with self._smtp() as server, self._transaction() as slow:
            self.assertTrue(self._row(slow))  # its snapshot is from before
            with self._transaction() as env:
                self._send(env)
            self._send(slow)
            with self._transaction() as person, self.assertRaises(UserError):
                person["account.move.send"]._generate_and_send_invoices(person["account.move"].browse(self.move_id))
            self._mail_queue()
            self._mail_queue()
            self.assertEqual(len(server.messages), 1)
            self.assertEqual(self._state(), "sent")

    def test_a_person_is_first(self):
        with self._smtp() as server:
            with self._transaction() as person:
                person["account.move.send"]._generate_and_send_invoices(person["account.move"].browse(self.move_id))
                with self._transaction() as env:
                    self._send(env)  # its row is locked
                self.assertEqual(self._state(), "waiting")
            with self._transaction() as env:
                self._send(env)
            self._mail_queue()
            self.assertEqual(len(server.messages), 1)
            self.assertEqual(self._state(), "sent")

    def test_what_a_process_that_died_had_taken_is_sent_later(self):
        """Emails leave after the commit, so nothing has left; where a web service may have it, nobody knows."""

        def die(*_args, **_options):
            raise SystemExit

        with self._smtp() as server:
            with patch(PDF, die), self.assertRaises(SystemExit), self._transaction() as env:
                self._send(env)
            self.assertEqual(self._state(), "sending")
            with self._transaction() as env:
                self._send(env)  # it may still be at work
                self.assertEqual(self._row(env).state, "sending")
                self._row(env).claimed_at = fields.Datetime.now() - timedelta(minutes=6)
            for _turn in range(2):
                with self._transaction() as env:
                    self._send(env)
            self._mail_queue()
            self.assertEqual(server.messages, [])
            with self._transaction() as env:
                row = self._row(env)
                self.assertEqual((row.state, row.reason, row.attempts), ("waiting", "retry", 1))
                with env.cr.savepoint() as savepoint:
                    for state, extra, attempts in [("failed", set(), 3), ("unknown", {"tax_office"}, 1)]:
                        claimed = fields.Datetime.now() - timedelta(minutes=6)
                        row.write({"state": "sending", "attempts": attempts, "claimed_at": claimed})
                        with patch(EDIS, lambda _send, _move, extra=extra: extra), mute_logger(PROBLEM_LOG):
                            row._settle_crashed(row.company_id)
                        self.assertEqual(row.state, state)
                    savepoint.rollback()
                env.invalidate_all()
                row.due_at = fields.Datetime.now() - timedelta(minutes=1)
            with self._transaction() as env:
                self._send(env)
            self._mail_queue()
            self.assertEqual(len(server.messages), 1)
            self.assertEqual(self._state(), "sent")

    def test_a_process_that_dies_after_smtp_sends_nothing_again(self):
        with self._transaction() as env:
            self._send(env)

        def die(*_args, **_options):
            raise SystemExit

        with self._smtp() as server:
            mails = "odoo.addons.mail.models.mail_mail.MailMail._postprocess_sent_message"
            with patch(mails, die), self.assertRaises(SystemExit):
                self._mail_queue()
            self.assertEqual(len(server.messages), 1)
            self.assertEqual(self._state(), "queued")
            self._mail_queue()
            self.assertEqual(len(server.messages), 1)
            self.assertEqual(self._state(), "unknown")

    def test_another_worker_leaves_what_has_just_begun(self):
        with self._transaction() as env:
            self._send(env)
            mails = type(env["mail.mail"])
        lock = mails._lock_begun

        def look_meanwhile(mail, *args):
            self._mail_queue()  # another worker, while nothing is locked
            return lock(mail, *args)

        for begun, sent, state in [(timedelta(seconds=10), 1, "sent"), (timedelta(), 0, "unknown")]:
            with self.subTest(begun=begun), self._smtp() as server, patch(BEGUN, begun):
                with patch.object(mails, "_lock_begun", look_meanwhile):
                    self._mail_queue()
                self.assertEqual((len(server.messages), self._state()), (sent, state))
            self.doCleanups()
            self.setUp()
            with self._transaction() as env:
                self._send(env)

    def test_nobody_interferes_with_a_running_delivery(self):
        with self._transaction() as env:
            self._send(env)
            mails = type(env["mail.mail"])
        attempt, seen = mails._attempt, []

        def interfere(mail, *args):
            with self._transaction() as person:
                try:
                    self._row(person).action_not_to_send()
                except UserError as error:
                    seen.append(str(error))
                    person.cr.rollback()
            self._mail_queue()  # another worker
            seen.append(self._state())
            return attempt(mail, *args)

        with self._smtp() as server:
            with patch.object(mails, "_attempt", interfere):
                self._mail_queue()
            self.assertEqual(len(server.messages), 1)
        self.assertIn("being sent", seen[0])
        self.assertEqual(seen[1:], ["queued"])
        self.assertEqual(self._state(), "sent")
