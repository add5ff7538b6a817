from datetime import date, timedelta
from decimal import Decimal
from unittest.mock import patch

from odoo.exceptions import LockError, UserError
from odoo.tools import mute_logger

from ...core.plans.plan import BreachRules
from ..common import PROBLEM_LOG
from ..customers.owed.common_owed import ArOwedCommon
from .common_plans import ArPlanCommon


class TestJudging(ArPlanCommon):
    """Installments of 100 each, on 17 June, 17 July, 17 August and 17 September; three days of grace."""

    def test_payments_fill_the_oldest(self):
        plan = self._active()
        self._pay(self.new, 100.0)
        self._pay(self.old, 30.0)
        self.assertEqual((plan.amount_paid, plan.amount_left), (130.0, 270.0))
        with self._on():
            states = [row[2:] for row in self._installments(plan)[:3]]
        self.assertEqual(states, [(100, "paid"), (30, "partly"), (0, "open")])
        self.assertEqual((plan.next_date, plan.next_amount), (date(2026, 7, 17), 70.0))

    def test_what_was_paid_before_does_not_count(self):
        self._pay(self.old, 100.0)
        plan = self._active(count=3)
        self.assertEqual((plan.amount_total, plan.amount_paid), (300.0, 0.0))

    def test_missed_after_grace_is_counted_once(self):
        plan = self._active()
        self._night(date(2026, 6, 20))
        self.assertEqual(plan.missed_count, 0)
        for _again in range(2):
            self._night(date(2026, 6, 21))
        self.assertEqual((plan.missed_count, plan.state), (1, "active"))
        self.assertEqual(plan.installment_ids[0].state, "missed")
        self.assertEqual(len(self._tasks(self.customer, "plan")), 1)
        self.assertEqual(self._tasks(self.customer, "plan").user_id, self.collector)

    def test_booked_late_but_dated_in_time_takes_the_miss_back(self):
        plan = self._active()
        self._night(date(2026, 6, 21))
        self._pay(self.new, day=date(2026, 6, 19))
        self._night(date(2026, 6, 22))
        self.assertEqual((plan.missed_count, plan.installment_ids[0].state), (0, "paid"))

    def test_the_second_miss_breaks_it(self):
        plan = self._active()
        self._pay(self.new, 100.0, day=date(2026, 6, 30))
        self._night(date(2026, 6, 21))
        self._pay(self.old, 20.0, day=date(2026, 6, 30))
        self._night(date(2026, 8, 21))
        self.assertEqual((plan.state, plan.ended_on), ("broken", date(2026, 8, 21)))
        self.assertFalse(any(plan.line_ids.mapped("is_live")))
        self.assertEqual(self._notices(plan)[-1], "plan_broken")
        mail = self._deliver(date(2026, 8, 21))[-1]
        listed = mail["body"][mail["body"].index("o_ar_plan_table") :]
        # What is left of its invoices, with their own due dates: no installment, and nothing that is paid.
        self.assertIn(self.old.name, listed)
        self.assertEqual(listed.count("280.00"), 2, "beside the invoice and as the total")
        for unexpected in (self.new.name, " 0.00", "$ 0.00", "1/4", "Sep 17, 2026"):
            self.assertNotIn(unexpected, mail["body"])
        self.assertIn(f"- {self.old.name}, due on May 1, 2026: ", str(mail))

    def test_the_last_one_missed_ends_it(self):
        plan = self._active()
        self.assertIn("or when the last one is missed", plan._get_terms())
        self._pay(self.old, 300.0, day=date(2026, 6, 17))
        self._night(date(2026, 9, 20))
        self.assertEqual((plan.state, plan.missed_count), ("active", 0))
        for day in (date(2026, 9, 21), date(2026, 9, 22)):
            self._night(day)
            self.assertEqual((plan.state, plan.ended_on), ("broken", date(2026, 9, 21)))
        self.assertEqual(plan.ended_reason, "The last installment was missed")
        self.assertEqual(self._notices(plan)[-1], "plan_broken")
        self._pay(self.new, 100.0, day=date(2026, 9, 20))  # booked late
        self._night(date(2026, 9, 23))
        self._night(date(2026, 9, 24))
        self.assertEqual((plan.state, plan.missed_count), ("completed", 0))

    def test_reinstated_on_its_last_day_it_still_ends(self):
        self.policy.write({"plan_grace_days": 0, "plan_missed_max": 1})
        plan = self._active(count=2)
        self._night(date(2026, 6, 18))
        with self._on(date(2026, 7, 17)):
            plan.sudo()._reinstate("Pays today")
        self._night(date(2026, 7, 18))
        self.assertEqual(plan.state, "broken")

    def test_judged_as_agreed_whatever_becomes_of_the_policy(self):
        plan = self._active()
        self.policy.write({"plan_grace_days": 0, "plan_missed_max": 1})
        self._night(date(2026, 6, 20))
        self.assertEqual((plan.missed_count, plan.state), (0, "active"))

    def test_completed_when_everything_is_paid(self):
        plan = self._active()
        self._pay(self.old)
        self._pay(self.new)
        self._night(self._in_days(1))
        self.assertEqual((plan.state, plan.ended_on), ("completed", self._in_days(1)))
        self.assertEqual(self._notices(plan)[-1], "plan_completed")

    def test_a_payment_taken_back_reopens_it(self):
        plan = self._active()
        self._pay(self.old)
        payment = self._pay(self.new)
        self._night(self._in_days(1))
        payment.move_id.line_ids.remove_move_reconcile()
        self._night(self._in_days(60))
        self.assertEqual((plan.state, plan.reopened_on, plan.amount_left), ("active", self._in_days(60), 100.0))
        self.assertEqual(len(self._tasks(self.customer, "plan")), 1)
        self._night(self._in_days(63))  # its dates have not passed, and grace runs from the day it was reopened
        self.assertEqual((plan.state, plan.missed_count), ("active", 0))

    def test_a_broken_plan_goes_on_when_a_payment_turns_out_to_have_been_in_time(self):
        plan = self._active()
        self._night(date(2026, 7, 21))
        self.assertEqual(plan.state, "broken")
        self._pay(self.old, 200.0, day=date(2026, 6, 18))
        self._night(date(2026, 7, 22))
        self.assertEqual((plan.state, plan.missed_count), ("active", 0))

    def test_paying_late_does_not_mend_a_broken_plan(self):
        plan = self._active()
        self._night(date(2026, 7, 21))
        self._pay(self.old, 200.0, day=date(2026, 7, 22))
        self._night(date(2026, 7, 23))
        self.assertEqual(plan.state, "broken")

    def test_reinstated_with_what_was_missed_forgiven(self):
        plan = self._active()
        self._night(date(2026, 7, 21))
        with self._on(date(2026, 7, 22)):
            plan.sudo()._reinstate("Talked, pays both with the next")
        self._night(date(2026, 7, 23))
        self.assertEqual((plan.state, plan.missed_count), ("active", 0))
        self.assertTrue(all(plan.line_ids.mapped("is_live")))
        self._night(date(2026, 8, 21))
        self.assertEqual((plan.state, plan.missed_count), ("active", 1))

    def test_not_reinstated_while_another_transaction_holds_the_account(self):
        """It may be promising the same invoices; nothing else keeps both from being stored."""
        plan = self._active()
        self._night(date(2026, 7, 21))
        held = patch.object(type(self.customer), "_lock_account", side_effect=LockError("in use"))
        with self._on(date(2026, 7, 22)), held, self.assertRaisesRegex(UserError, "try again"):
            plan.sudo()._reinstate("Please")
        self.assertEqual(plan.state, "broken")

    def test_not_reopened_while_another_transaction_holds_the_account(self):
        plan = self._active()
        self._pay(self.old)
        payment = self._pay(self.new)
        self._night(self._in_days(1))
        payment.move_id.line_ids.remove_move_reconcile()
        with patch.object(type(self.customer), "_try_lock_accounts", lambda accounts: accounts.browse()):
            self._night(self._in_days(60))
        self.assertEqual(plan.state, "completed")
        self._night(self._in_days(61))
        self.assertEqual(plan.state, "active")

    def test_not_reinstated_when_all_dates_have_passed(self):
        plan = self._active()
        self._night(date(2026, 9, 30))
        with self._on(date(2026, 9, 30)), self.assertRaisesRegex(UserError, "new plan"):
            plan.sudo()._reinstate("Please")

    def test_not_reinstated_while_its_items_are_in_another_plan(self):
        plan = self._active()
        self._night(date(2026, 7, 21))
        self._active(self.old, day=date(2026, 7, 22), count=2)
        with self._on(date(2026, 7, 23)), self.assertRaises(UserError):
            plan.sudo()._reinstate("Please")

    def test_not_reinstated_while_its_items_are_claimed_in_insolvency(self):
        plan = self._active()
        self._night(date(2026, 7, 21))
        with self._on(date(2026, 7, 22)):
            self.env["ar.insolvency"].create({"customer_id": plan.customer_id.id, "opened_on": date(2026, 7, 22)})
            with self.assertRaises(UserError):
                plan.sudo()._reinstate("Please")

    def test_a_small_difference_completes_it(self):
        plan = self._active()
        self._pay(self.old, day=self._in_days(1))
        self._pay(self.new, 99.6, day=self._in_days(1))
        self.assertEqual((plan.amount_left, plan.next_amount), (0.0, 0.0))
        for days in (2, 3, 120):
            self._night(self._in_days(days))
            self.assertEqual((plan.state, plan.ended_on), ("completed", self._in_days(2)))

    def test_a_small_difference_is_neither_missed_nor_reminded(self):
        plan = self._active()
        self._pay(self.new, 99.6, day=self._in_days(1))
        self._night(date(2026, 6, 21))
        self.assertEqual((plan.missed_count, plan.amount_left), (0, 300.0))
        with self._on(date(2026, 6, 21)):
            facts = self.env["ar.facts"]._gather(self.customer, date(2026, 6, 21))[self.customer.id]
        self.assertEqual([item.residual_currency for item in facts.installments], [100, 100, 100])

    def test_a_credit_note_fills_it(self):
        plan = self._active()
        refund = self._invoice(self.customer.partner_id, 0, 100.0, move_type="out_refund")
        (self._debt(self.new) + self._debt(refund)).reconcile()
        self.assertEqual((plan.amount_paid, plan.installment_ids[0].state), (100.0, "paid"))

    def test_a_part_under_the_plan_is_paid_first(self):
        line = self._debt(self.old)
        with self._on():
            schedule = self.customer._get_schedule(Decimal(120), line.currency_id, "month", self._in_days(7), 2)
            plan = self.env["ar.payment.plan"]._make(self.customer, {line.id: Decimal(120)}, schedule)
            plan.sudo()._record_consent("phone", "Patient Payer", "Called")
        self._pay(self.old, 120.0, day=self._in_days(1))
        self._night(self._in_days(2))
        self.assertEqual(plan.state, "completed")

    def test_a_payment_taken_back_reopens_a_part_whose_rest_was_credited(self):
        self.policy.plan_minimum_total = 0
        line = self._debt(self.new)
        with self._on():
            schedule = self.customer._get_schedule(Decimal(60), line.currency_id, "month", self._in_days(7), 2)
            plan = self.env["ar.payment.plan"]._make(self.customer, {line.id: Decimal(60)}, schedule)
            plan.sudo()._record_consent("phone", "Patient Payer", "Called")
        refund = self._invoice(self.customer.partner_id, 0, 30.0, move_type="out_refund")
        (line + self._debt(refund)).reconcile()
        self._pay(self.new, 40.0, day=self._in_days(1))
        payment = self._pay(self.new, 20.0, day=self._in_days(1))
        self._night(self._in_days(2))
        self._night(self._in_days(3))
        self.assertEqual(plan.state, "completed", "10 are open, which nobody agreed to pay.")
        payment.move_id.line_ids.remove_move_reconcile()
        self._night(self._in_days(4))
        self.assertEqual((plan.state, plan.amount_left), ("active", 20.0))

    def test_run_twice_a_day_it_changes_nothing(self):
        plan = self._active()
        self._night(date(2026, 7, 21))
        sent, notes = self._notices(plan), len(self.customer.message_ids)
        for _again in range(3):
            plan.sudo().judged_on = False
            self._night(date(2026, 7, 21))
        self.assertEqual((self._notices(plan), len(self.customer.message_ids)), (sent, notes))

    def test_one_that_fails_stops_nobody(self):
        plan, other = self._active(self.old), self._active(self.new)
        self.patch(
            type(plan),
            "_get_breach_rules",
            lambda own: 1 / 0 if own.id == plan.id else BreachRules(own.grace_days, own.missed_max),
        )
        with mute_logger(PROBLEM_LOG):
            self._night(date(2026, 6, 21))
        self.assertEqual((plan.missed_count, other.missed_count), (0, 1))

    def test_the_scheduled_action_looks_at_each_company_in_its_own_time(self):
        plan = self._active()
        cron = self.env.ref("ar_collections.ir_cron_nightly")
        with self._on(date(2026, 6, 21)), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((plan.missed_count, plan.judged_on), (1, date(2026, 6, 21)))

    def test_it_runs_before_the_reminders(self):
        steps = [code for code, _model, _method in self.env["ar.nightly"]._get_steps()]
        self.assertLess(steps.index("plans"), steps.index("reminders"))


