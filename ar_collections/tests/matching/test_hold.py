from datetime import date, timedelta
from unittest.mock import patch

from odoo import Command

from ..customers.owed.common_owed import ArOwedCommon
from .common_matching import ArMatchingCommon


class TestHold(ArMatchingCommon):
    """While money of the customer is not matched, automatic reminders wait; the collector gets a task, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late(4, 100.0)
        cls.partner = cls.customer.partner_id

    def _day_after(self, days):
        return self.TODAY + timedelta(days=days)

    def _balances_entry(self, *partners):
        """Post the opening balances of the customers as one entry."""
        receivable, other = (self.company_data[f"default_account_{kind}"].id for kind in ("receivable", "revenue"))
        debts = [{"account_id": receivable, "partner_id": partner.id, "balance": 50.0} for partner in partners]
        values = [*debts, {"account_id": other, "balance": -50.0 * len(debts)}]
        lines = [Command.create(line) for line in values]
        entry = self.env["account.move"].create({"move_type": "entry", "date": self.TODAY, "line_ids": lines})
        entry.action_post()
        return entry

    def _sent(self, day=None):
        return [dict(mail) for mail in self._day(day)]

    def test_a_payment_in_another_currency_holds_the_reminder(self):
        self._payment(self.partner, 200.0, currency=self.dollar)
        self.assertFalse(self._sent())
        self.assertCode(self.customer, "unmatched_payment")
        self.assertEqual(self.customer.held_until, date(2026, 6, 13))

    def test_a_bank_statement_line_of_the_customer_holds_the_reminder(self):
        self._statement_line(100.0, partner_id=self.partner.id)
        self.assertFalse(self._sent())
        self.assertCode(self.customer, "unmatched_payment")

    def test_a_statement_line_of_a_person_of_the_customer_holds_the_reminder(self):
        person = self.env["res.partner"].create({"name": "Person", "parent_id": self.partner.id})
        self._statement_line(100.0, partner_id=person.id)
        self._run()
        self.assertCode(self.customer, "unmatched_payment")

    def test_a_statement_line_with_the_customers_bank_account_holds_the_reminder(self):
        self.env["res.partner.bank"].create(
            {"acc_number": "IE29 AIBK 9311 5212 3456 78", "partner_id": self.partner.id}
        )
        self._statement_line(60.0, account_number="ie29aibk93115212345678")
        self._run()
        self.assertCode(self.customer, "unmatched_payment")

    def test_a_bank_account_of_two_customers_holds_nothing(self):
        other, _invoice = self._late(4, name="Other Payer", email="other@customer.example.com")
        for partner in (self.partner, other.partner_id):
            self.env["res.partner.bank"].create({"acc_number": "IE29AIBK93115212345678", "partner_id": partner.id})
        self._statement_line(60.0, account_number="IE29AIBK93115212345678")
        self._run()
        self.assertCode(self.customer, "step_reached")

    def test_a_statement_line_that_names_the_invoice_holds_the_reminder(self):
        self._statement_line(100.0, f"SEPA {self.invoice.name.lower().replace('/', ' ')} thanks")
        self._run()
        self.assertCode(self.customer, "unmatched_payment")

    def test_a_statement_line_that_names_the_structured_reference_holds_the_reminder(self):
        self.invoice.payment_reference = "RF18539007547034"
        self._statement_line(100.0, "RF18 5390 0754 7034")
        self._run()
        self.assertCode(self.customer, "unmatched_payment")

    def test_the_number_of_an_entry_with_several_debtors_holds_nothing(self):
        other, _invoice = self._late(4, name="Other Payer", email="other@customer.example.com")
        entry = self._balances_entry(self.partner, other.partner_id)
        self._statement_line(50.0, f"Transfer {entry.name}")
        self._run()
        self.assertCode(self.customer, "step_reached")
        self.assertCode(other, "step_reached")

    def test_the_name_of_the_payer_alone_holds_nothing(self):
        self._statement_line(100.0, partner_name=self.partner.name)
        self._run()
        self.assertCode(self.customer, "step_reached")

    def test_a_statement_line_of_another_customer_or_outgoing_holds_nothing(self):
        other, _invoice = self._late(4, name="Other Payer", email="other@customer.example.com")
        self._statement_line(100.0, partner_id=other.partner_id.id)
        self._statement_line(-100.0, partner_id=self.partner.id)
        self._run()
        self.assertCode(self.customer, "step_reached")
        self.assertCode(other, "unmatched_payment")

    def test_a_part_payment_for_the_reminded_invoice_holds_the_reminder(self):
        self._invoice(self.partner, 10, 300.0)
        self._payment(self.partner, 100.0, memo=self.invoice.name)
        self._run()
        self.assertCode(self.customer, "unmatched_payment")

    def test_a_credit_note_for_the_reminded_invoice_holds_the_reminder(self):
        self._invoice(self.partner, 10, 300.0)
        note = self._invoice(self.partner, 0, 40.0, move_type="out_refund", ref=f"Reversal of: {self.invoice.name}")
        self._book(note)
        self._run()
        self.assertCode(self.customer, "unmatched_payment")

    def test_a_payment_of_another_company_of_the_group_for_the_invoice_holds_the_reminder(self):
        parent = self._partner(name="Parent Group", email="group@customer.example.com")
        sister = self._partner(name="Sister", email="sister@customer.example.com", parent_id=parent.id)
        self.partner.parent_id = parent
        self._payment(sister, 100.0)
        self._run()
        self.assertCode(self.customer, "step_reached")
        self._payment(sister, 30.0, memo=self.invoice.name)
        self.env["ar.communication"].search([]).sudo()._cancel("rejected")
        self._run()
        self.assertCode(self.customer, "unmatched_payment")

    def test_a_statement_line_of_the_parent_for_the_invoice_holds_the_reminder(self):
        parent = self._partner(name="Parent Group", email="group@customer.example.com")
        self.partner.parent_id = parent
        self._statement_line(30.0, f"For {self.invoice.name}", partner_id=parent.id)
        self._run()
        self.assertCode(self.customer, "unmatched_payment")

    def test_a_payment_on_account_for_nothing_in_particular_is_deducted_as_before(self):
        self._payment(self.partner, 33.0)
        self._run()
        self.assertCode(self.customer, "step_reached")
        self.assertEqual(self._communications(self.customer).amount_total, 67.0)
        self.assertFalse(self._communications(self.customer).unmatched_payments)

    def test_a_payment_that_covers_everything_is_covered_by_credit_as_before(self):
        self._payment(self.partner, 100.0)
        self._run()
        self.assertCode(self.customer, "covered_by_credit")

    def test_the_hold_ends_after_the_days_and_the_message_names_the_payment(self):
        self._payment(self.partner, 200.0, currency=self.dollar)
        self._run()
        self.assertFalse(self._sent(self._day_after(2)))
        (mail,) = self._sent(self._day_after(5))  # a Monday
        self.assertIn("not matched", mail["body"])
        self.assertIn("200.00", mail["body"])
        self.assertIn("Jun 10, 2026", mail["body"])
        self.assertFalse(self.customer.held_until)

    def test_the_hold_ends_when_the_payment_is_matched(self):
        line = self._statement_line(20.0, partner_id=self.partner.id)
        self._run()
        self._rows(self.partner).action_apply() if self._rows(self.partner).suggestion_key else line.unlink()
        self._run(self._day_after(1))
        self.assertCode(self.customer, "step_reached")

    def test_a_line_imported_late_holds_from_the_day_of_the_import(self):
        self._statement_line(100.0, partner_id=self.partner.id, day=self._day_after(-6), booked=self.TODAY)
        self._run()
        self.assertCode(self.customer, "unmatched_payment")

    def test_a_payment_that_lies_there_for_long_holds_nothing(self):
        self._statement_line(100.0, partner_id=self.partner.id, day=self._day_after(-9))
        self._run()
        self.assertCode(self.customer, "step_reached")

    def test_the_collector_gets_one_task_which_closes_when_nothing_is_left(self):
        line = self._statement_line(100.0, partner_id=self.partner.id)
        self._run()
        self._run(self._day_after(1))
        task = self._tasks(self.customer, "match")
        self.assertEqual((len(task), task.user_id), (1, self.collector))
        line.unlink()
        self._run(self._day_after(2))
        self.assertFalse(self._tasks(self.customer, "match"))

    def test_the_task_of_a_merged_account_closes_when_nothing_is_left(self):
        group = self._partner(name="Group", email="group@customer.example.com")
        account = self._customer(group)
        line = self._statement_line(100.0, partner_id=self.partner.id)
        self._run()
        self.partner.write({"is_company": False, "parent_id": group.id})
        self.assertEqual(len(self._tasks(account, "match")), 1)
        self.assertEqual(account.match_task_date.date(), self.TODAY)
        line.unlink()
        self._run(self._day_after(1))
        self.assertFalse(self._tasks(account, "match"))

    def test_before_activation_there_is_no_task(self):
        self._statement_line(100.0, partner_id=self.partner.id)
        self.company.ar_active = False
        self._run()
        self.assertFalse(self._tasks(self.customer, "match"))
        self.company.ar_active = True
        self._run(self._day_after(1))
        self.assertEqual(len(self._tasks(self.customer, "match")), 1)

    def test_a_task_that_was_done_comes_back_for_new_money_alone(self):
        self._statement_line(100.0, partner_id=self.partner.id)
        self._run()
        self._tasks(self.customer, "match").action_feedback()
        self._run(self._day_after(1))
        self.assertFalse(self._tasks(self.customer, "match"))
        self._statement_line(7.0, partner_id=self.partner.id, day=self._day_after(1))
        self._run(self._day_after(2))
        self.assertEqual(len(self._tasks(self.customer, "match")), 1)

    def test_a_task_that_was_done_comes_back_for_money_entered_later_on_its_day(self):
        self._statement_line(100.0, partner_id=self.partner.id)
        self._run()
        self._tasks(self.customer, "match").action_feedback()
        line = self._statement_line(7.0, partner_id=self.partner.id)
        self._book(line.move_id, hour=18)
        self._run(self._day_after(1))
        self.assertEqual(len(self._tasks(self.customer, "match")), 1)

    def test_the_policy_may_mention_the_payment_only(self):
        self.policy.unmatched_payments = "mention"
        self._statement_line(55.0, partner_id=self.partner.id)
        (mail,) = self._sent()
        self.assertIn("not matched", mail["body"])
        self.assertIn("55.00", mail["body"])
        self.assertFalse(self._tasks(self.customer, "match"))

    def test_the_policy_may_ignore_it(self):
        self.policy.unmatched_payments = "ignore"
        self._statement_line(55.0, partner_id=self.partner.id)
        (mail,) = self._sent()
        self.assertNotIn("not matched", mail["body"])

    def test_a_message_that_waited_in_the_queue_is_cancelled_with_the_reason(self):
        self._run()
        self._statement_line(100.0, partner_id=self.partner.id)
        self.assertFalse(self._deliver())
        communication = self._communications(self.customer)
        self.assertEqual((communication.state, communication.cancel_reason), ("cancelled", "unmatched_payment"))

    def test_a_reminder_that_a_person_sends_is_not_held(self):
        self._statement_line(100.0, partner_id=self.partner.id)
        wizard = self.env["ar.preview"].create({"company_id": self.company.id, "date": self.TODAY})
        with self._on():
            wizard.action_preview()
            line = wizard.line_ids.filtered(lambda row: row.customer_id == self.customer)
            self.assertEqual((line.code, line.until), ("unmatched_payment", date(2026, 6, 13)))
            line.action_send_now()
        self.assertEqual(len(self._deliver()), 1)

    def test_the_next_contact_is_the_end_of_the_hold(self):
        self._statement_line(100.0, partner_id=self.partner.id)
        self._run()
        self.assertEqual(self.customer.next_date, date(2026, 6, 15))  # the 13th is a Saturday
        self.assertIn("until 06/13/2026", self.customer.next_text)

    def test_pages_that_decide_nothing_read_no_bank_statement(self):
        self._statement_line(100.0, partner_id=self.partner.id)
        with self._on(), patch.object(self.env.registry["ar.facts"], "_read_statement_lines") as read:
            self.customer._get_facts()
            self.customer.aging_html  # noqa: B018 - computed where it is read
        read.assert_not_called()

    def test_many_small_payments_do_not_hold_for_ever(self):
        for day in range(14):
            self._statement_line(0.01, partner_id=self.partner.id, day=self._day_after(day))
        self._run(self._day_after(13))
        self.assertCode(self.customer, "step_reached")

    def test_the_decision_costs_one_more_statement_for_many_customers(self):
        partners = self._partners(20)
        self._invoices(partners, 4)
        customers = self.env["ar.customer"].union(*(self._customer(partner) for partner in partners))
        for partner in partners:
            self._statement_line(100.0, partner_id=partner.id)
            self._payment(partner, 10.0)

        def count(some):
            self.env.invalidate_all()
            some.sudo()._decide(self.TODAY)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.sudo()._decide(self.TODAY)
            return self.env.cr.sql_log_count - before

        self.assertLessEqual(count(customers), count(customers[:1]) + 2)


class TestHoldRegistered(ArMatchingCommon, ArOwedCommon):
    """Money that was registered before the bank statement showed it is not missing: its invoice is taken care of."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late(4, 100.0)
        cls.partner = cls.customer.partner_id
        cls.paid = cls._invoice(cls.partner, 10, 300.0)

    def _pay(self):
        """Register the payment of the invoice, with an entry on the outstanding account."""
        payment = self._payment(self.partner, 300.0)
        lines = (payment.move_id | self.paid).line_ids
        lines.filtered(lambda line: line.account_id.account_type == "asset_receivable").reconcile()
        self.assertFalse(payment.is_matched)

    def test_a_line_whose_payment_was_registered_holds_nothing(self):
        self._pay()
        self._statement_line(300.0, partner_id=self.partner.id)
        self.assertEqual(self._requested(), 100)
        self.assertFalse(self._communications(self.customer).unmatched_payments)

    def test_a_payment_explains_one_line_of_its_amount(self):
        self._pay()
        self._statement_line(300.0, partner_id=self.partner.id)
        self._statement_line(300.0, partner_id=self.partner.id)
        self._run()
        self.assertCode(self.customer, "unmatched_payment")

    def test_a_line_of_another_amount_holds_the_reminder(self):
        self._pay()
        self._statement_line(299.0, partner_id=self.partner.id)
        self._run()
        self.assertCode(self.customer, "unmatched_payment")

    def test_a_line_whose_payment_is_pending_without_entry_holds_nothing(self):
        self._register(300.0, self.paid)
        self._statement_line(300.0, partner_id=self.partner.id)
        self.assertEqual(self._requested(), 100)

    def test_a_line_holds_where_its_payment_excludes_nothing_any_more(self):
        self._register(300.0, self.paid, day=self.TODAY - timedelta(days=20))
        self._statement_line(300.0, partner_id=self.partner.id)
        self._run()
        self.assertCode(self.customer, "unmatched_payment")
