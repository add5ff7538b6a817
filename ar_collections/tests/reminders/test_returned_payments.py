"""A payment that came back: the very next step follows, after its interval, and the collector learns of it."""

from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from ...models.customers.core_flow import ignore_failure
from ..common import ArCommon


class TestReturnedPayments(ArCommon):
    REMINDED = date(2026, 6, 4)
    PAID = date(2026, 6, 5)
    BACK = date(2026, 8, 5)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late(overdue_days=9)

    def _reminded_and_paid(self, amount=None):
        """Send the friendly reminder, then book a payment; return it."""
        self._day(self.REMINDED)
        with self._on(self.PAID):
            return self._pay(self.invoice, amount, day=self.PAID)

    def _comes_back(self, payment, day=None):
        with self._on(day or self.BACK):
            payment.action_draft()
            payment.action_cancel()

    def _sent_from(self, first, days=21):
        """Run day after day; return [(day, days of the step)] of what was sent."""
        for number in range(days):
            self._day(first + timedelta(days=number))
            waiting = self._communications(self.customer).sudo().filtered(lambda message: message.state == "planned")
            waiting._set_state("sent")
        sent = self._communications(self.customer).filtered(lambda message: message.date_sent >= first)
        return [(message.date_sent, message.step_id.days) for message in sent]

    def _returned(self):
        return self.env["ar.returned.payment"].search([("customer_id", "=", self.customer.id)])

    def test_the_next_step_follows_after_its_interval(self):
        self._comes_back(self._reminded_and_paid())
        self.assertEqual(self._sent_from(self.BACK, 27), [(self.BACK + timedelta(days=7), 10), (date(2026, 8, 24), 20)])

    def test_the_invoice_and_the_customer_announce_it(self):
        self._comes_back(self._reminded_and_paid())
        self._run(self.BACK)
        self.assertCode(self.customer, "already_sent")
        self.assertEqual((self.customer.next_date, self.customer.next_step_id), (date(2026, 8, 12), self.firm))
        with self._on(self.BACK):
            self.assertEqual(self.invoice.ar_next_step_date, date(2026, 8, 12))

    def test_the_collector_gets_one_task_that_says_what_was_said(self):
        payment = self._reminded_and_paid()
        number = payment.move_id.name
        self._comes_back(payment)
        self._run(self.BACK)
        self._run(self.BACK + timedelta(days=1))
        task = self._tasks(self.customer, "returned")
        self.assertEqual((len(task), task.user_id), (1, self.collector))
        self.assertIn("100.00", task.summary)
        for part in (self.invoice.name, number, "Aug 5, 2026", self.friendly.name, "Jun 4, 2026"):
            self.assertIn(part, task.note.replace("08/05/2026", "Aug 5, 2026").replace("06/04/2026", "Jun 4, 2026"))

    def test_the_timeline_shows_it(self):
        self._comes_back(self._reminded_and_paid())
        self._run(self.BACK)
        entries = self.env["ar.timeline.entry"].search([("customer_id", "=", self.customer.id)])
        self.assertEqual([entry.kind for entry in entries], ["returned", "email"])
        self.assertEqual((entries[0].amount_total, entries[0].date), (100.0, self.BACK))
        self.assertIn("came back", entries[0].body)

    def test_never_reminded_before_it_enters_at_the_entry_step_after_the_gap(self):
        self.policy.minimum_gap_days = 2
        with self._on(date(2026, 5, 29)):
            payment = self._pay(self.invoice, day=date(2026, 5, 29))
        self._comes_back(payment)
        self.assertEqual(self._sent_from(self.BACK, 3), [(date(2026, 8, 7), 3)])

    def test_a_part_that_came_back(self):
        self._comes_back(self._reminded_and_paid(40.0), day=date(2026, 6, 9))
        self.assertEqual(self._sent_from(date(2026, 6, 9), 10), [(date(2026, 6, 16), 10)])
        self.assertEqual(self._communications(self.customer)[-1:].line_ids.amount_left, 100)

    def test_of_a_deleted_invoice_no_reminder_of_another_is_named(self):
        self._day(self.REMINDED)
        lines = self._communications(self.customer).line_ids
        self.env.cr.execute("UPDATE ar_communication_line SET move_id = NULL WHERE id = ANY(%s)", [lines.ids])
        self.env.invalidate_all()
        payment = {"customer_id": self.customer.id, "currency_id": self.company.currency_id.id, "amount": 5}
        returned = self.env["ar.returned.payment"].sudo().create({**payment, "date": self.BACK})
        self.assertEqual(returned._get_last_reminder_text(), "No reminder was sent before.")

    def test_it_came_back_twice(self):
        self._comes_back(self._reminded_and_paid())
        self._run(self.BACK)
        again = self.BACK + timedelta(days=5)
        with self._on(self.BACK + timedelta(days=1)):
            payment = self._pay(self.invoice, day=self.BACK + timedelta(days=1))
        self._comes_back(payment, day=again)
        self.assertEqual(self._sent_from(again, 10), [(again + timedelta(days=7), 10)])
        self.assertEqual(self._returned().mapped("state"), ["returned", "returned"])

    def test_a_credit_note_that_is_undone(self):
        self._day(self.REMINDED)
        note = self._invoice(self.customer.partner_id, 5, move_type="out_refund")
        (self._debt(self.invoice) + self._debt(note)).reconcile()
        with self._on(self.BACK):
            note.button_cancel()
        self._run(self.BACK)
        self.assertCode(self.customer, "already_sent")
        self.assertIn("Credit undone", self._tasks(self.customer, "returned").summary)

    def test_a_refund_of_ours_that_is_undone_is_no_returned_payment(self):
        note = self._invoice(self.customer.partner_id, 5, move_type="out_refund")
        with self._on(self.PAID):
            refund = self._pay(note, day=self.PAID)
        self.assertTrue(self._debt(note).reconciled)
        with self._on(self.BACK):
            refund.move_id.line_ids.remove_move_reconcile()
            self.assertFalse(self._returned())
            note.button_cancel()
        self._run(self.BACK)
        self.assertFalse(self._tasks(self.customer, "returned"))

    def test_what_is_undone_on_a_non_trade_account_is_no_returned_payment(self):
        advances = self.company_data["default_account_receivable"].copy({"code": "REC9", "non_trade": True})
        self.customer.partner_id.property_account_receivable_id = advances
        self.invoice = self._invoice(self.customer.partner_id, 9)
        self.assertEqual(self._debt(self.invoice).account_id, advances)
        with self._on(self.PAID):
            payment = self._pay(self.invoice, day=self.PAID)
        self._comes_back(payment)
        self.assertFalse(self._returned())

    def test_reversed_by_an_entry(self):
        payment = self._reminded_and_paid()
        with self._on(self.BACK):
            payment.move_id._reverse_moves([{"date": self.BACK}], cancel=True)
        self._run(self.BACK)
        self.assertCode(self.customer, "already_sent")
        self.assertTrue(self._tasks(self.customer, "returned"))

    def test_matched_anew_on_the_same_day_it_did_not_come_back(self):
        payment = self._reminded_and_paid(40.0)
        lines = self._debt(self.invoice) + payment.move_id.line_ids.filtered(
            lambda line: line.account_id == self._debt(self.invoice).account_id
        )
        with self._on(date(2026, 6, 8)):
            lines.remove_move_reconcile()
            self.assertEqual(self._returned().state, "new")
            lines.reconcile()
        self.assertFalse(self._returned())
        self.assertEqual(self._sent_from(date(2026, 6, 8), 7), [(date(2026, 6, 11), 10)])
        self.assertFalse(self._tasks(self.customer, "returned"))

    def test_applied_to_another_invoice_nothing_came_back(self):
        payment = self._reminded_and_paid()
        other = self._invoice(self.customer.partner_id, -20)
        money = payment.move_id.line_ids.filtered(lambda line: line.account_id == self._debt(other).account_id)
        with self._on(self.BACK):
            money.remove_move_reconcile()
            (money + self._debt(other)).reconcile()
        self._run(self.BACK)
        self.assertFalse(self._tasks(self.customer, "returned"))
        self.assertEqual(self._returned().state, "moved")
        self.assertCode(self.customer, "already_sent")

    def test_unapplied_first_and_canceled_the_next_day_the_collector_learns_of_it_then(self):
        payment = self._reminded_and_paid()
        with self._on(self.BACK):
            payment.move_id.line_ids.remove_move_reconcile()
        self._run(self.BACK)
        self.assertCode(self.customer, "covered_by_credit")
        self.assertFalse(self._tasks(self.customer, "returned"))
        self._comes_back(payment, day=self.BACK + timedelta(days=1))
        self._run(self.BACK + timedelta(days=1))
        self.assertTrue(self._tasks(self.customer, "returned"))

    def test_a_payment_in_draft_still_counts(self):
        payment = self._reminded_and_paid()
        with self._on(self.BACK):
            payment.action_draft()
        self._run(self.BACK)
        self.assertFalse(self._returned())
        self.assertFalse(self._tasks(self.customer, "returned"))

    def _match_transaction(self):
        """Match a bank transaction with the invoice; return it."""
        account = self._debt(self.invoice).account_id
        transaction = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": self.PAID,
                "payment_ref": "Transfer",
                "partner_id": self.customer.partner_id.id,
                "amount": 100.0,
            }
        )
        _liquidity, suspense, _other = transaction._seek_for_lines()
        suspense.account_id = account
        (transaction.line_ids + self._debt(self.invoice)).filtered(lambda line: line.account_id == account).reconcile()
        return transaction

    def test_the_match_of_a_bank_transaction_is_undone_and_then_the_transaction_deleted(self):
        self._day(self.REMINDED)
        with self._on(self.PAID):
            transaction = self._match_transaction()
        self.assertTrue(self._debt(self.invoice).reconciled)
        with self._on(self.BACK):
            transaction.action_undo_reconciliation()
        self._run(self.BACK)
        self.assertCode(self.customer, "already_sent")
        self.assertFalse(self._tasks(self.customer, "returned"), "the money is there")
        with self._on(self.BACK + timedelta(days=1)):
            transaction.unlink()
        self._run(self.BACK + timedelta(days=1))
        self.assertTrue(self._tasks(self.customer, "returned"))

    def test_while_a_promise_is_open_it_holds_until_its_day(self):
        payment = self._reminded_and_paid(40.0)
        with self._on(date(2026, 6, 8)):
            self.customer._promise(date(2026, 6, 15), {self._debt(self.invoice).id: None})
        self._comes_back(payment, day=date(2026, 6, 9))
        self._run(date(2026, 6, 9))
        self.assertTrue(self._tasks(self.customer, "returned"))
        facts = self.env["ar.facts"]._gather(self.customer, date(2026, 6, 9))[self.customer.id]
        self.assertEqual([exclusion.code for exclusion in facts.items[0].exclusions], ["promise_open"])

    def _pay_without_entry(self, day=None, **values):
        """Pay as in an Odoo with its accounting application: the payment waits for its bank statement."""
        moves = self.registry["account.move"]
        self.enterContext(patch.object(moves, "_get_invoice_in_payment_state", lambda _moves: "in_payment"))
        self.company_data["default_journal_bank"].inbound_payment_method_line_ids.payment_account_id = False
        with self._on(day or self.PAID):
            payment = self._pay(self.invoice, day=day or self.PAID)
        self.assertFalse(payment.move_id)
        return payment

    def _reject_payment_without_entry(self):
        payment = self._pay_without_entry()
        with self._on(self.BACK):
            payment.action_reject()

    def test_rejected_for_a_non_trade_account_it_is_no_returned_payment(self):
        advances = self.company_data["default_account_receivable"].copy({"code": "REC9", "non_trade": True})
        self.customer.partner_id.property_account_receivable_id = advances
        self.invoice = self._invoice(self.customer.partner_id, 9)
        self._reject_payment_without_entry()
        self.assertFalse(self._returned())

    def test_a_payment_without_an_entry_is_rejected(self):
        self._day(self.REMINDED)
        self._reject_payment_without_entry()
        self._run(self.BACK)
        self.assertCode(self.customer, "already_sent")
        self.assertIn("100.00", self._tasks(self.customer, "returned").summary)

    def test_a_payment_without_an_entry_is_reset_and_canceled(self):
        """The only way where it was not marked as sent; in draft it has not come back yet."""
        self._day(self.REMINDED)
        payment = self._pay_without_entry()
        with self._on(self.BACK):
            payment.action_draft()
            self.assertEqual((self._returned().state, self._returned().amount), ("new", 100.0))
            payment.action_post()
            self.assertFalse(self._returned())
            payment.action_validate()
            payment.action_draft()
        self._run(self.BACK)
        self.assertCode(self.customer, "already_sent")
        self.assertFalse(self._tasks(self.customer, "returned"))
        payment.action_cancel()
        self._run(self.BACK + timedelta(days=1))
        self.assertIn("100.00", self._tasks(self.customer, "returned").summary)
        self.assertEqual(self._returned().state, "returned")

    def test_payments_without_an_entry_that_are_deleted_or_replaced(self):
        self._day(self.REMINDED)
        self._reject_payment_without_entry()
        replacement = self._pay_without_entry(day=self.BACK)
        replacement.amount = 60  # what is left of the payment after a chargeback of a part of it
        self.assertFalse(self._returned().sudo()._find_over())
        self.assertEqual(self._returned().amount, 40.0)
        replacement.amount = 100
        self._run(self.BACK)
        self.assertFalse(self._tasks(self.customer, "returned"))
        self.assertFalse(self._returned())
        self.env.cr.execute("UPDATE account_payment SET create_date = %s", [f"{self.BACK} 12:00:00"])
        self.env.invalidate_all()
        with self._on(self.BACK):
            replacement.action_draft()  # registered today, for the wrong invoice
        self.assertFalse(self._returned())
        with self._on(self.BACK + timedelta(days=1)):
            replacement.action_post()
            foreign = self.env["res.currency"].with_context(active_test=False).search([("name", "=", "GBP")])
            foreign.rate_ids = [(5,), (0, 0, {"name": "2026-01-01", "rate": 0.5, "company_id": self.company.id})]
            replacement.action_draft()
            replacement.write({"currency_id": foreign.id, "amount": 40})
            replacement.action_post()
            replacement.unlink()
        self.assertEqual((self._returned().amount, self._returned().currency_id), (80.0, self.company.currency_id))
        self._run(self.BACK + timedelta(days=1))
        self.assertIn("80.00", self._tasks(self.customer, "returned").summary)

    def test_payments_without_an_entry_that_were_registered_twice_or_split(self):
        self._day(self.REMINDED)
        first, second = (self._pay_without_entry() for _time in range(2))
        with self._on(self.BACK):
            first.action_draft()
            first.action_cancel()
        self._run(self.BACK)
        self.assertFalse(self._tasks(self.customer, "returned") or self._returned())
        other = self._invoice(self.customer.partner_id, 9, 50.0)
        with self._on(self.BACK):
            second.action_draft()
            second.write({"amount": 150, "invoice_ids": [(4, other.id)]})
            second.action_post()
            halves = [
                second.copy({"amount": 75, "invoice_ids": [(6, 0, (self.invoice + other).ids)]}) for _part in "12"
            ]
            halves[0].action_post()
            second.unlink()
            halves[1].action_post()
        self.assertEqual(sorted(self._returned().mapped("amount")), [50.0, 100.0])
        self._run(self.BACK)
        self.assertFalse(self._tasks(self.customer, "returned") or self._returned())
        with self._on(self.BACK + timedelta(days=1)):
            halves[0].action_reject()
        self._run(self.BACK + timedelta(days=1))
        self.assertEqual(sum(self._returned().mapped("amount")), 75.0)

    def test_matched_and_undone_on_one_day_of_the_company(self):
        """That is a correction, also where it is another day in UTC."""
        self.company.resource_calendar_id.tz = "Pacific/Auckland"
        with freeze_time("2026-06-09 21:30:00"):  # 9:30 on June 10 there
            payment = self._pay(self.invoice, day=date(2026, 6, 10))
            self.env.cr.execute("UPDATE account_partial_reconcile SET create_date = '2026-06-09 21:30:00'")
            payment.action_draft()
            payment.action_cancel()
        self.assertEqual(self.invoice.payment_state, "not_paid")
        self.assertFalse(self._returned())

    def test_without_a_role_of_ours_the_payment_can_be_undone(self):
        flow = "odoo.addons.ar_collections.models.reminders.returned_payments.account_payment.ignore_failure"
        with patch(flow, wraps=ignore_failure) as ours:
            payment = self._reminded_and_paid()
        self.assertFalse([call for call in ours.call_args_list if call.kwargs.get("writes", True)])  # costs a flush
        bookkeeper = self._user(
            "auditor", login="books", group_ids=[(6, 0, [self.env.ref("account.group_account_manager").id])]
        )
        self._comes_back(payment.with_user(bookkeeper))
        self.assertEqual(self._returned().amount, 100.0)
