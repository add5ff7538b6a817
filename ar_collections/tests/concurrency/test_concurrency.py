import smtplib
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.tools import mute_logger

from ..common import BEGUN, MAIL_LOGS
from ..common_committed import CommittedCase


class TestTwoWorkers(CommittedCase):
    """Law 4: two runs at once, two queues at once; real cursors, real commits."""

    def test_two_runs_at_once_prepare_each_message_once(self):
        with self._transaction() as first, self._transaction() as second:
            self._run(first)  # not committed yet
            with patch.object(self.registry["ar.customer"], "_decide", self._decides_for_nobody):
                summary = self._run(second)
            self.assertEqual((summary["locked"], summary["failed"]), (self.CUSTOMERS, 0))
        self.assertEqual(self._states(), ["planned"] * self.CUSTOMERS)

    @staticmethod
    def _decides_for_nobody(customers, *_args, **_kwargs):
        """Stand in for `_decide`: locked customers are not even read."""
        if customers:
            raise AssertionError(f"decided for {customers}")
        return {}

    def test_after_them_another_run_has_nothing_to_add(self):
        self.test_two_runs_at_once_prepare_each_message_once()
        self._run_committed()
        self.assertEqual(self._states(), ["planned"] * self.CUSTOMERS)

    def test_a_run_with_an_old_view_of_the_database_sends_nothing(self):
        with suppress(SerializationFailure), self._transaction() as late, mute_logger("odoo.sql_db"):
            late["ar.customer"].search_count([])  # the snapshot of its transaction starts here
            self._run_committed()
            self._run(late)
        self.assertEqual(self._states(), ["planned"] * self.CUSTOMERS)

    def test_many_runs_at_once(self):
        def run(_number):
            with suppress(SerializationFailure), self._transaction() as env:
                self._run(env)

        with mute_logger("odoo.sql_db"), ThreadPoolExecutor(4) as pool:
            list(pool.map(run, range(8)))
        self.assertEqual(self._states(), ["planned"] * self.CUSTOMERS)

    def test_two_changes_of_payers_at_once_make_no_chain(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure), self._transaction() as late:
            first, second, third = late["ar.customer"].search([("partner_id", "in", self.partner_ids)], order="id")
            with self._transaction() as env:
                first.with_env(env).payer_id = second.with_env(env)
            second.payer_id = third
        with self._transaction() as env:
            self.assertEqual(first.with_env(env).payer_id, second)
            self.assertFalse(second.with_env(env).payer_id)
            first.with_env(env).payer_id = False

    def test_the_company_is_changed_by_one_of_two_runs(self):
        with self._transaction() as late:
            late["ar.customer"].search_count([])  # the snapshot of its transaction starts here
            with self._transaction() as first:
                self.assertTrue(first["res.company"].browse(self.company_id)._ar_lock_free())
                self.assertFalse(late["res.company"].browse(self.company_id)._ar_lock_free())
                first["res.company"].browse(self.company_id).ar_daily_ramp = 7
            self.assertFalse(late["res.company"].browse(self.company_id)._ar_lock_free())  # changed since
            self.assertTrue(late["ar.customer"].search_count([]))

    def test_two_queues_at_once_send_each_mail_once(self):
        self._run_committed()
        with self._smtp() as server, patch(BEGUN, timedelta(seconds=10)), mute_logger("odoo.sql_db"):
            server.behave = "slow"
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(lambda _number: self._work_queue(), range(2)))
            self._work_queue()
        recipients = [message["To"] for message in server.messages]
        self.assertEqual(len(recipients), len(set(recipients)))
        self.assertEqual((len(recipients), self._states()), (self.CUSTOMERS, ["sent"] * self.CUSTOMERS))

    def _deliver_while_another_looks(self):
        """Work the queue; right after a delivery is begun, another worker and the nightly run look at everything."""
        model = self.registry["ar.communication.recipient"]
        lock = model._lock_begun

        def look_meanwhile(recipient, commit):
            with patch.object(model, "_lock_begun", lock), self._transaction() as env:
                env["ar.communication"]._settle_crashed(env["res.company"].browse(self.company_id))
                env.cr.commit()
                self._work_queue()
            return lock(recipient, commit)

        with self._smtp() as server, patch.object(model, "_lock_begun", look_meanwhile):
            self._work_queue()
        return len(server.messages)

    def test_what_another_process_has_just_begun_is_left_to_it(self):
        self._run_committed()
        with patch(BEGUN, timedelta(seconds=10)):
            self.assertEqual(self._deliver_while_another_looks(), self.CUSTOMERS)
        self.assertEqual(self._states(), ["sent"] * self.CUSTOMERS)

    def test_what_was_settled_meanwhile_is_not_sent(self):
        self._run_committed()
        self.assertEqual(self._deliver_while_another_looks(), self.CUSTOMERS - 1)
        self.assertEqual(sorted(self._states()), ["sent"] * (self.CUSTOMERS - 1) + ["unknown"])

    def test_the_run_beside_a_queue_at_work_sends_nothing_twice(self):
        self._run_committed()
        send = smtplib.SMTP.send_message
        runs = []

        def run_meanwhile(session, *args, **kwargs):
            runs.append(self._run_committed())
            return send(session, *args, **kwargs)

        with self._smtp() as server, patch.object(smtplib.SMTP, "send_message", run_meanwhile):
            self._work_queue()
        self.assertEqual((len(server.messages), len(runs)), (self.CUSTOMERS, self.CUSTOMERS))
        self.assertEqual(self._states(), ["sent"] * self.CUSTOMERS)
        with self._transaction() as env:
            self.assertEqual(set(self._log(env).customer_id.mapped("last_contact_date")), {self.TODAY})

    def test_a_failure_is_kept_too_while_somebody_works_on_the_customer(self):
        send = smtplib.SMTP.send_message

        def write_meanwhile(session, *args, **kwargs):
            with self._transaction() as env:
                self._log(env).customer_id.write({"pause_reason": "Just a note"})
            return send(session, *args, **kwargs)

        for behave, state in [("recipient", "failed"), ("drop", "unknown")]:
            self._run_committed()
            with (
                self.subTest(behave=behave),
                self._smtp() as server,
                patch.object(smtplib.SMTP, "send_message", write_meanwhile),
                mute_logger(*MAIL_LOGS),
            ):
                server.behave = behave
                for _turn in range(self.CUSTOMERS):
                    self._work_queue()
                self.assertEqual(self._states(), [state] * self.CUSTOMERS)
            self.doCleanups()
            self.setUp()

    def test_a_message_in_delivery_while_the_run_decides_is_left_alone(self):
        self._run_committed()
        perform = self.registry["ar.outreach"]._perform

        def deliver_meanwhile(model, decided, waiting, *args, **kwargs):
            with self._transaction() as env:  # the queue starts to deliver the first one
                env["ar.communication"].browse(self.first)._set_state("sending", date_sent=self.TODAY)
            return perform(model, decided, waiting, *args, **kwargs)

        with self._transaction() as env:
            self.first = self._log(env)[0].id
        tomorrow = self.TODAY + timedelta(days=1)  # all would be replaced
        with patch.object(self.registry["ar.outreach"], "_perform", deliver_meanwhile), mute_logger("odoo.sql_db"):
            summary = self._run_committed(tomorrow)
        self.assertEqual((summary["failed"], summary["locked"]), (0, 1))
        with self._transaction() as env:
            self.assertEqual(env["ar.communication"].browse(self.first).state, "sending")
            self.assertFalse(any(self._log(env).customer_id.mapped("run_error")))

    def test_what_people_decide_while_the_queue_works_binds_the_mails_that_follow(self):
        self._run_committed()
        send = smtplib.SMTP.send_message

        def decide_meanwhile(session, *args, **kwargs):
            with self._transaction() as env:
                self.decision(env)
            return send(session, *args, **kwargs)

        def pause(env):
            values = {"pause_until": self.TODAY + timedelta(days=9), "pause_reason": "Talks"}
            self._log(env).customer_id[1:].write(values)

        def stop(env):
            env["res.company"].browse(self.company_id).ar_active = False

        for self.decision, states in [
            (stop, ["planned", "planned", "sent"]),
            (pause, ["cancelled", "cancelled", "sent"]),
        ]:
            with (
                self.subTest(decision=self.decision.__name__),
                self._smtp() as server,
                patch.object(smtplib.SMTP, "send_message", decide_meanwhile),
            ):
                self._work_queue()
                self.assertEqual((len(server.messages), sorted(self._states())), (1, states))
            self.doCleanups()
            self.setUp()
            self._run_committed()


