from datetime import timedelta
from decimal import Decimal
from unittest.mock import patch

from odoo import Command
from odoo.tools import mute_logger

from ....messages import ITEM_STATUSES
from ...common import PROBLEM_LOG
from .common_owed import ArOwedCommon


class TestRegisteredPayments(ArOwedCommon):
    """Payments registered without a journal entry exclude what was paid, for five days by default.

    Odoo shows the invoice as "In Payment", whatever was paid of it, and the ledger shows nothing.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late(amount=100.0)
        cls.partner = cls.customer.partner_id

    def _in_days(self, days):
        return self.TODAY + timedelta(days=days)

    def test_the_whole_invoice_paid_is_not_reminded(self):
        self._register(100.0, self.invoice)
        self.assertIsNone(self._requested())
        self.assertCode(self.customer, "payment_pending")
        self.assertEqual((self.customer.balance, self.customer.overdue), (100, 100), "The books are the truth.")

    def test_only_the_paid_amount_is_excluded(self):
        self._register(60.0, self.invoice)
        self.assertEqual(self._requested(), 40)

    def test_several_payments_add_up(self):
        self._register(60.0, self.invoice)
        self._register(30.0, self.invoice, day=self._in_days(-1))
        self.assertEqual(self._requested(), 10)

    def test_more_than_everything_excludes_no_more(self):
        self._register(60.0, self.invoice)
        self._register(60.0, self.invoice)
        self.assertEqual(self._chased(), [0])

    def test_one_payment_for_several_invoices_is_spread_oldest_first(self):
        newer = self._invoice(self.partner, 3, 50.0)
        self._register(120.0, newer, self.invoice)
        self.assertEqual(self._chased(), [0, 30])

    def test_another_invoice_is_reminded(self):
        self._invoice(self.partner, 10, 50.0)
        self._register(100.0, self.invoice)
        self.assertEqual(self._chased(), [50, 0])
        self.assertEqual(self._requested(), 50)

    def test_what_a_payment_exceeds_its_invoice_by_covers_others(self):
        self._invoice(self.partner, 3, 50.0)
        self._register(130.0, self.invoice)
        self.assertEqual(self._chased(), [0, 20])

    def test_after_the_days_it_is_reminded_and_the_collector_knows_why(self):
        payment = self._register(100.0, self.invoice)
        self.assertIsNone(self._requested(day=self._in_days(5)))
        self.assertFalse(self._tasks(self.customer, "payment"))
        self.assertEqual(self._requested(day=self._in_days(6)), 100)
        task = self._tasks(self.customer, "payment")
        self.assertIn(payment.name or payment.memo or "100.00", task.summary)
        self.assertEqual(task.user_id, self.collector)

    def test_the_task_comes_once(self):
        self._register(100.0, self.invoice)
        for days in (5, 6):
            self._run(self._in_days(days))
        self._tasks(self.customer, "payment").unlink()
        for days in (7, 8):
            self._run(self._in_days(days))
        self.assertFalse(self._tasks(self.customer, "payment"))

    def test_before_activation_there_is_no_task(self):
        self._register(100.0, self.invoice)
        self.company.ar_active = False
        for days in (5, 6):
            self._run(self._in_days(days))
        self.assertFalse(self._tasks(self.customer, "payment"))

    def test_a_customer_whose_run_fails_that_night_is_told_of(self):
        self._register(100.0, self.invoice)
        self._run()
        outreach = type(self.env["ar.outreach"])
        with patch.object(outreach, "_perform", side_effect=ValueError("broken")), mute_logger(PROBLEM_LOG):
            self._run(self._in_days(6))
        self._run(self._in_days(7))
        self.assertIn("100.00", self._tasks(self.customer, "payment").summary)

    def test_the_first_run_tells_of_recent_payments_alone(self):
        self._register(30.0, self.invoice, day=self._in_days(-40), memo="Long ago")
        self._register(40.0, self.invoice, day=self._in_days(-8), memo="Lately")
        self.customer.sudo().decision_date = False
        self._run()
        task = self._tasks(self.customer, "payment")
        self.assertIn("40.00", task.summary)
        self.assertNotIn("30.00", task.summary)

    def test_the_task_names_a_few_payments_and_counts_the_others(self):
        for amount in (11.0, 12.0, 13.0, 14.0, 15.0):
            self._register(amount, self.invoice)
        for days in (5, 6):
            self._run(self._in_days(days))
        summary = self._tasks(self.customer, "payment").summary
        self.assertIn("13.00", summary)
        self.assertNotIn("14.00", summary)
        self.assertIn("and 2 more", summary)

    def test_the_days_are_those_of_the_policy(self):
        self.policy.pending_payment_days = 1
        self._register(100.0, self.invoice)
        self.assertIsNone(self._requested(day=self._in_days(1)))
        self.assertEqual(self._requested(day=self._in_days(2)), 100)

    def test_a_post_dated_payment_counts_until_the_days_after_its_date(self):
        self._register(100.0, self.invoice, day=self._in_days(10))
        self.assertIsNone(self._requested(day=self._in_days(15)))
        self.assertEqual(self._requested(day=self._in_days(16)), 100)

    def test_rejected_cancelled_and_draft_payments_count_for_nothing(self):
        for action in ("action_reject", "action_cancel", "action_draft"):
            with self.subTest(action=action):
                payment = self._register(100.0, self.invoice)
                getattr(payment, action)()
                self.assertEqual(self._chased(), [100])

    def test_deleted_it_counts_for_nothing(self):
        payment = self._register(100.0, self.invoice)
        payment.action_draft()
        payment.unlink()
        self.assertEqual(self._chased(), [100])

    def test_the_next_contact_is_foreseen(self):
        self._register(100.0, self.invoice)
        self._run()
        self.env.invalidate_all()
        self.assertEqual(self.customer.next_date, self._in_days(6))

    def test_marked_as_paid_it_counts_while_nothing_is_booked(self):
        payment = self._register(60.0, self.invoice)
        payment.action_validate()
        self.env.flush_all()
        self.assertEqual(self.invoice.payment_state, self.invoice._get_invoice_in_payment_state())
        self.assertEqual(self._chased(), [40])
        credit = self._entry(self.partner, -30.0)
        (credit | self._debt(self.invoice)).reconcile()
        self.env.flush_all()
        self.assertEqual(self._chased(), [70], "What is booked since may be the money of the payment.")
        part = self._debt(self.invoice).matched_credit_ids
        self.env.cr.execute("UPDATE account_partial_reconcile SET create_date = create_date - INTERVAL '1 day'")
        self.env.invalidate_all()
        self.assertEqual((float(part.amount), self._chased()), (30, [10]), "It was booked before.")

    def test_the_money_matched_with_the_invoice_does_not_count_twice(self):
        payment = self._register(60.0, self.invoice)
        with self._without_entries():
            payment.action_validate()
            line = self._entry(self.partner, -60.0, journal=self.company_data["default_journal_bank"])
            (line | self._debt(self.invoice)).reconcile()
            self.env.flush_all()
        self.assertEqual(self._chased(), [40])

    def test_a_payment_of_ours_for_a_vendor_bill_is_none(self):
        self._register(100.0, partner_type="supplier", payment_type="outbound")
        self.assertEqual(self._chased(), [100])

    def test_in_another_currency_the_worth_of_it_is_excluded(self):
        currency = self._currency(rate=2.0)
        self._register(120.0, self.invoice, currency_id=currency.id)
        self.assertEqual(self._chased(), [40])

    def _currency(self, rate):
        rates = [Command.create({"name": "2020-01-01", "rate": rate, "company_id": self.company.id})]
        return self.env["res.currency"].create({"name": "XTS", "symbol": "X", "rate_ids": rates})

    def test_beside_a_dispute_both_are_left_out(self):
        reason = self.env["ar.dispute.reason"].search([], limit=1)
        with self._on():
            self.env["ar.dispute"].sudo()._raise_dispute(
                self.customer, reason, {self._debt(self.invoice).id: Decimal(30)}, "Too dear"
            )
        self._register(60.0, self.invoice)
        self.assertEqual(self._chased(), [10])

    def test_a_waiting_reminder_is_cancelled(self):
        self._run()
        self._register(100.0, self.invoice)
        self.assertEqual(len(self._deliver()), 0)
        log = self._communications(self.customer)
        self.assertEqual((log.state, log.cancel_reason), ("cancelled", "payment_pending"))

    def test_what_a_payment_leaves_within_the_tolerance_is_not_reminded(self):
        self._register(98.0, self.invoice)
        self.assertEqual(self._chased(), [0])
        self.assertEqual(self._requested(day=self._in_days(6)), 100)

    def _discounted_invoice(self):
        """Return an invoice of 10,000 with 2 % for payment in ten days; its customer becomes the one of the test."""
        term = self.env["account.payment.term"].create(
            {
                "name": "2 % in ten days",
                "early_discount": True,
                "discount_days": 10,
                "discount_percentage": 2,
                "line_ids": [Command.create({"value": "percent", "value_amount": 100, "nb_days": 30})],
            }
        )
        invoice = self._invoice(self._partner(name="Discounted"), 0, 10000.0, invoice_payment_term_id=term.id)
        self.customer = self._customer(invoice.partner_id)
        return invoice

    def test_a_payment_of_something_else_in_time_earns_no_discount(self):
        invoice = self._discounted_invoice()
        self._register(9800.0, invoice, day=invoice.invoice_date + timedelta(days=11))
        other = self._invoice(invoice.partner_id, 0, 10.0)
        self._register(10.0, other, day=invoice.invoice_date + timedelta(days=2))
        self.assertIn(200, self._chased(day=invoice.invoice_date + timedelta(days=11)))

    def test_the_discount_of_a_payment_registered_in_time_is_not_reminded(self):
        invoice = self._discounted_invoice()
        payment = self._register(9800.0, invoice, day=invoice.invoice_date + timedelta(days=10))
        self.assertEqual(self._chased(day=payment.date), [0])
        payment.date = invoice.invoice_date + timedelta(days=11)
        self.assertEqual(self._chased(day=payment.date), [200])

    def test_registered_at_head_office_it_counts_for_the_invoice_of_a_branch(self):
        branch = self.env["res.company"].sudo().create({"name": "Branch", "parent_id": self.company.id})
        self.env.user.company_ids |= branch
        self.partner.with_company(branch).property_account_receivable_id = self.company_data[
            "default_account_receivable"
        ]
        journal = self.company_data["default_journal_sale"]
        invoice = self._invoice(self.partner, 10, 70.0, company=branch.sudo(False), journal_id=journal.id)
        self._register(70.0, invoice)
        self.assertEqual(self._chased(self._customer(self.partner, branch)), [0])
        self.assertEqual(self._chased(), [100])

    # === ON ACCOUNT === #

    def test_a_payment_on_account_covers_the_oldest_items(self):
        self._invoice(self.partner, 3, 50.0)
        self._register(120.0)
        self.assertEqual(self._chased(), [0, 30])
        self.assertEqual(self._requested(), 30)

    def test_on_account_it_ends_after_the_days_too(self):
        self._register(100.0)
        self.assertIsNone(self._requested(day=self._in_days(5)))
        self.assertEqual(self._requested(day=self._in_days(6)), 100)
        self.assertTrue(self._tasks(self.customer, "payment"))

    def test_on_account_of_a_contact_it_counts_for_the_customer(self):
        contact = self._partner(name="Accounts", is_company=False, parent_id=self.partner.id)
        self._register(100.0, partner=contact)
        self.assertEqual(self._chased(), [0])

    def test_on_account_of_another_customer_it_does_not(self):
        self._register(100.0, partner=self._partner(name="Somebody Else"))
        self.assertEqual(self._chased(), [100])

    def test_on_account_in_another_currency_it_covers_nothing(self):
        self._register(100.0, currency_id=self._currency(rate=2.0).id)
        self.assertEqual(self._chased(), [100])

    def test_on_account_it_covers_what_is_not_disputed(self):
        newer = self._invoice(self.partner, 3, 50.0)
        reason = self.env["ar.dispute.reason"].search([], limit=1)
        with self._on():
            self.env["ar.dispute"].sudo()._raise_dispute(
                self.customer, reason, {self._debt(self.invoice).id: None}, "Too dear"
            )
        self._register(50.0)
        self.assertEqual(self._chased(), [0, 0], newer.name)

    def test_on_account_in_another_company_it_covers_nothing(self):
        other = self._create_company(name="Other Company")
        bank = self.env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", other.id)], limit=1)
        method = bank.inbound_payment_method_line_ids[:1]
        self._register(100.0, company_id=other.id, journal_id=bank.id, payment_method_line_id=method.id)
        self.assertEqual(self._chased(), [100])

    def test_it_covers_installments_of_a_plan(self):
        with self._on():
            line = self._debt(self.invoice)
            schedule = self.customer._get_schedule(Decimal(100), line.currency_id, "month", self._in_days(7), 2)
            plan = self.env["ar.payment.plan"]._make(self.customer, {line.id: None}, schedule)
            plan.sudo()._record_consent("phone", "Patient Payer", "Called")
        self._register(60.0)
        installments = self._facts().installments
        self.assertEqual([float(row.chaseable_currency) for row in installments], [0, 40])

    # === WHAT THE CUSTOMER SEES === #

    def test_the_page_shows_the_ledger_and_the_payment_beside(self):
        self._register(60.0, self.invoice)
        with self._on():
            (row,) = self.customer._get_page_values()["groups"][0]["rows"]
            self.assertEqual((row["left"], row["amount"]), (100, 40))
            (status,) = row["statuses"]
            self.assertIs(status["text"], ITEM_STATUSES["payment_pending"])
            self.assertEqual(status["amount"], 60.0)
            self.assertEqual(self.customer._get_payment_history()[0]["amount"], 60)

    def test_the_statement_shows_the_ledger(self):
        self._register(60.0, self.invoice)
        with self._on():
            self.assertEqual(self.customer._get_statement_values()["balance"], 100)

    def test_the_statement_of_today_mentions_what_is_not_booked_yet(self):
        payment = self._register(60.0, self.invoice)
        with self._on():
            self.assertEqual(self.customer._get_statement_values()["registered"], payment)
            earlier = self.customer._get_statement_values(self._in_days(-1))
            html = self.env["ir.qweb"]._render(
                "ar_collections.report_statement_document", {"doc": self.customer, "day": self.TODAY}
            )
        self.assertFalse(earlier["registered"])
        self.assertIn("Registered, but not booked yet", str(html))
