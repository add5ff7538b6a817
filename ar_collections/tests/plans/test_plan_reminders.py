from datetime import date
from decimal import Decimal

from odoo import Command

from ...core import decision as codes
from .common_plans import ArPlanCommon


class TestPlanReminders(ArPlanCommon):
    """Items under a plan are excluded, installments follow a schedule of their own, and one message lists all of it.

    Installments of 100 each, on 17 June, 17 July, 17 August and 17 September: a notice three days before, a friendly
    reminder two days after.
    """

    def _reminded(self):
        """Return [(day, what it listed)] of what was sent, oldest first; installments as 1/4."""
        log = self._communications(self.customer).filtered(lambda c: c.state in ("planned", "sent") and not c.notice)
        return [(c.date, c.line_ids.mapped(lambda row: row.installment or row.name)) for c in log]

    def _run_days(self, first, last):
        """Run these days: judge the plans, run the day, deliver."""
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            day = date.fromordinal(ordinal)
            self._night(day)
            self._day(day)

    def test_a_planned_item_is_excluded(self):
        self._active()
        self._run()
        self.assertCode(self.customer, codes.PLAN_ACTIVE)
        self.assertFalse(self._reminded())

    def test_what_is_not_in_the_plan_is_not(self):
        self._active(self.new, count=2)
        self._run(self._in_days(1))
        self.assertEqual(self._reminded(), [(self._in_days(1), [self.old.name])])

    def test_the_rest_of_an_item_is_not(self):
        line = self._debt(self.old)
        with self._on():
            schedule = self.customer._get_schedule(Decimal(120), line.currency_id, "month", self._in_days(20), 2)
            plan = self.env["ar.payment.plan"]._make(self.customer, {line.id: Decimal(120)}, schedule)
            plan.sudo()._record_consent("phone", "Patient Payer", "Called")
        self._run(self._in_days(1))
        listed = self._communications(self.customer)[-1].line_ids
        self.assertEqual({row.move_id: row.amount_left for row in listed}, {self.old: 180.0, self.new: 100.0})

    def test_a_notice_before_and_a_reminder_after_each_once(self):
        self._active()
        self._run_days(date(2026, 6, 11), date(2026, 6, 24))
        # 14 June is a Sunday.
        self.assertEqual(self._reminded(), [(date(2026, 6, 15), ["1/4"]), (date(2026, 6, 19), ["1/4"])])

    def test_by_hand_from_a_customer_that_another_one_pays_for(self):
        self._active()
        payer = self._customer(self._partner(name="Head Office", email="head@customer.example.com"))
        self.customer.payer_id = payer
        self._deliver()
        day = date(2026, 6, 19)
        with self._on(day):
            dialog = self.env["ar.remind"].with_user(self.collector)
            dialog = dialog.browse(self.customer.with_user(self.collector).action_remind_now()["res_id"])
            self.assertIn("Jun 17, 2026", dialog.installments_text)
            self.assertEqual((dialog.can_send, dialog.amount), (True, 100))
            self.assertFalse(any(dialog.line_ids.mapped("listed")))
            dialog.action_send()
        (mail,) = self._deliver(day)
        self.assertIn("head@customer.example.com", mail["email_to"][0])
        line = self._communications(payer).line_ids
        self.assertEqual((line.installment, line.member_id), ("1/4", self.customer))
        self.assertEqual(line.communication_id.state, "sent")
        self.assertFalse(self._day(date(2026, 6, 22)))

    def test_it_reads_well_and_leads_to_the_plan(self):
        plan = self._active()
        self._run_days(date(2026, 6, 11), date(2026, 6, 14))
        mail = self._day(date(2026, 6, 15))[-1]
        for text in ("installment due on June 17, 2026", "installment of your payment plan will fall due soon"):
            self.assertIn(text, mail["subject"] + mail["body"])
        for text in (plan.name, "1/4", "100.00", f"/plan/{plan.id}"):
            self.assertIn(text, mail["body"])
        reminder = self._run_days(date(2026, 6, 16), date(2026, 6, 18)) or self._day(date(2026, 6, 19))[-1]
        self.assertIn("not yet received an installment", reminder["body"])

    def test_in_plain_text(self):
        plan = self._active()
        self._run_days(date(2026, 6, 11), date(2026, 6, 15))
        text = self._communications(self.customer)[-1]._get_plain_text()
        self.assertIn(f"- {plan.name} (1/4), due Jun 17, 2026: $\xa0100.00 left to pay", text)

    def test_paid_early_nothing_is_sent(self):
        self._active()
        self._pay(self.new)
        self._run_days(date(2026, 6, 11), date(2026, 6, 24))
        self.assertFalse(self._reminded())

    def test_paid_in_part_the_rest_is_asked_for(self):
        self._active()
        self._pay(self.new, 60.0)
        self._run_days(date(2026, 6, 11), date(2026, 6, 15))
        row = self._communications(self.customer)[-1].line_ids
        self.assertEqual((row.amount_original, row.amount_paid, row.amount_left), (100.0, 60.0, 40.0))

    def test_what_is_being_paid_online_is_not_asked_for(self):
        self._active()
        line = self._debt(self.old)
        self.env["payment.transaction"].sudo().create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.payment_method_id,
                "reference": "on its way",
                "amount": 100.0,
                "currency_id": line.currency_id.id,
                "partner_id": self.customer.partner_id.id,
                "operation": "online_redirect",
                "state": "pending",
                "last_state_change": "2026-06-14 12:00:00",
                "invoice_ids": [Command.set(self.old.ids)],
                "ar_allocation_ids": [Command.create({"move_line_id": line.id, "name": "A", "amount": 100.0})],
            }
        )
        self._run_days(date(2026, 6, 15), date(2026, 6, 17))
        self.assertFalse(self._reminded())
        self._day(date(2026, 6, 22))  # it was never delivered
        self.assertEqual(self._reminded()[0][1], ["1/4"])

    def test_one_message_with_another_late_invoice(self):
        self._active()
        third = self._invoice(self.customer.partner_id, -14, 50.0)  # due on 24 June
        self._run_days(date(2026, 6, 26), date(2026, 7, 3))
        listed = [what for _day, what in self._reminded()]
        self.assertTrue(any({"1/4", third.name} <= set(what) for what in listed), listed)
        days = [day for day, _what in self._reminded()]
        self.assertEqual(len(days), len(set(days)))

    def test_the_caps_hold_for_both_together(self):
        self.policy.contacts_per_7_days = 1
        self._active()
        self._run_days(date(2026, 6, 11), date(2026, 6, 24))
        # The agreement itself was a contact on 10 June.
        days = [day for day, _what in self._reminded()]
        for one, other in zip([self.TODAY, *days], days, strict=False):
            self.assertGreaterEqual((other - one).days, 7)

    def test_without_a_schedule_nothing_is_sent_about_installments(self):
        self.policy.plan_schedule_id = False
        self._active()
        self._run_days(date(2026, 6, 11), date(2026, 6, 24))
        self.assertFalse(self._reminded())

    def test_the_day_it_breaks_the_customer_gets_one_message(self):
        plan = self._active()
        self._night(date(2026, 7, 21))
        self._run(date(2026, 7, 21))
        today = self._communications(self.customer).filtered(lambda c: c.date == date(2026, 7, 21))
        self.assertEqual(today.mapped("notice"), ["plan_broken"])
        self.assertEqual(plan.state, "broken")

    def test_after_it_broke_the_schedule_resumes_at_a_mild_step(self):
        self._active()
        self._run_days(date(2026, 7, 21), date(2026, 7, 23))
        log = self._communications(self.customer).filtered("step_id")[-1]
        self.assertEqual(log.date, date(2026, 7, 22))
        self.assertEqual(log.step_id, self.friendly)  # 82 days late, and yet not the final notice
        self.assertEqual(set(log.line_ids.move_id), {self.old, self.new})
        self.assertEqual(sum(log.line_ids.mapped("amount_left")), 400.0)

    def test_reinstated_it_is_excluded_again(self):
        plan = self._active()
        self._night(date(2026, 7, 21))
        with self._on(date(2026, 7, 22)):
            plan.sudo()._reinstate("Talked to them")
        self._deliver(date(2026, 7, 22))  # "your plan has ended" is no longer valid
        self.assertEqual(self._communications(self.customer)[-1].state, "cancelled")
        self._run(date(2026, 7, 23))
        lines = self._communications(self.customer)[-1].line_ids
        self.assertFalse(lines.move_id)
        self.assertTrue(lines.plan_installment_id)

    def test_cancelled_it_resumes_at_a_mild_step(self):
        plan = self._active()
        with self._on(self._in_days(1)):
            plan.sudo()._cancel("The customer asked for it")
        self._run(self._in_days(1))
        self.assertEqual(self._communications(self.customer)[-1].step_id, self.friendly)

    def test_a_proposal_excludes_nothing(self):
        plan = self._draft()
        with self._on():
            plan.action_propose()
        self._run(self._in_days(1))
        self.assertEqual(self._reminded(), [(self._in_days(1), [self.old.name, self.new.name])])

    def test_the_preview_explains_why_nothing_is_sent(self):
        self._active()
        with self._on():
            preview = self.env["ar.preview"].create({"company_id": self.company.id})
            preview.action_preview()
        row = preview.line_ids.filtered(lambda line: line.customer_id == self.customer)
        self.assertEqual(row.code, codes.PLAN_ACTIVE)

    def test_the_forecast_knows_the_next_notice(self):
        self._active()
        self._run()
        self.assertEqual(self.customer.next_date, date(2026, 6, 15))
