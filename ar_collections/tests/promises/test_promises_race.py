from datetime import date
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import LockError
from odoo.tools import mute_logger

from ..common_committed import CommittedCase

#: What promises leave in the database besides; %s are the customers' partners.
TRACES = (
    "DELETE FROM mail_message WHERE model = 'ar.promise' AND res_id IN"
    " (SELECT id FROM ar_promise WHERE partner_id = ANY(%s))",
    "DELETE FROM ar_promise_line WHERE promise_id IN (SELECT id FROM ar_promise WHERE partner_id = ANY(%s))",
    "DELETE FROM ar_promise WHERE partner_id = ANY(%s)",
)


class TestTwoJudges(CommittedCase):
    """Two workers judge in the same night: real cursors, real commits."""

    NIGHT = date(2026, 6, 20)

    def setUp(self):
        super().setUp()
        with self._transaction() as env:
            customers = env["ar.customer"].search([("partner_id", "in", self.partner_ids)])
            for customer in customers:
                free = dict.fromkeys(customer._get_free_amounts())
                customer._promise(date(2026, 6, 12), free)
        self.addCleanup(self._wipe_promises)

    def _wipe_promises(self):
        with self._transaction() as env:
            for statement in TRACES:
                env.cr.execute(statement, (self.partner_ids,))

    def _judge(self, env):
        company = env["res.company"].browse(self.company_id)
        env["ar.promise"]._judge_company(company, self.NIGHT)

    def _promises(self, env):
        return env["ar.promise"].search([("partner_id", "in", self.partner_ids)], order="id")

    def _notified(self, env):
        return self._log(env).filtered(lambda communication: communication.notice == "promise_broken")

    def test_the_second_finds_them_locked_and_later_judged(self):
        with self._transaction() as first:
            self._judge(first)
            with self._transaction() as second:
                self._judge(second)
                self.assertEqual(set(self._promises(second).mapped("state")), {"open"})
        with self._transaction() as third:
            self._judge(third)
            self.assertEqual(self._promises(third).mapped("state"), ["broken"] * self.CUSTOMERS)
            self.assertEqual(len(self._notified(third)), self.CUSTOMERS)

    def test_one_that_started_earlier_changes_nothing_twice(self):
        with mute_logger("odoo.sql_db"), self._transaction() as late:
            self._promises(late).mapped("state")  # the snapshot of its transaction starts here
            with self._transaction() as first:
                self._judge(first)
            self._judge(late)
        with self._transaction() as env:
            self.assertEqual(len(self._notified(env)), self.CUSTOMERS)

    def _reconcile(self, env):
        """Do what follows where items of the promises are reconciled."""
        partials, items = env["account.partial.reconcile"], self._promises(env).line_ids.move_line_id
        partials._act_on_reconciled(partials, items, partials._find_concerned(items))

    def test_a_payment_that_the_judge_could_not_see_marks_them_again(self):
        """They are marked by an earlier payment, and the judge takes the mark off: the later one begins anew."""
        with self._transaction() as env:
            self._reconcile(env)
        with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure), self._transaction() as late:
            self.assertTrue(all(self._promises(late).mapped("to_judge")))
            with self._transaction() as first:
                self._judge(first)
            self._reconcile(late)
        with self._transaction() as env:
            self.assertFalse(any(self._promises(env).mapped("to_judge")))
            self._reconcile(env)
        with self._transaction() as env:
            self.assertTrue(all(self._promises(env).mapped("to_judge")))

    def test_while_a_payment_is_matched_marked_ones_are_not_judged(self):
        with self._transaction() as env:
            self._reconcile(env)
        with mute_logger("odoo.sql_db"), self._transaction() as judge:
            self._promises(judge).mapped("state")  # the snapshot of its transaction starts here
            with self._transaction() as matching:
                self._reconcile(matching)
            self._judge(judge)
        with self._transaction() as env:
            self.assertTrue(all(self._promises(env).mapped("to_judge")))

    def test_killed_in_the_middle_of_a_batch_nothing_is_sent_twice(self):
        with self.assertRaises(SystemExit), self._transaction() as env:
            notify = self.registry["ar.outreach"]._notify

            def dies(model, *args, **kwargs):
                notify(model, *args, **kwargs)
                raise SystemExit

            with patch.object(self.registry["ar.outreach"], "_notify", dies):
                self._judge(env)
        with self._transaction() as env:
            self.assertFalse(self._notified(env))
            self._judge(env)
        with self._transaction() as env:
            self._judge(env)
            self.assertEqual(len(self._notified(env)), self.CUSTOMERS)

    def test_two_windows_promise_the_same_item_once(self):
        with self._transaction() as env:
            self._promises(env)._withdraw("To be promised anew")
        with self._transaction() as first:
            customer = first["ar.customer"].search([("partner_id", "=", self.partner_ids[0])])
            request = dict.fromkeys(customer._get_free_amounts())
            customer._promise(date(2026, 6, 12), request)
            with self._impatient(), self._transaction() as second, self.assertRaises(LockError):
                second["ar.customer"].browse(customer.id)._promise(date(2026, 6, 12), request)

    def test_a_window_that_looked_earlier_starts_anew(self):
        """With a lock alone it would go on with its old snapshot: both would dispute the same amount."""
        with self._transaction() as env:
            self._promises(env)._withdraw("To be disputed")
        with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure), self._transaction() as late:
            customer = late["ar.customer"].search([("partner_id", "=", self.partner_ids[0])])
            customer._get_free_amounts()
            with self._transaction() as first:
                same = first["ar.customer"].browse(customer.id)
                same._promise(date(2026, 6, 12), dict.fromkeys(same._get_free_amounts()))
            requested = dict.fromkeys(customer._get_free_amounts())
            late["ar.dispute"]._raise_dispute(
                customer, late["ar.dispute.reason"].search([], limit=1), requested, "Wrong"
            )

    def test_two_workers_remind_of_a_promise_once(self):
        with self._transaction() as late:
            promises = self._promises(late).with_context(tracking_disable=True)
            with self._transaction() as first:
                self._promises(first)._notify_once("promise_due", again_after=())
            with mute_logger("odoo.sql_db"):
                run = late["ar.nightly"]._batch_run(promises.company_id, "promises")
                run.over_records(promises, lambda some: some._send_due_notes())
        with self._transaction() as env:
            notes = self._log(env).filtered(lambda communication: communication.notice == "promise_due")
            self.assertEqual(len(notes), self.CUSTOMERS)
            self.assertFalse(any(notes.customer_id.mapped("run_error")))
