from datetime import datetime, time
from decimal import Decimal
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tools import mute_logger

from ...core.facts import Exclusion
from .common_autopay import AutopayCase


class TestAutopayBooked(AutopayCase):
    """An automatic payment day by day: announced, charged, retried, failed."""

    def test_announced_charged_and_booked(self):
        self._agree()
        self.assertEqual(self._charge(1), {}, "Not before its time")
        self.assertEqual(self._send_notice(2), [f"{self.company.name}: your next automatic payment"])
        self.assertEqual(self._charge(4), {})
        self.assertEqual(self._charge(5), {"charge": 1})
        charge = self.plan.autopay_charge_ids
        self.assertEqual((charge.installment_id, charge.amount, charge.outcome), (self.first, 100.0, "done"))
        transaction = charge.transaction_id
        self.assertEqual((transaction.operation, transaction.token_id), ("offline", self.token))
        self.assertEqual(transaction.reference, f"{self.plan.name}-1")
        self._book()
        self.assertEqual(self.invoice.amount_residual, 200.0)
        self.assertIn(transaction.payment_id.state, ("in_process", "paid"))
        self.assertIn("collected", self.customer.message_ids[0].body)
        self.assertEqual(self._charge(6), {})

    def test_every_installment_in_its_time_and_the_plan_is_paid(self):
        self._agree()
        for installment in (self.first, self.second, self.third):
            self._announce(installment)
            self.assertEqual(self._charge((installment.date - self.TODAY).days), {"charge": 1})
            self._book()
        self.assertEqual(self.invoice.amount_residual, 0.0)
        self.assertEqual(self._outcomes(), [(1, "done")] * 3)

    def test_run_many_times_a_day_it_charges_once(self):
        self._agree()
        self._announce()
        for _hour in range(3):
            self._charge(5)
        self._book()
        self._charge(5)
        self.assertEqual(self._outcomes(), [(1, "done")])
        self.assertEqual(self.invoice.amount_residual, 200.0)

    def test_announced_once_however_often_it_runs(self):
        self._agree()
        for _hour in range(3):
            self._charge(2)
        self.assertEqual(len(self._communications(self.customer)), 1)
        self.assertEqual(len(self._deliver(self._in(2))), 1)

    def test_consent_close_to_the_date_is_announced_at_once_and_charged_a_day_later_at_the_earliest(self):
        self._agree(day=self._in(5))
        self.assertEqual(len(self._send_notice(5)), 1)
        self.assertEqual(self._charge(5), {})
        self.assertEqual(self._charge(6), {"charge": 1})

    def test_without_an_announcement_that_was_sent_nothing_is_charged(self):
        self._agree()
        self._charge(2)  # it waits in the queue
        self.assertEqual(self._charge(5), {})
        self._deliver(self._in(6))
        self.assertEqual((self._charge(6), self._charge(7)), ({}, {"charge": 1}))

    def test_who_cannot_be_notified_is_not_charged_and_the_collector_gets_a_task(self):
        self.customer.partner_id.email = False
        self._agree()
        self._charge(2)
        self.assertEqual(self._charge(5), {"announce": 1})
        self.assertFalse(self.plan.autopay_charge_ids)
        self.assertIn("(1/3)", self._tasks(self.customer, "address").summary)

    def test_excluded_and_paused_customers_are_notified_and_charged_as_agreed(self):
        for values in (
            {"excluded": True, "exclusion_reason": "Talks"},
            {"pause_until": self._in(90), "pause_reason": "Talks"},
        ):
            with self.subTest(values=values), self.env.cr.savepoint() as savepoint:
                self.customer.write(values)
                self._agree()
                self._announce()
                self.assertEqual(self._charge(5), {"charge": 1})
                savepoint.rollback()
                self.env.invalidate_all()

    def test_where_collections_are_switched_off_nothing_happens(self):
        self._agree()
        self.company.ar_active = False
        self.assertEqual(self._charge(5), {})

    def test_the_mail_names_amount_date_method_and_the_way_to_stop(self):
        self._agree()
        self._charge(2)
        (mail,) = self._deliver(self._in(2))
        for text in (
            "$ 100.00",
            "Jun 15, 2026",
            "4242",
            "change or stop",
            f"/plan/{self.plan.id}/method",
            "3 and 7 days",
        ):
            self.assertIn(text.replace("$ ", "$\xa0"), mail["body"].replace("&nbsp;", "\xa0"))


