from collections import Counter
from unittest.mock import patch

import psycopg2
from psycopg2.errors import UniqueViolation

from odoo.tools import mute_logger

from ..common import PROBLEM_LOG, ArCommon

BATCH_LOG = "odoo.addons.ar_collections.models.customers.nightly.batch_run"


class TestBatchRun(ArCommon):
    """Locks, savepoints, errors and progress of the nightly work, in one place."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls.env["ar.customer"].union(*(cls._customer(partner) for partner in cls._partners(5)))

    def setUp(self):
        super().setUp()
        self.enterContext(mute_logger(PROBLEM_LOG, BATCH_LOG))
        self.calls = []

    def _run(self, work, records=None, size=2, **options):
        run = self.env["ar.nightly"].sudo()._batch_run(self.company, "reminders")
        return run.over_records((self.customers if records is None else records).sudo(), work, size=size, **options)

    def _work(self, customers):
        self.calls.append(customers)
        return Counter({("done", ""): len(customers)})

    def _fail_for(self, *bad, error=ValueError):
        def work(customers):
            self.calls.append(customers)
            customers.exclusion_reason = "worked on"
            customers.flush_recordset()
            if customers & self.env["ar.customer"].union(*bad):
                raise error("on purpose")
            return Counter({("done", ""): len(customers)})

        return work

    def _problems(self, records=None):
        records = self.customers if records is None else records
        return self.env["ar.problem"].search([("res_model", "=", records._name), ("res_id", "in", records.ids)])

    def test_batches_in_the_order_of_the_records(self):
        result = self._run(self._work)
        self.assertEqual([len(batch) for batch in self.calls], [2, 2, 1])
        self.assertEqual(self.env["ar.customer"].concat(*self.calls), self.customers)
        self.assertEqual((result.counts["done", ""], result.finished), (5, True))

    def test_after_a_death_of_the_process_batches_are_smaller(self):
        nightly = self.env["ar.nightly"].sudo()
        cron = self.env.ref("ar_collections.ir_cron_nightly")
        turn = self.env["ir.cron.progress"].sudo().create({"cron_id": cron.id})
        nightly = nightly.with_context(ir_cron_progress_id=turn.id)
        other = self._create_company(name="Another")
        (self.company | other).sudo().ar_run_ended_on = "2026-06-01 06:00:00"
        other.sudo().ar_run_ended_on = "2026-06-02 06:00:00"
        companies = self.company | other
        for counter, sizes, order in ((1, [4, 1], companies), (2, [1] * 5, other + self.company)):
            turn.timed_out_counter = counter  # with the turn that runs
            self.calls.clear()
            with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_options: 60):
                run = nightly._batch_run(self.company, "reminders", auto_commit=True)
                run.over_records(self.customers.sudo(), self._work, size=4)
            self.assertEqual([len(batch) for batch in self.calls], sizes)
            self.assertEqual(list(nightly._put_interrupted_last(companies)), list(order))

    def test_where_a_batch_fails_each_is_taken_alone_and_keeps_its_work(self):
        bad = self.customers[1]
        failed = []
        result = self._run(self._fail_for(bad), on_error=failed.append)
        self.assertEqual((result.counts["done", ""], result.counts["failed", ""]), (4, 1))
        self.assertEqual(self.customers.filtered("exclusion_reason"), self.customers - bad)
        self.assertEqual((failed, self._problems().message), ([bad], "ValueError: on purpose"))

    def test_the_next_success_ends_the_problem(self):
        self._run(self._fail_for(self.customers[1]))
        self._run(self._work)
        self.assertTrue(self._problems().solved_on)
        self.assertFalse(self.customers[1].run_error)

    def test_who_failed_before_comes_last(self):
        bad = self.customers[0]
        self._run(self._fail_for(bad))
        self.calls = []
        self._run(self._work, size=1)
        self.assertEqual(self.calls[-1], bad)

    def test_only_what_is_still_due_after_the_lock(self):
        self._run(self._work, due=lambda customers: customers - self.customers[3])
        self.assertEqual(sum(map(len, self.calls)), 4)

    def test_the_same_failure_again_and_again_stops_the_pass(self):
        with patch("odoo.addons.ar_collections.models.customers.nightly.batch_run.SAME_FAILURES", 3):
            result = self._run(self._fail_for(*self.customers))
        self.assertEqual((result.counts["failed", ""], result.finished), (3, True))
        self.assertIn("Stopped after 3 failures", self._problems(self.company).message)
        self.assertIn("on purpose", self._problems(self.company).message)
        self.assertEqual(len(self._problems()), 3)
        self._run(self._work)
        self.assertTrue(self._problems(self.company).solved_on)

    def test_what_nothing_marks_as_done_is_gone_through_whatever_time_is_left(self):
        """Else each turn would look at the same first ones, and the steps that follow would never be reached."""
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_options: 0):
            for whole, expected in [(False, (2, False)), (True, (5, True))]:
                run = self.env["ar.nightly"]._batch_run(self.company, "reminders", auto_commit=True)
                result = run.over_records(self.customers, lambda batch: Counter(done=len(batch)), size=2, whole=whole)
                self.assertEqual((result.counts["done"], result.finished), expected)

    def test_different_failures_stop_nothing(self):
        def work(customers):
            if len(customers) > 1:
                raise ValueError
            if customers.id % 2:
                raise KeyError("odd")
            raise TypeError("even")

        with patch("odoo.addons.ar_collections.models.customers.nightly.batch_run.SAME_FAILURES", 2):
            self.assertEqual(self._run(work).counts["failed", ""], 5)

    def test_what_another_transaction_changes_is_left_and_no_problem(self):
        result = self._run(self._fail_for(self.customers[1], error=psycopg2.errors.SerializationFailure))
        self.assertEqual((result.counts["locked", ""], result.counts["failed", ""]), (1, 0))
        self.assertFalse(self._problems())

    def test_it_says_what_another_transaction_held(self):
        customers, first = self.customers.sudo(), self.customers[0]
        run = self.env["ar.nightly"].sudo()._batch_run(self.company, "reminders")
        work = self._fail_for(self.customers[3], error=psycopg2.errors.LockNotAvailable)
        with patch.object(type(customers), "try_lock_for_update", lambda batch: batch - first):
            run.over_records(customers, work, size=2)
        self.assertEqual(run.locked, {first.id, self.customers[3].id})
        run.over_records(customers, self._work, size=2)
        self.assertEqual(run.locked, set())

    def test_what_another_transaction_held_is_tried_again_soon(self):
        cron = self.env.ref("ar_collections.ir_cron_nightly").sudo()
        triggers = [("cron_id", "=", cron.id)]
        before = self.env["ir.cron.trigger"].sudo().search_count(triggers)
        nightly = self.env["ar.nightly"].sudo().with_context(cron_id=cron.id)
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_options: 60):
            for error, more in ((ValueError, 0), (psycopg2.errors.SerializationFailure, 1)):
                run = nightly._batch_run(self.company, "reminders", auto_commit=True)
                for _again in range(2):
                    run.over_records(self.customers.sudo(), self._fail_for(self.customers[0], error=error))
                self.assertEqual(self.env["ir.cron.trigger"].sudo().search_count(triggers), before + more)

    def test_a_conflict_that_does_not_pass_is_a_problem(self):
        progress = patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_options: 60)
        with progress:
            run = self.env["ar.nightly"].sudo()._batch_run(self.company, "reminders", auto_commit=True)
            run.over_records(self.customers.sudo(), self._fail_for(self.customers[2], error=UniqueViolation))
        self.assertEqual(self._problems().res_id, self.customers[2].id)

    def test_it_stops_when_the_time_is_over_and_says_so(self):
        left = iter([60, 60, 0])  # begin, first batch, second batch
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_options: next(left)):
            run = self.env["ar.nightly"].sudo()._batch_run(self.company, "reminders", auto_commit=True)
            result = run.over_records(self.customers.sudo(), self._work, size=2)
        self.assertEqual((len(self.calls), result.finished), (2, False))

    def test_a_pass_in_which_nothing_succeeds_is_not_continued_at_once(self):
        """Else each call of the scheduled action would begin with the same failing records, for ever."""
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_options: 0):
            run = self.env["ar.nightly"].sudo()._batch_run(self.company, "reminders", auto_commit=True)
            result = run.over_records(self.customers.sudo(), self._fail_for(*self.customers), size=2)
        self.assertEqual((result.counts["failed", ""], result.finished), (2, True))

    def test_a_batch_that_changed_meanwhile_is_left(self):
        due = [psycopg2.errors.SerializationFailure, None, None]

        def changed(customers):
            error = due.pop(0)
            if error:
                raise error
            return customers

        result = self._run(self._work, due=changed)
        self.assertEqual((result.counts["locked", ""], result.counts["done", ""]), (2, 3))

    def test_other_database_errors_are_failures(self):
        result = self._run(self._fail_for(self.customers[1], error=psycopg2.errors.DiskFull))
        self.assertEqual((result.counts["locked", ""], result.counts["failed", ""]), (0, 1))

    def test_the_last_batch_is_the_end_even_without_time(self):
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_options: 0):
            run = self.env["ar.nightly"].sudo()._batch_run(self.company, "reminders", auto_commit=True)
            self.assertTrue(run.over_records(self.customers.sudo(), self._work, size=5).finished)

    def test_values_fail_on_their_company(self):
        def work(value):
            self.calls.append(value)
            if value == 2:
                raise ValueError("two")

        run = self.env["ar.nightly"].sudo()._batch_run(self.company, "snapshots")
        result = run.over_values([1, 2, 3], work)
        self.assertEqual((self.calls, result.counts["failed", ""]), ([1, 2, 3], 1))
        self.assertEqual(self._problems(self.company).message, "ValueError: two")
        self.env["ar.nightly"].sudo()._batch_run(self.company, "snapshots").over_values([1], work)
        self.assertTrue(self._problems(self.company).solved_on)

    def test_statements_do_not_grow_with_the_records(self):
        def count(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._run(self._work, records, size=250)
            return self.env.cr.sql_log_count - before

        count(self.customers)
        self.assertEqual(count(self.customers[:1]), count(self.customers))
