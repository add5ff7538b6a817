from datetime import date, timedelta
from decimal import Decimal

import psycopg2

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from ...core.plans.plan import BreachRules
from .common_plans import ArPlanCommon


class TestDrafting(ArPlanCommon):
    def test_items_and_installments_add_up(self):
        plan = self._draft(count=3)
        self.assertEqual(plan.amount_total, 400.0)
        self.assertEqual(plan.line_ids.mapped("amount"), [300.0, 100.0])
        self.assertEqual(plan.installment_ids.mapped("amount"), [133.34, 133.33, 133.33])
        self.assertEqual((plan.state, plan.needs_approval, plan.amount_left), ("draft", False, 400.0))
        self.assertTrue(plan.name.startswith("PLAN/"))

    def test_a_draft_excludes_nothing(self):
        self._draft()
        self._run()
        self.assertCode(self.customer, "step_reached")

    def test_dates_fall_on_working_days_where_the_policy_states_it(self):
        self.policy.plan_workdays = True
        plan = self._draft(first=10)  # a Saturday
        self.assertEqual(plan.installment_ids[0].date, date(2026, 6, 22))

    def test_holidays_far_ahead_are_known(self):
        self.policy.write({"plan_workdays": True, "calendar_id": self.company.resource_calendar_id.id})
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Founding day",
                "calendar_id": self.policy.calendar_id.id,
                "company_id": self.company.id,
                "date_from": "2027-06-10 00:00:00",
                "date_to": "2027-06-10 23:00:00",
            }
        )
        plan = self._draft(count=13, first=0)
        self.assertEqual(plan.installment_ids[-1].date, date(2027, 6, 11))

    def test_what_cannot_be(self):
        other = self._invoice(self._partner(name="Somebody Else"), 10, 50.0)
        paid = self._invoice(self.customer.partner_id, 10, 50.0)
        lines = self._amounts(paid)
        with self._on():
            self._pay(paid)
            schedule = self.customer._get_schedule(Decimal(50), self.env.company.currency_id, "month", self.TODAY, 2)
            for amounts in (lines, self._amounts(other), self._amounts(self.old), {}):
                before = self.env["ar.payment.plan"].search_count([])
                with self.subTest(amounts=amounts), self.assertRaises(UserError):
                    self.env["ar.payment.plan"]._make(self.customer, amounts, schedule)
                self.assertEqual(self.env["ar.payment.plan"].search_count([]), before)

    def test_items_of_two_currencies_make_no_plan(self):
        self.env.ref("base.EUR").active = True
        foreign = self._invoice(self.customer.partner_id, 10, 100.0, currency_id=self.env.ref("base.EUR").id)
        with self.assertRaisesRegex(UserError, "one currency"):
            self._draft(self.old, foreign)

    def test_a_plan_in_a_foreign_currency_is_measured_in_it(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        foreign = self._invoice(self.customer.partner_id, 10, 100.0, currency_id=euro.id)
        plan = self._active(foreign, count=2)
        self.assertEqual((plan.currency_id, plan.amount_total, plan.amount_left), (euro, 100.0, 100.0))

    def test_a_first_date_in_the_past_is_refused(self):
        with self.assertRaisesRegex(UserError, "past"):
            self._draft(first=-1)

    def test_a_part_of_an_item(self):
        line = self._debt(self.old)
        with self._on():
            schedule = self.customer._get_schedule(Decimal(120), line.currency_id, "month", self.TODAY, 2)
            plan = self.env["ar.payment.plan"]._make(self.customer, {line.id: Decimal(120)}, schedule)
        self.assertEqual((plan.amount_total, plan.line_ids.residual_before), (120.0, 300.0))


class TestApproval(ArPlanCommon):
    def test_within_the_limits_nobody_is_asked(self):
        self.assertFalse(self._draft().needs_approval)

    def test_beyond_the_limits_the_policys_manager_gets_the_task(self):
        self.policy.manager_id = self.credit_manager
        plan = self._draft(count=8)
        self.assertTrue(plan.needs_approval)
        self.assertIn("more installments", plan.beyond_limits)
        self.assertEqual(plan.activity_ids.user_id, self.credit_manager)

    def test_who_asked_never_gets_the_task(self):
        self.policy.manager_id = self.credit_manager
        plan = self._draft(count=8, user=self.credit_manager)
        self.assertNotEqual(plan.activity_ids.user_id, self.credit_manager)

    def test_it_is_neither_proposed_nor_activated_before_it_is_approved(self):
        plan = self._draft(count=8)
        with self._on():
            with self.assertRaisesRegex(UserError, "approve"):
                plan.action_propose()
            with self.assertRaisesRegex(UserError, "approve"):
                plan.sudo()._record_consent("phone", "Patient Payer", "Called")
        self.assertEqual(plan.state, "draft")

    def test_approved_it_may_be_proposed(self):
        plan = self._draft(count=8)
        with self._on():
            plan.with_user(self.credit_manager).action_approve()
            self.assertEqual(plan.approved_by_id, self.credit_manager)
            self.assertFalse(plan.activity_ids)
            plan.action_propose()
        self.assertEqual(plan.state, "proposed")

    def test_the_requester_never_approves(self):
        plan = self._draft(count=8, user=self.credit_manager)
        with self.assertRaisesRegex(UserError, "yourself"):
            plan.action_approve()

    def test_nor_does_a_collector_or_a_manager(self):
        plan = self._draft(count=8)
        for user in (self.collector, self.manager):
            with self.subTest(user=user.name), self.assertRaises(UserError):
                plan.with_user(user).action_approve()

    def test_a_change_voids_the_approval(self):
        plan = self._draft(count=8)
        with self._on():
            plan.with_user(self.credit_manager).action_approve()
            schedule = self.customer._get_schedule(Decimal(400), plan.currency_id, "month", self.TODAY, 12)
            plan.sudo()._change(self._amounts(self.old, self.new), schedule)
        self.assertEqual((plan.needs_approval, len(plan.installment_ids)), (True, 12))

    def test_the_counter_offer_of_a_manager_stays_the_collectors_request(self):
        plan = self._draft(count=12)
        with self._on():
            schedule = self.customer._get_schedule(Decimal(400), plan.currency_id, "month", self.TODAY, 8)
            plan.with_user(self.credit_manager).sudo()._change(self._amounts(self.old, self.new), schedule)
        self.assertEqual(plan.requested_by_id, self.collector)
        plan.with_user(self.credit_manager).action_approve()

    def test_refused_with_a_reason_for_the_requester(self):
        plan = self._draft(count=8)
        with self.assertRaises(UserError):
            plan.with_user(self.credit_manager).sudo()._refuse("")
        with self._on():
            plan.with_user(self.credit_manager).sudo()._refuse("Too long")
        self.assertEqual((plan.state, plan.ended_reason, self._notices(plan)), ("cancelled", "Too long", []))
        self.assertIn("Too long", str(plan.message_ids[0].body))

    def test_a_customer_who_asked_is_notified_why(self):
        plan = self._draft(count=8, origin="portal", requested_by_id=False)
        with self._on():
            plan.with_user(self.credit_manager).sudo()._refuse("We can offer six installments")
        self.assertEqual(self._notices(plan), ["plan_refused"])
        mail = self._deliver()[0]
        self.assertIn("We can offer six installments", mail["body"])


class TestAgreeing(ArPlanCommon):
    def test_proposed_and_accepted(self):
        plan = self._draft()
        with self._on():
            plan.action_propose()
            self.assertEqual((plan.state, plan.proposed_on), ("proposed", self.TODAY))
            plan.sudo()._accept("Pat Payer", "192.0.2.7", plan.terms_version)
        self.assertEqual((plan.state, plan.activated_on), ("active", self.TODAY))
        self.assertEqual((plan.accepted_name, plan.accepted_ip, plan.accepted_how), ("Pat Payer", "192.0.2.7", "page"))
        self.assertIn("3 days", plan.terms)
        self.assertEqual(self._notices(plan), ["plan_proposed", "plan_accepted"])

    def test_the_proposal_leads_to_the_page(self):
        plan = self._draft()
        with self._on():
            plan.action_propose()
        mail = self._deliver()[0]
        self.assertIn(f"/my/receivables/{self.customer.id}/plan/{plan.id}", mail["body"])
        self.assertIn("100.00", mail["body"])
        text = self._communications(self.customer)[-1]._get_plain_text()
        self.assertIn("- 1/4 on Jun 17, 2026: $\xa0100.00", text)
        self.assertIn("Total: $\xa0400.00", text)

    def test_the_agreement_is_attached(self):
        plan = self._active()
        confirmation = self.env["ar.communication"].search([("notice", "=", "plan_accepted")])
        self.assertIn(plan.name.replace("/", "-"), confirmation.attachment_ids.name)
        self.assertEqual(confirmation.mail_mail_id.attachment_ids, confirmation.attachment_ids)

    def test_a_proposal_is_not_notified_any_more_once_it_is_decided(self):
        plan = self._draft()
        with self._on():
            plan.action_propose()
            plan.sudo()._cancel("Changed our minds")
        self.assertEqual(self._deliver(), [])

    def test_terms_that_changed_meanwhile_are_not_accepted(self):
        plan = self._draft()
        with self._on():
            plan.action_propose()
            with self.assertRaisesRegex(UserError, "changed"):
                plan.sudo()._accept("Pat Payer", "192.0.2.7", "other")

    def test_accepting_twice_changes_nothing(self):
        plan = self._draft()
        with self._on():
            plan.action_propose()
            plan.sudo()._accept("Pat Payer", "192.0.2.7", plan.terms_version)
            with self.assertRaises(UserError):
                plan.sudo()._accept("Pat Payer", "192.0.2.7", plan.terms_version)
        self.assertEqual(self._notices(plan).count("plan_accepted"), 1)

    def test_a_consent_needs_its_note(self):
        plan = self._draft()
        with self._on(), self.assertRaisesRegex(UserError, "signature"):
            plan.sudo()._record_consent("phone", "Patient Payer", " ")

    def test_what_was_open_is_remembered_at_activation(self):
        plan = self._draft(self.old, count=2)
        self.assertEqual(plan.line_ids.residual_before, 300.0)
        with self._on():
            plan.action_propose()
            self._pay(self.old, 50.0)
            with self.assertRaisesRegex(UserError, "paid"):  # the plan is about more than is open now
                plan.sudo()._accept("Pat Payer", "192.0.2.7", plan.terms_version)
        self.assertEqual(plan.state, "proposed")

    def test_a_proposal_whose_first_date_passed_is_not_accepted(self):
        plan = self._draft()
        with self._on():
            plan.action_propose()
        with self._on(self._in_days(8)), self.assertRaisesRegex(UserError, "past"):
            plan.sudo()._accept("Pat Payer", "192.0.2.7", plan.terms_version)

    def test_it_is_withdrawn_overnight_then(self):
        plan = self._draft()
        with self._on():
            plan.action_propose()
        self._night(self._in_days(7))
        self.assertEqual(plan.state, "proposed")
        self._night(self._in_days(8))
        self.assertEqual(plan.state, "cancelled")
        self.assertEqual(len(self._tasks(self.customer, "plan")), 1)

    def test_an_item_is_in_one_active_plan_only(self):
        first, second = self._draft(self.old), self._draft(self.old, self.new)
        with self._on():
            first.sudo()._record_consent("phone", "Patient Payer", "Called")
            with self.assertRaises(UserError):
                second.sudo()._record_consent("phone", "Patient Payer", "Called")
        self.assertEqual((first.state, second.state), ("active", "draft"))
        with self.assertRaises(UserError):
            self._draft(self.old)

    def test_the_database_keeps_it_even_without_the_check(self):
        self._active(self.old)
        other = (
            self.env["ar.payment.plan.line"]
            .sudo()
            .create(
                {
                    "plan_id": self._draft(self.new).id,
                    "move_line_id": self._debt(self.old).id,
                    "amount": 1,
                    "residual_before": 1,
                }
            )
        )
        with self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger("odoo.sql_db"):
            other.is_live = True
            self.env.flush_all()

    def test_an_invoice_in_a_plan_is_not_reset_to_draft(self):
        plan = self._active()
        with self.assertRaisesRegex(UserError, plan.name):
            self.old.button_draft()
        with self._on():
            plan.sudo()._cancel("Wrong invoice")
        self.old.button_draft()
        self.assertEqual(self.old.state, "draft")


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
        self._night(date(2026, 6, 21))
        self._night(date(2026, 7, 21))
        self.assertEqual((plan.state, plan.ended_on), ("broken", date(2026, 7, 21)))
        self.assertFalse(any(plan.line_ids.mapped("is_live")))
        self.assertEqual(self._notices(plan)[-1], "plan_broken")
        mail = self._deliver(date(2026, 7, 21))[-1]
        self.assertIn("400.00", mail["body"])

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
        with mute_logger("odoo.addons.ar_collections.models.plans.ar_payment_plan_run"):
            self._night(date(2026, 6, 21))
        self.assertEqual((plan.missed_count, other.missed_count), (0, 1))

    def test_the_scheduled_action_looks_at_each_company_in_its_own_time(self):
        plan = self._active()
        cron = self.env.ref("ar_collections.ir_cron_advance_plans")
        with self._on(date(2026, 6, 21)), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((plan.missed_count, plan.judged_on), (1, date(2026, 6, 21)))

    def test_it_runs_before_the_reminders(self):
        run, plans = (self.env.ref(f"ar_collections.ir_cron_{name}") for name in ("run_day", "advance_plans"))
        self.assertLess(plans.priority, run.priority)


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

    def test_judging_thirty_costs_as_many_statements_as_one(self):
        plans = self._plans(30)
        day = self._in_days(1)
        judging = lambda some: some._advance_batch(day)  # noqa: E731
        one, thirty = self._count(plans[:1], judging), self._count(plans, judging)
        self.assertLessEqual(thirty, one + 2, f"{one} statements for one plan, {thirty} for thirty")

    def test_reading_a_list_is_flat(self):
        plans = self._plans(30)
        names = ["amount_paid", "amount_left", "next_date", "next_amount", "needs_approval"]
        reading = lambda some: some.read(names)  # noqa: E731
        one, thirty = self._count(plans[:1], reading), self._count(plans, reading)
        self.assertLessEqual(thirty, one + 2, f"{one} statements for one plan, {thirty} for thirty")

    def test_installments_are_read_together(self):
        plan = self._active(count=4).sudo()
        rows = plan.installment_ids
        reading = lambda _some: rows.read(["amount_paid", "state"])  # noqa: E731
        self.assertLess(self._count(plan, reading), 15)

    def test_weekly_plan(self):
        plan = self._draft(frequency="two_weeks", count=3)
        days = plan.installment_ids.mapped("date")
        self.assertEqual(days[1] - days[0], timedelta(days=14))