class TestAmounts(AutopayCase):
    def _charged(self):
        self._charge(5)
        return self.plan.autopay_charge_ids.mapped("amount")

    def test_what_the_customer_paid_meanwhile_is_not_charged(self):
        self._agree()
        self._announce()
        self._pay(self.invoice, 30)
        self.assertEqual(self._charged(), [70.0])

    def test_nothing_left_nothing_charged(self):
        self._agree()
        self._announce()
        self._pay(self.invoice, 100)
        self.assertEqual(self._charged(), [])

    def test_paid_between_announcement_and_sending_it_is_not_even_announced(self):
        self._agree()
        self._charge(2)
        self._pay(self.invoice, 100)
        self.assertEqual(self._deliver(self._in(2)), [])
        self.assertEqual(self.first.autopay_notice_id.cancel_reason, "outdated")

    def test_an_online_payment_on_its_way_counts_as_paid(self):
        self._agree()
        self._announce()
        self.env["payment.transaction"].sudo().create(
            {
                "provider_id": self.demo.id,
                "payment_method_id": self.card.id,
                "amount": 60,
                "currency_id": self.company.currency_id.id,
                "partner_id": self.customer.partner_id.id,
                "operation": "online_direct",
                "state": "pending",
                "last_state_change": datetime.combine(self._in(4), time(12)),
                "invoice_ids": [Command.set(self.invoice.ids)],
            }
        )
        self.assertEqual(self._charged(), [40.0])

    def test_never_more_than_was_announced(self):
        payment = self._pay(self.invoice, 30)
        self.plan.line_ids.residual_before = 300
        self._agree()
        self._announce()
        self.assertEqual(self.first.autopay_notice_amount, 70.0)
        payment.action_draft()
        self.assertEqual(self._charged(), [70.0])

    def test_a_disputed_part_is_not_charged(self):
        self._agree()
        self._announce()
        self.assertEqual(self._disputed(250), [50.0])

    def test_all_disputed_nothing_charged(self):
        self._agree()
        self._announce()
        self.assertEqual(self._disputed(300), [])

    def _disputed(self, amount):
        """Charge while that amount of the invoice is disputed."""
        read = type(self.env["ar.facts"])._read_exclusions

        def with_dispute(facts, customers, lines, today, scope):
            exclusions = read(facts, customers, lines, today, scope)
            for line in lines:
                exclusions[line.line_id].append(Exclusion("disputed", Decimal(amount)))
            return exclusions

        with patch.object(self.registry["ar.facts"], "_read_exclusions", with_dispute):
            return self._charged()

    def test_several_items_oldest_first_whatever_the_policy_states_about_parts(self):
        self.policy.allow_partial_payment = False
        newer = self._invoice(self.customer.partner_id, 1, 60)
        self.plan._set_state("cancelled", ended_on=self.TODAY)
        older = self._invoice(self.customer.partner_id, 30, 80)
        self.plan = self._plan(self.customer, newer, older, offsets=(5, 35))
        self.first = self.plan.installment_ids.sorted("date")[0]
        self._agree()
        self._announce()
        self.assertEqual(self._charged(), [70.0])
        self._book()
        self.assertEqual((older.amount_residual, newer.amount_residual), (10.0, 60.0))

    def test_in_a_foreign_currency(self):
        euro = self.env.ref("base.EUR")
        invoice = self._invoice(self.customer.partner_id, 5, 90, currency_id=euro.id)
        self.plan = self._plan(self.customer, invoice)
        self.first = self.plan.installment_ids.sorted("date")[0]
        self._agree()
        self._announce()
        self._charge(5)
        self.assertEqual((self.plan.autopay_charge_ids.amount, self.plan.autopay_charge_ids.currency_id), (30.0, euro))
        self._book()
        self.assertEqual(invoice.amount_residual, 60.0)

    def test_after_a_refund_it_is_not_taken_again(self):
        self._agree()
        self._announce()
        self._charge(5)
        self._book()
        self.plan.autopay_charge_ids.transaction_id.payment_id.move_id.line_ids.remove_move_reconcile()
        self.assertEqual(self.invoice.amount_residual, 300.0)
        for days in (6, 12, 30):
            self._send_notice(days)
        self.assertEqual(self._outcomes(), [(1, "done")])