class TestNotBookedYet(ArPlanCommon, ArOwedCommon):
    """Payments that have no journal entry yet: the plan waits for them, for five days by default."""

    def test_not_missed_while_a_registered_payment_covers_it(self):
        plan = self._active()
        self._register(100.0, self.old, day=date(2026, 6, 19))
        for day in (date(2026, 6, 21), date(2026, 6, 24)):
            self._night(day)
            self.assertEqual((plan.missed_count, plan.amount_paid), (0, 0.0))
        self.assertFalse(self._tasks(self.customer, "plan"))
        self._night(date(2026, 6, 25))
        self.assertEqual(plan.missed_count, 1)

    def test_not_broken_and_not_foreseen_as_broken(self):
        plan = self._active()
        self._night(date(2026, 6, 21))
        self._register(200.0, self.old, day=date(2026, 7, 20))
        day = date(2026, 7, 21)
        with self._on(day):
            self.assertFalse(plan.sudo()._find_broken(day))
        self._night(day)
        self.assertEqual((plan.state, plan.missed_count), ("active", 1), "What was missed before stays missed.")
        self.assertEqual(len(self._tasks(self.customer, "plan")), 1)

    def test_a_payment_of_a_part_leaves_the_next_one_missed(self):
        plan = self._active()
        self._register(100.0, self.old, day=date(2026, 7, 20))
        self._night(date(2026, 7, 21))
        self.assertEqual((plan.state, plan.installment_ids.filtered("missed_on").mapped("number")), ("active", [2]))

    def test_a_broken_plan_is_not_mended_by_a_registered_payment(self):
        plan = self._active()
        self._night(date(2026, 7, 21))
        self._register(400.0, self.old, self.new, day=date(2026, 7, 21))
        self._night(date(2026, 7, 22))
        self.assertEqual(plan.state, "broken")


