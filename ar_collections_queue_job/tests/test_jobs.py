from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ar_collections.tests.common import BEGUN, MAIL_LOGS, PROBLEM_LOG
from odoo.addons.ar_collections.tests.common_committed import CommittedCase
from odoo.addons.queue_job.controllers.main import RunJobController
from odoo.addons.queue_job.job import Job

MODELS = "odoo.addons.ar_collections_queue_job.models"
CHANNEL = "root.collections"


@tagged("post_install", "-at_install")
class TestJobs(CommittedCase):
    """Jobs take a part of the night; nothing depends on them. Real cursors, real commits, Odoo's own job controller."""

    CUSTOMERS = 5

    def setUp(self):
        super().setUp()
        self.enterContext(patch(f"{MODELS}.ar_customer.BATCH", 2))
        self.enterContext(patch(f"{MODELS}.mail_mail.SHARE", 2))
        self.enterContext(patch(f"{MODELS}.ar_job_share.PAUSE", 0))
        self.enterContext(mute_logger(PROBLEM_LOG))
        self.addCleanup(self._delete_jobs)

    # === THE RUN === #

    def test_without_a_job_runner_the_scheduled_action_does_all(self):
        self._run_committed(auto_commit=True)
        self.assertEqual(self._states(), ["planned"] * self.CUSTOMERS)
        self.assertEqual(self._job_states("ar-run"), ["cancelled"] * 3)
        self.assertEqual(self._problems(), ["No job runner took any of the jobs of the nightly run."])

    def test_jobs_do_the_work_before_the_scheduled_action(self):
        def perform():
            with patch.object(self.registry["ar.customer"], "_run_locked", run_locked):
                self._perform("ar-run")

        run_locked = self.registry["ar.customer"]._run_locked
        with (
            patch.object(self.registry["ar.customer"], "_run_locked", side_effect=AssertionError),
            self._after_begin(perform),
        ):
            self._run_committed(auto_commit=True)
        self.assertEqual(self._states(), ["planned"] * self.CUSTOMERS)
        self.assertEqual(self._job_states("ar-run"), ["done"] * 3)
        self.assertFalse(self._problems())

    def test_a_worker_that_comes_late_finds_nothing_to_do(self):
        with patch.object(self.registry["ar.job.share"], "_end", lambda _share, _key: False):
            self._run_committed(auto_commit=True)
        before = self._states()
        with patch.object(self.registry["ar.customer"], "_run_locked", side_effect=AssertionError):
            self._perform("ar-run")
        self.assertEqual(self._job_states("ar-run"), ["done"] * 3)
        self.assertEqual(self._states(), before)

    def test_a_job_of_another_day_does_nothing(self):
        with self._transaction() as env:
            customers = env["ar.customer"].search([("partner_id", "in", self.partner_ids)])
            customers._run_share(self.company_id, self.TODAY - timedelta(days=1))
        self.assertEqual(self._states(), [])

    def test_jobs_and_the_scheduled_action_at_once(self):
        """Each message is prepared once, whoever locks its customer first."""
        with ThreadPoolExecutor(1) as pool, mute_logger("odoo.sql_db"):
            begun = []
            with self._after_begin(lambda: begun.append(pool.submit(self._perform, "ar-run"))):
                self._run_committed(auto_commit=True)
            begun[0].result()
        self._run_committed(auto_commit=True)  # what both had to leave to the other
        self.assertEqual(self._states(), ["planned"] * self.CUSTOMERS)

    def test_the_scheduled_action_waits_for_a_worker_and_does_what_it_leaves(self):
        """A worker has locked a batch; it dies while the scheduled action waits for it."""
        worker = self.registry.cursor()
        self.addCleanup(worker.close)

        def begin():
            uuid = self._job_values("ar-run", "uuid")[0]
            self._set_state(uuid, "started")
            with self._transaction() as env:
                ids = Job.load(env, uuid).recordset.ids
            worker.execute("SELECT id FROM ar_customer WHERE id = ANY(%s) FOR UPDATE", (ids,))

        def die(_seconds):
            self.assertEqual(len(self._states()), self.CUSTOMERS - 2)
            worker.rollback()
            self._set_state(self._job_values("ar-run", "uuid")[0], "failed")

        with self._after_begin(begin), patch(f"{MODELS}.ar_job_share.time.sleep", side_effect=die) as waited:
            self._run_committed(auto_commit=True)
        self.assertEqual(waited.call_count, 1)
        self.assertEqual(self._states(), ["planned"] * self.CUSTOMERS)
        self.assertEqual(self._job_states("ar-run"), ["failed", "cancelled", "cancelled"])

    def test_a_daily_number_of_messages_is_kept_by_one_worker(self):
        with self._transaction() as env:
            env["res.company"].browse(self.company_id).ar_daily_ramp = 3
        self._run_committed(auto_commit=True)
        self.assertEqual(self._states(), ["planned"] * 3)
        self.assertEqual(self._job_states("ar-run"), [])

    # === DELIVERIES === #

    def test_jobs_and_the_queue_deliver_each_message_once(self):
        self._run_committed(auto_commit=True)
        self.assertEqual(self._job_states("ar-send"), ["pending"] * 3)
        begun = patch(BEGUN, timedelta(seconds=10))
        with self._smtp() as server, begun, mute_logger(*MAIL_LOGS, "odoo.sql_db"):
            server.behave = "slow"
            with ThreadPoolExecutor(2) as pool:
                for work in [pool.submit(self._perform, "ar-send"), pool.submit(self._work_queue)]:
                    work.result()
            self._work_queue()
        recipients = [message["To"] for message in server.messages]
        self.assertEqual(len(recipients), len(set(recipients)))
        self.assertEqual((len(recipients), self._states()), (self.CUSTOMERS, ["sent"] * self.CUSTOMERS))
        self.assertEqual(self._job_states("ar-send"), ["done"] * 3)

    def test_jobs_deliver_whoever_queued_the_messages(self):
        """A collector who releases an approval may not read the mail queue, as a public user may not."""
        with patch(f"{MODELS}.mail_mail.SHARE", 100):
            self._run_committed(auto_commit=True)
        self.assertEqual(self._job_states("ar-send"), [])
        self._trigger("base.public_user")
        with self._smtp() as server, mute_logger(*MAIL_LOGS, "odoo.sql_db"):
            self._perform("ar-send")
        self.assertEqual(self._job_states("ar-send"), ["done"] * 3)
        self.assertEqual((len(server.messages), self._states()), (self.CUSTOMERS, ["sent"] * self.CUSTOMERS))

    def test_a_second_trigger_creates_no_second_jobs(self):
        self._run_committed(auto_commit=True)
        self._trigger()
        self.assertEqual(self._job_states("ar-send"), ["pending"] * 3)

    def test_jobs_that_nobody_takes_are_cancelled_and_not_made_again(self):
        self._run_committed(auto_commit=True)
        first = self._job_values("ar-send", "uuid")[0]
        with self._transaction() as env:
            env.cr.execute("UPDATE queue_job SET date_created = date_created - interval '1 hour'")
        self._take(first)  # the runner is there, and busy: the others wait for their turn
        self._trigger()
        self.assertEqual(self._job_states("ar-send"), ["enqueued", "pending", "pending"])
        with self._transaction() as env:
            env.cr.execute("UPDATE queue_job SET date_enqueued = date_enqueued - interval '1 hour'")
        self._trigger()
        self.assertEqual(self._job_states("ar-send"), ["enqueued", "cancelled", "cancelled"])

    # === HELPERS === #

    def _trigger(self, user="base.user_root"):
        with self._transaction() as env:
            env["ar.outreach"].with_user(env.ref(user))._trigger_mail_queue()

    @contextmanager
    def _after_begin(self, act):
        """Do something as soon as the scheduled action has created and committed the jobs of the run."""
        begin = self.registry["ar.job.share"]._begin

        def begin_and_act(share, key, parts, delay):
            begin(share, key, parts, delay)
            if key.startswith("ar-run"):
                share._commit()
                act()

        with patch.object(self.registry["ar.job.share"], "_begin", begin_and_act):
            yield

    def _perform(self, key):
        """Perform the jobs that wait, as a worker to which the job runner gives them does."""
        for uuid in self._job_values(key, "uuid", [("state", "=", "pending")]):
            self._take(uuid)
            with self._transaction() as env:
                if job := RunJobController._acquire_job(env, uuid):
                    RunJobController._runjob(env, job)

    def _take(self, uuid):
        """Pass a job to a worker, as the job runner does."""
        with self._transaction() as env:
            job = Job.load(env, uuid)
            job.set_enqueued()
            job.store()

    def _set_state(self, uuid, state):
        with self._transaction() as env:
            env.cr.execute("UPDATE queue_job SET state = %s WHERE uuid = %s", (state, uuid))

    def _job_values(self, key, field, domain=()):
        with self._transaction() as env:
            jobs = env["queue.job"].search([("identity_key", "=like", f"{key}-%"), *domain], order="id")
            return jobs.mapped(field)

    def _job_states(self, key):
        return self._job_values(key, "state")

    def _problems(self):
        with self._transaction() as env:
            domain = [("code", "=", "job_runner"), ("company_id", "=", self.company_id), ("solved_on", "=", False)]
            return env["ar.problem"].search(domain).mapped("message")

    def _delete_jobs(self):
        with self._transaction() as env:
            env.cr.execute("DELETE FROM queue_job WHERE channel = %s", (CHANNEL,))
            env.cr.execute("DELETE FROM ar_problem WHERE code = 'job_runner'")
