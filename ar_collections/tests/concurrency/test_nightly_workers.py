from contextlib import suppress
from datetime import date
from threading import Event, Thread
from unittest.mock import patch

from odoo.exceptions import LockError
from odoo.tools import mute_logger

from ..common_committed import CommittedCase


class TestNightlyWorkers(CommittedCase):
    """Two workers, and customers beside them: real cursors, real commits."""

    NIGHT = date(2026, 6, 20)

    def _run_night(self, env):
        """Run the night of the company, committing batch after batch."""
        company = env["res.company"].browse(self.company_id)
        return env["ar.nightly"]._run_company(company, auto_commit=True)

    def test_a_company_is_run_by_one_worker_at_a_time(self):
        """Promises are judged by the first: the second must not decide about reminders meanwhile."""
        began, may_end = Event(), Event()
        judge = self.registry["ar.promise"]._judge_company

        def slow(promises, company, today, auto_commit=False):
            began.set()
            may_end.wait(20)
            return judge(promises, company, today, auto_commit=auto_commit)

        def first():
            with patch.object(self.registry["ar.promise"], "_judge_company", slow), self._transaction() as env:
                self._run_night(env)

        worker = Thread(target=first)
        worker.start()
        try:
            self.assertTrue(began.wait(20))
            with self._transaction() as env:
                self._run_night(env)
            self.assertEqual(self._states(), [])
        finally:
            may_end.set()
            worker.join()
        self.assertEqual(self._states(), ["planned"] * self.CUSTOMERS)

    def test_after_a_killed_worker_the_next_one_runs(self):
        killed = patch.object(self.registry["ar.customer"], "_remind_company", side_effect=SystemExit)
        with killed, suppress(SystemExit), self._transaction() as env:
            self._run_night(env)
        with self._transaction() as env:
            self._run_night(env)
        self.assertEqual(self._states(), ["planned"] * self.CUSTOMERS)

    def test_a_person_waits_for_the_batch_and_is_not_refused(self):
        """The night holds the account for the time of a batch; who pays meanwhile goes on after it."""
        holds, waited = Event(), []

        def night():
            with self._transaction() as env:
                self._log(env)  # the snapshot of the transaction
                env["ar.customer"].search([("partner_id", "in", self.partner_ids)]).try_lock_for_update()
                holds.set()
                waited.append(Event().wait(1))

        worker = Thread(target=night)
        worker.start()
        self.assertTrue(holds.wait(20))
        with self._transaction() as env:
            env["ar.customer"].search([("partner_id", "=", self.partner_ids[0])])._lock_account()
            self.assertTrue(waited)
        worker.join()

    def test_who_waits_too_long_is_told_to_try_again(self):
        with self._transaction() as env:
            env["ar.customer"].search([("partner_id", "in", self.partner_ids)]).try_lock_for_update()
            with self._impatient(), mute_logger("odoo.sql_db"), self._transaction() as other:
                customer = other["ar.customer"].search([("partner_id", "=", self.partner_ids[0])])
                with self.assertRaisesRegex(LockError, "try again"):
                    customer._lock_account()
                self.assertTrue(customer.exists())  # the transaction can go on
