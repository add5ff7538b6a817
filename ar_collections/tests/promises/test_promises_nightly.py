from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tools import mute_logger

from ..common import PROBLEM_LOG
from .common_promise import PromiseCommon

CRON = "ar_collections.ir_cron_nightly"


class TestNotes(PromiseCommon):
    """The notice on the working day before the promised one."""

    def _days_of_note(self, first, last):
        """Judge day after day and work the queue; return the days on which the note went out."""
        days, day = [], first
        while day <= last:
            self._judge(day)
            mails = self._deliver(day)
            days += [day for mail in mails if "your payment promised for" in mail["subject"]]
            day += timedelta(days=1)
        return days

    def test_on_the_day_before_and_once(self):
        self._promise()
        self.assertEqual(self._days_of_note(date(2026, 6, 19), self.PROMISED), [date(2026, 6, 23)])

    def test_before_a_weekend(self):
        self._promise(promised=date(2026, 6, 22))
        self.assertEqual(self._days_of_note(date(2026, 6, 17), date(2026, 6, 22)), [date(2026, 6, 19)])

    def test_a_night_that_was_missed_is_made_up_for_before_the_day(self):
        self._promise(promised=date(2026, 6, 24))
        self.assertEqual(self._days_of_note(date(2026, 6, 24), date(2026, 6, 24)), [])
        self._promise({self.new: None}, promised=date(2026, 6, 29))
        self.assertEqual(self._days_of_note(date(2026, 6, 27), date(2026, 6, 29)), [])  # not on weekends, then too late

    def test_not_when_paid_meanwhile(self):
        self._promise()
        self._pay(self.old)
        self.assertEqual(self._days_of_note(date(2026, 6, 22), self.PROMISED), [])

    def test_not_when_paid_while_it_waits_in_the_queue(self):
        self._promise()
        self._judge(date(2026, 6, 23))
        self._pay(self.old)
        self.assertEqual(self._days_of_note(date(2026, 6, 23), self.PROMISED), [])
        self.assertEqual(self._notices("promise_due").state, "cancelled")

    def test_not_on_the_day_it_was_promised(self):
        self._promise(promised=self.TODAY + timedelta(days=1))
        self.assertEqual(self._days_of_note(self.TODAY, self.TODAY + timedelta(days=1)), [])

    def test_not_where_the_policy_wants_none(self):
        self.policy.promise_courtesy = False
        self._promise()
        self.assertEqual(self._days_of_note(date(2026, 6, 22), self.PROMISED), [])

    def test_one_that_cannot_be_written_stops_no_other(self):
        with self._on():
            theirs = self._customer(self._invoice(self._partner(name="Next Payer"), 5).partner_id)
            theirs._promise(self.PROMISED, dict.fromkeys(theirs._get_free_amounts()))
        mine = self._promise()
        lines = type(mine)._get_notice_lines

        def fails(promise, notice):
            if promise == mine:
                raise ValueError("cannot be written")
            return lines(promise, notice)

        logs = (PROBLEM_LOG,)
        with patch.object(type(mine), "_get_notice_lines", fails), mute_logger(*logs):
            self._judge(date(2026, 6, 23))
        self.assertIn("cannot be written", self.customer.run_error)
        self.assertEqual(self._communications(theirs)[-1:].notice, "promise_due")


class TestPromiseCron(PromiseCommon):
    def _cron(self, moment):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref(CRON).sudo().method_direct_trigger()
        self.env.invalidate_all()

    def test_it_judges_from_the_companys_hour_on(self):
        promise = self._promise()
        self._cron("2026-06-27 05:59:00")
        self.assertEqual(promise.state, "open")
        self._cron("2026-06-27 06:00:00")
        self.assertEqual(promise.state, "broken")
        self._cron("2026-06-27 07:00:00")
        self.assertEqual(len(self._notices("promise_broken")), 1)

    def test_it_comes_before_the_reminders(self):
        steps = [code for code, _model, _method in self.env["ar.nightly"]._get_steps()]
        self.assertLess(steps.index("promises"), steps.index("reminders"))

    def test_other_companies_have_their_own_day(self):
        promise = self._promise()
        other = self._create_company(name="Elsewhere")
        with self._on(date(2026, 6, 27)):
            self.env["ar.promise"].sudo()._judge_company(other, date(2026, 6, 27))
        self.assertEqual(promise.state, "open")


class TestPromiseSpeed(PromiseCommon):
    """The number of statements does not grow with the number of promises."""

    def _count(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _promises(self, number):
        """Create a promise for that many customers; return (customers, promises)."""
        customers, promises = self.env["ar.customer"], self.env["ar.promise"]
        for invoice in self._invoices(self._partners(number), 5):
            customer = self._customer(invoice.partner_id)
            with self._on():
                promises |= customer._promise(self.PROMISED, {self._debt(invoice).id: None})
            customers |= customer
        return customers.sudo(), promises.sudo()

    def test_facts_and_judgements_are_read_together(self):
        customers, promises = self._promises(20)

        def look(number):
            with self._on():
                self.env["ar.facts"]._gather(customers[:number], self.TODAY)
                promises[:number]._judge(self.TODAY)
                customers[:number].mapped("promise_kept_rate")
                promises[:number].mapped("amount_open")

        look(20)
        few, many = self._count(lambda: look(2)), self._count(lambda: look(20))
        self.assertLessEqual(many, few + 2, f"{few} statements for two promises, {many} for twenty")

    def test_reconciling_looks_for_promises_once(self):
        _customers, promises = self._promises(10)
        touch = self.env["ar.promise.line"]._mark_to_judge
        lines = promises.line_ids.move_line_id
        self.env.cr.precommit.run()  # the accounts of the new promises are decided anew
        self.assertEqual(self._count(lambda: touch(lines[:1])), self._count(lambda: touch(lines)))
        self.assertTrue(all(promises.mapped("to_judge")))