class TestSpeedOfPlans(ArPlanCommon):
    def _plans(self, number):
        plans = self.env["ar.payment.plan"]
        for invoice in self._invoices(self._partners(number), 10, 100.0):
            plans |= self._active(invoice, customer=self._customer(invoice.partner_id), count=2)
        return plans.sudo()

    def _count(self, plans, work):
        work(plans)
        plans.write({"judged_on": False})
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work(plans)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_judging_many_costs_as_many_statements_as_one(self):
        plans = self._plans(8)
        day = self._in_days(1)
        judging = lambda some: some._advance(day)  # noqa: E731
        one, many = self._count(plans[:1], judging), self._count(plans, judging)
        self.assertLessEqual(many, one + 2, f"{one} statements for one plan, {many} for eight")

    def test_reading_a_list_is_flat(self):
        plans = self._plans(8)
        names = ["amount_paid", "amount_left", "next_date", "next_amount", "needs_approval"]
        reading = lambda some: some.read(names)  # noqa: E731
        one, many = self._count(plans[:1], reading), self._count(plans, reading)
        self.assertLessEqual(many, one + 2, f"{one} statements for one plan, {many} for eight")

    def test_installments_are_read_together(self):
        plan = self._active(count=4).sudo()
        rows = plan.installment_ids
        reading = lambda _some: rows.read(["amount_paid", "state"])  # noqa: E731
        self.assertLess(self._count(plan, reading), 15)

    def test_weekly_plan(self):
        plan = self._draft(frequency="two_weeks", count=3)
        days = plan.installment_ids.mapped("date")
        self.assertEqual(days[1] - days[0], timedelta(days=14))