class TestKilled(CommittedCase):
    """Law 4: at whatever moment the process dies, nothing is sent twice and nothing is lost."""

    def _killed(self, work):
        """Do the work in a process that dies; return whether it died."""
        with suppress(SystemExit), self._transaction() as env:
            work(env)
            return False
        return True

    def _dies(self, moment):
        """Return a `send_message` that dies ``before`` or ``after`` the server accepted the message."""
        send = smtplib.SMTP.send_message

        def dying(session, *args, **kwargs):
            if moment == "after":
                send(session, *args, **kwargs)
            raise SystemExit

        return patch.object(smtplib.SMTP, "send_message", dying)

    def test_in_the_middle_of_the_run_the_batches_before_are_kept(self):
        perform, calls = self.registry["ar.outreach"]._perform, []

        def dies_at_the_second(model, *args, **kwargs):
            calls.append(args)
            if len(calls) == 2:
                raise SystemExit
            return perform(model, *args, **kwargs)

        with (
            patch("odoo.addons.ar_collections.models.customers.nightly.batch_run.BATCH", 1),
            patch.object(self.registry["ar.outreach"], "_perform", dies_at_the_second),
        ):
            self.assertTrue(self._killed(lambda env: self._run(env, auto_commit=True)))
        self.assertEqual(self._states(), ["planned"])
        self._run_committed(auto_commit=True)
        self.assertEqual(self._states(), ["planned"] * self.CUSTOMERS)

    def test_between_planning_and_sending_the_queue_goes_on(self):
        self._run_committed()
        with self._smtp() as server:  # another process, after the restart
            self._work_queue()
        self.assertEqual((len(server.messages), self._states()), (self.CUSTOMERS, ["sent"] * self.CUSTOMERS))

    def test_in_the_middle_of_a_delivery_a_person_is_asked(self):
        for moment, arrived in [("before", 0), ("after", 1)]:
            with self.subTest(moment=moment), self._smtp() as server, mute_logger(*MAIL_LOGS):
                self._run_committed()
                with self._dies(moment), suppress(SystemExit):
                    self._work_queue()
                self.assertEqual(len(server.messages), arrived)
                self.assertEqual(sorted(self._states()), ["planned", "planned", "sending"])
                self._work_queue()
                self._work_queue()
                self.assertEqual(sorted(self._states()), ["sent", "sent", "unknown"])
                self.assertEqual(len(server.messages), arrived + 2)
            self.doCleanups()
            self.setUp()

    def test_what_was_sent_stays_sent_whatever_happens_to_the_queue_afterwards(self):
        self._run_committed()
        with self._smtp() as server, suppress(SystemExit), self._transaction() as env:
            self._log(env).address_ids.mail_mail_id.send(auto_commit=True)
            raise SystemExit  # everything after the last commit is lost
        self.assertEqual((len(server.messages), self._states()), (self.CUSTOMERS, ["sent"] * self.CUSTOMERS))

    def test_in_somebody_elses_transaction_nothing_is_delivered(self):
        self._run_committed()
        with self._smtp() as server:
            with self._transaction() as env:
                self._log(env).address_ids.mail_mail_id.send()  # the button on the mail
            self.assertEqual((server.messages, self._states()), ([], ["planned"] * self.CUSTOMERS))
            self._work_queue()
        self.assertEqual(len(server.messages), self.CUSTOMERS)
