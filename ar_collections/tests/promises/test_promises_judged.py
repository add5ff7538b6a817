from datetime import date, timedelta
from unittest.mock import patch

from odoo.tools import mute_logger

from ..common import PROBLEM_LOG
from ..customers.owed.common_owed import ArOwedCommon
from ..matching.common_matching import ArMatchingCommon
from .common_promise import PromiseCommon


class TestJudging(PromiseCommon):
    def test_kept_is_known_as_soon_as_all_is_paid(self):
        promise = self._promise()
        self._pay(self.old, day=date(2026, 6, 12))
        self._judge(date(2026, 6, 13))
        self.assertEqual((promise.state, promise.amount_kept, promise.ended_on), ("kept", 300.0, date(2026, 6, 13)))
        self.assertFalse(self._notices("promise_broken") or self._tasks(self.customer, "promise"))

    def test_open_up_to_the_deadline_and_broken_after_it(self):
        promise = self._promise()
        for day in (24, 25, 26):
            self._judge(date(2026, 6, day))
            self.assertEqual(promise.state, "open")
        self._judge(date(2026, 6, 27))
        self.assertEqual((promise.state, promise.ended_on), ("broken", date(2026, 6, 27)))

    def test_paid_within_the_tolerance_is_kept(self):
        promise = self._promise()
        self._pay(self.old, day=date(2026, 6, 26))
        self._judge(date(2026, 6, 27))
        self.assertEqual(promise.state, "kept")

    def test_paid_late_is_broken_but_nobody_is_asked_for_what_is_paid(self):
        promise = self._promise()
        self._pay(self.old, day=date(2026, 6, 27))
        self._judge(date(2026, 6, 27))
        self.assertEqual((promise.state, promise.amount_kept), ("broken", 0.0))
        self.assertFalse(self._notices("promise_broken") or self._tasks(self.customer, "promise"))

    def test_paid_in_part(self):
        promise = self._promise()
        self._pay(self.old, 120, day=date(2026, 6, 20))
        self._judge(date(2026, 6, 27))
        self.assertEqual((promise.state, promise.amount_kept, promise.amount_open), ("partly", 120.0, 180.0))
        notice = self._notices("promise_broken")
        self.assertEqual(notice.line_ids.amount_left, 180.0)
        self.assertIn("120.00", notice.body)

    def test_a_small_difference_breaks_no_promise(self):
        promise = self._promise({self.new: None})
        self._pay(self.new, 98.0, day=date(2026, 6, 20))
        self._judge(date(2026, 6, 27))
        self.assertEqual((promise.state, promise.amount_open), ("kept", 0.0))
        self.assertFalse(self._notices("promise_broken") or self._tasks(self.customer, "promise"))

    def test_a_small_difference_of_a_late_payment_is_late_too(self):
        promise = self._promise({self.new: None})
        self._pay(self.new, 60.0, day=date(2026, 6, 20))
        self._pay(self.new, 38.0, day=date(2026, 6, 27))
        self._judge(date(2026, 6, 27))
        self.assertEqual((promise.state, promise.amount_kept), ("partly", 60.0))
        self.assertFalse(self._notices("promise_broken") or self._tasks(self.customer, "promise"))

    def test_a_credit_note_keeps_it_too(self):
        promise = self._promise({self.new: None})
        refund = self._invoice(self.partner, 0, 100.0, move_type="out_refund")
        (self._debt(self.new) + self._debt(refund)).reconcile()
        self._judge(self.TODAY + timedelta(days=1))
        self.assertEqual(promise.state, "kept")

    def test_broken_once_notified_once_asked_once(self):
        self._promise()
        for day in (27, 27, 28, 30):
            self._judge(date(2026, 6, day))
        self.assertEqual(len(self._notices("promise_broken")), 1)
        (task,) = self._tasks(self.customer, "promise")
        self.assertEqual(task.user_id, self.collector)
        self.assertIn("300.00", task.summary)

    def test_a_payment_taken_back_opens_it_again_before_the_deadline(self):
        promise = self._promise()
        payment = self._pay(self.old, day=date(2026, 6, 15))
        self._judge(date(2026, 6, 16))
        self.assertEqual(promise.state, "kept")
        self._take_back(payment)
        self.assertTrue(promise.to_judge)
        self._judge(date(2026, 6, 17))
        self.assertEqual((promise.state, promise.ended_on, promise.amount_kept), ("open", False, 0.0))
        self.assertTrue(promise.line_ids.is_live)

    def test_it_is_not_opened_again_while_another_transaction_holds_the_account(self):
        """It may be putting the same invoice into a plan, or into another promise."""
        promise = self._promise()
        payment = self._pay(self.old, day=date(2026, 6, 15))
        self._judge(date(2026, 6, 16))
        self._take_back(payment)
        with patch.object(type(self.customer), "_try_lock_accounts", lambda accounts: accounts.browse()):
            self._judge(date(2026, 6, 17))
        self.assertEqual((promise.state, promise.to_judge), ("kept", True))
        self._judge(date(2026, 6, 17))
        self.assertEqual((promise.state, promise.to_judge), ("open", False))

    def test_a_payment_taken_back_after_the_deadline_breaks_it(self):
        promise = self._promise()
        payment = self._pay(self.old, day=date(2026, 6, 15))
        self._judge(date(2026, 6, 27))
        self.assertFalse(promise.to_judge)
        self._take_back(payment)
        self._judge(date(2026, 7, 10))
        self.assertEqual((promise.state, promise.ended_on), ("broken", date(2026, 7, 10)))
        self.assertEqual(len(self._notices("promise_broken")), 1)

    def test_a_payment_that_is_booked_late_with_an_earlier_date_keeps_it_after_all(self):
        promise = self._promise()
        self._judge(date(2026, 6, 27))
        self._pay(self.old, day=date(2026, 6, 25))
        self._judge(date(2026, 6, 29))
        self.assertEqual(promise.state, "kept")
        self.assertEqual(self._deliver(date(2026, 6, 29))[-1]["subject"].count("has not arrived"), 0)
        self.assertEqual(self._notices("promise_broken").state, "cancelled")
        self.assertFalse(self._tasks(self.customer, "promise"))

    def test_what_was_promised_anew_meanwhile_is_not_opened_twice(self):
        first = self._promise({self.old: 100})
        payment = self._pay(self.old, 100, day=date(2026, 6, 11))
        self._judge(date(2026, 6, 12))
        second = self._promise({self.old: 200}, on=date(2026, 6, 12))
        self._take_back(payment)
        self._judge(date(2026, 6, 15))
        self.assertEqual((first.state, second.state), ("kept", "open"))
        self._judge(date(2026, 6, 27))
        self.assertEqual((first.state, second.state), ("broken", "broken"))

    def test_only_its_own_items_are_excluded(self):
        self._promise()
        self._run(date(2026, 6, 11))  # the answer was the contact of the day before
        reminder = self._communications(self.customer).filtered("step_id")
        self.assertEqual(reminder.line_ids.move_id, self.new)

    def test_only_the_promised_part_is_excluded(self):
        self._promise({self.old: 200})
        with self._on():
            facts = self.env["ar.facts"]._gather(self.customer, self.TODAY)[self.customer.id]
        self.assertEqual([item.chaseable_currency for item in facts.items], [100, 100])

    def test_past_its_deadline_it_is_excluded_until_it_was_judged(self):
        self._promise({self.old: None, self.new: None})
        self._run(date(2026, 6, 29))
        self.assertCode(self.customer, "promise_open")
        self._judge(date(2026, 6, 30))
        self._deliver(date(2026, 6, 30))
        self._run(date(2026, 7, 3))
        self.assertCode(self.customer, "step_reached")

    def test_one_failure_stops_nobody(self):
        other, invoice = self._late(name="Another Payer")
        promise = self._promise()
        with self._on():
            second = other._promise(self.PROMISED, {self._debt(invoice).id: None})
        store = type(promise)._store_judgement

        def fails(record, *args):
            if record == promise:
                raise ValueError("broken on purpose")
            return store(record, *args)

        with (
            patch.object(type(promise), "_store_judgement", fails),
            mute_logger(PROBLEM_LOG),
        ):
            self._judge(date(2026, 6, 27))
        self.assertEqual((promise.state, second.state), ("open", "broken"))
        self.assertIn("broken on purpose", self.customer.run_error)

    def test_a_foreign_promise_is_judged_in_its_own_currency(self):
        euro = self.setup_other_currency("EUR")
        foreign = self._invoice(self.partner, 5, amount=80.0, currency_id=euro.id)
        promise = self._promise({foreign: None})
        self._pay(foreign, day=date(2026, 6, 20))
        self._judge(date(2026, 6, 27))
        self.assertEqual((promise.state, promise.amount_kept), ("kept", 80.0))