class TestReminderSchedule(AutopayCase):
    """Before a charge no reminder asks for a manual payment; without a charge the reminder is friendly."""

    def _assert_reminded(self, expected):
        """Run days 0 to 20 after TODAY; compare {day: subjects} of the reminders."""
        sent = {}
        for days in range(21):
            subjects = [mail["subject"].removeprefix(f"{self.company.name}: ") for mail in self._day(self._in(days))]
            self._charge(days)
            self._book()
            subjects += [m["subject"].removeprefix(f"{self.company.name}: ") for m in self._deliver(self._in(days))]
            if subjects:
                sent[days] = subjects
        self.assertEqual(sent, expected)

    def test_charged_the_customer_is_notified_of_the_announcement_alone(self):
        self._agree()
        self._assert_reminded({2: ["your next automatic payment"]})

    def test_cancelled_the_friendly_reminder_comes_in_its_time(self):
        self.token.demo_simulated_state = "cancel"
        self._agree()
        self._assert_reminded(
            {
                2: ["your next automatic payment"],
                6: ["your automatic payment did not go through"],
                7: ["a reminder of your installment"],  # the announcement was no contact
            }
        )

    def test_staff_read_why_it_is_excluded(self):
        self._agree()
        self._run(self._in(6))
        self.assertCode(self.customer, "autopay_agreed")

    def test_without_consent_the_installment_is_sent(self):
        self._run(self._in(2))
        self.assertCode(self.customer, "step_reached")

    def test_a_charge_that_does_not_come_about_excludes_nobody(self):
        self._agree()
        self._run(self._in(7))
        self.assertCode(self.customer, "step_reached")


class TestRules(AutopayCase):
    def test_nonsense_in_the_policy_is_refused_with_the_way_out(self):
        for text in ("7, 3", "soon", "1,2,3,4,5,6", "99"):
            with self.subTest(text=text), self.assertRaisesRegex(ValidationError, "3, 7"):
                self.policy.autopay_retry_days = text
        self.policy.autopay_retry_days = False
        self.assertEqual(self.policy._get_autopay_rules().retry_days, ())

    def test_only_collectors_stop_and_settle(self):
        self._agree()
        for user in (self._user("auditor"), self.internal_user):
            with self.subTest(user=user.login), self.assertRaises(UserError):
                self.plan.with_user(user).action_stop_autopay()

    def test_auditors_read_attempts_and_consent_and_change_nothing(self):
        self._agree()
        self._announce()
        self._charge(5)
        auditor = self._user("auditor")
        plan = self.plan.with_user(auditor)
        shown = ["amount", "reference", "code", "message", "outcome", "can_settle", "installment_id"]
        self.assertEqual(plan.autopay_charge_ids.read(shown)[0]["amount"], 100.0)
        self.assertIn("4242", plan.autopay_method)
        self.assertTrue(plan.autopay_consent_ids.read(["name", "text", "method"]))
        for press in (plan.autopay_charge_ids.action_mark_paid, plan.autopay_charge_ids.action_mark_failed):
            with self.assertRaises(UserError):
                press()

    def test_an_installment_is_not_reminded_while_the_bank_may_still_answer(self):
        self.token.demo_simulated_state = "pending"
        self._agree()
        self._announce()
        self._charge(5)
        self._run(self._in(15))
        self.assertCode(self.customer, "autopay_agreed")

    def test_two_in_flight_are_refused_by_the_database(self):
        self.token.demo_simulated_state = "pending"
        self._agree()
        self._announce()
        self._charge(5)
        case = self.first._get_autopay_cases()[self.first]
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.plan.autopay_charge_ids.copy(
                {"number": 9, "transaction_id": self.plan.autopay_charge_ids.transaction_id.id}
            )
            self.env.flush_all()
        self.assertTrue(case.in_flight)

    def test_the_job_runs_hourly_from_the_companys_hour_on(self):
        cron = self.env.ref("ar_collections.ir_cron_run_autopay")
        self.assertEqual(
            (cron.interval_number, cron.interval_type, cron.user_id), (1, "hours", self.env.ref("base.user_root"))
        )
        self._agree()
        self._announce()
        self.company.ar_run_hour = 9
        self.company.resource_calendar_id.tz = "UTC"
        for hour, charges in ((8, 0), (9, 1), (10, 1)):
            with freeze_time(datetime.combine(self._in(5), time(hour, 30))), self.enter_registry_test_mode():
                cron.method_direct_trigger()
            self.env.invalidate_all()
            self.assertEqual(len(self.plan.autopay_charge_ids), charges, hour)

    def test_looking_costs_the_same_for_one_and_for_many(self):
        self._agree()
        counts = []
        for number in (0, 12):
            for index in range(number):
                other, invoice = self._late(name=f"Payer {index}", email=f"p{index}@customer.example.com", amount=90)
                self._agree(self._saved_method(other.partner_id), self._plan(other, invoice))
            self.env.flush_all()
            self.env.invalidate_all()
            with self._on():
                before = self.env.cr.sql_log_count
                self.env["ar.payment.plan.installment"]._run_autopay(self.company)
                counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 5)