class TestNotBookedYet(PromiseCommon, ArOwedCommon):
    """Payments that have no journal entry yet: the promise waits for them, for five days by default."""

    def test_open_while_a_registered_payment_covers_it(self):
        promise = self._promise()
        self._register(300.0, self.old, day=date(2026, 6, 25))
        for day in (date(2026, 6, 27), date(2026, 6, 30)):
            self._judge(day)
            self.assertEqual(promise.state, "open")
        self.assertFalse(self._notices("promise_broken") or self._tasks(self.customer, "promise"))
        self._judge(date(2026, 7, 1))
        self.assertEqual(promise.state, "broken")

    def test_kept_when_the_registered_payment_is_booked(self):
        promise = self._promise()
        payment = self._register(300.0, self.old, day=date(2026, 6, 25))
        self._judge(date(2026, 6, 27))
        payment.action_cancel()
        self._pay(self.old, day=date(2026, 6, 25))
        self._judge(date(2026, 6, 28))
        self.assertEqual(promise.state, "kept")

    def test_money_on_account_is_expected_on_what_was_promised(self):
        promise = self._promise({self.new: None})
        self._register(100.0, day=date(2026, 6, 25))
        self._judge(date(2026, 6, 27))
        self.assertEqual(promise.state, "open")

    def test_a_payment_of_a_part_does_not_hold_it(self):
        promise = self._promise()
        self._register(200.0, self.old, day=date(2026, 6, 25))
        self._judge(date(2026, 6, 27))
        self.assertEqual(promise.state, "broken")

    def test_the_notice_is_not_sent_after_a_payment_was_registered(self):
        self._promise()
        self._judge(date(2026, 6, 27))
        self._register(300.0, self.old, day=date(2026, 6, 29))
        self._deliver(date(2026, 6, 29))
        self.assertEqual(self._notices("promise_broken").state, "cancelled")

    def test_promises_that_wait_are_judged_together(self):
        others = [self._late(name=f"Payer {number}", amount=50.0) for number in range(10)]
        promises = self._promise()
        for customer, invoice in others:
            with self._on():
                promises |= customer._promise(self.PROMISED, {self._debt(invoice).id: None})
            self._register(50.0, invoice, partner=customer.partner_id, day=date(2026, 6, 25))
        spent = {}
        for some in (promises[1:2], promises[1:2], promises):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.sudo()._filter_expected(date(2026, 6, 27))
            spent[len(some)] = self.env.cr.sql_log_count - before
        self.assertLessEqual(spent[11], spent[1] + 2, spent)


class TestNoticeHeld(PromiseCommon, ArMatchingCommon):
    def test_the_notice_that_asks_for_money_waits_while_money_is_not_matched(self):
        self._promise()
        self._deliver()
        self._judge(date(2026, 6, 27))
        self._statement_line(250.0, partner_id=self.partner.id, day=date(2026, 6, 29))
        states = []
        for day in (date(2026, 6, 29), date(2026, 7, 1), date(2026, 7, 2)):
            self._deliver(day)
            states.append(self._notices("promise_broken").state)
        self.assertEqual(states, ["planned", "planned", "sent"])
