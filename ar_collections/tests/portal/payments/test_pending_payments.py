from datetime import date, datetime
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tools import mute_logger

from ...common import PROBLEM_LOG, ArCommon


class TestPendingPayments(ArCommon):
    """An online payment in process excludes what it pays from reminders, for a limited number of days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late(amount=500)
        cls.policy.pending_payment_days = 5

    def _transaction(self, state="pending", amount=500, changed=None, invoices=None, **values):
        return self.env["payment.transaction"].sudo().create(
            {
                "provider_id": self.dummy_provider.id,
                "payment_method_id": self.pm_unknown.id,
                "amount": amount,
                "currency_id": self.company.currency_id.id,
                "partner_id": self.customer.partner_id.id,
                "reference": f"TX-{self.env['payment.transaction'].sudo().search_count([])}-{amount}",
                "operation": "online_redirect",
                "state": state,
                "last_state_change": datetime.combine(changed or self.TODAY, datetime.min.time()),
                "invoice_ids": [Command.set((invoices or self.invoice).ids)],
                **values,
            }
        )  # fmt: skip

    def test_a_pending_or_authorized_payment_excludes_its_invoice(self):
        for state in ("pending", "authorized"):
            with self.subTest(state=state):
                transaction = self._transaction()
                self.env.cr.execute("UPDATE payment_transaction SET state = %s WHERE id = %s", (state, transaction.id))
                transaction.invalidate_recordset()
                self._run()
                self.assertCode(self.customer, "payment_pending")
                self.assertEqual(self._states(self.customer), [])
                transaction.unlink()

    def test_a_draft_failed_or_cancelled_one_does_not(self):
        for state in ("draft", "cancel", "error"):
            self._transaction(state)
        self.assertEqual(len(self._day()), 1)

    def test_a_done_one_counts_until_it_is_booked_however_long(self):
        transaction = self._transaction("done", changed=date(2026, 5, 1))
        self._run()
        self.assertCode(self.customer, "payment_pending")
        transaction.is_post_processed = True
        self._run()
        self.assertCode(self.customer, "step_reached")

    def test_waiting_with_a_pending_one_ends_by_the_days_of_the_company(self):
        transaction = self._transaction(changed=date(2026, 6, 5), ar_customer_id=self.customer.id)
        self._run()
        self.assertCode(self.customer, "payment_pending")
        with self._on():
            self.assertTrue(transaction._ar_filter_expected())
            self.company.ar_time_zone = "America/Los_Angeles"  # where it was the 4th
            self.assertFalse(transaction._ar_filter_expected())
        self.assertEqual(len(self._day()), 1)

    def test_a_bank_debit_is_waited_for_for_two_weeks_also_on_the_page(self):
        sepa = self.env.ref("payment.payment_method_sepa_direct_debit").sudo()
        credit = self._invoice(self.customer.partner_id, 3, 100, move_type="out_refund")
        items = [
            move.line_ids.filtered(lambda line: line.display_type == "payment_term") for move in (self.invoice, credit)
        ]
        shares = [
            {"move_line_id": items[0].id, "amount": 400.0},
            {"move_line_id": items[0].id, "credit_line_id": items[1].id, "amount": 100.0},
        ]
        self._transaction(
            changed=date(2026, 6, 1),
            amount=400,
            payment_method_id=sepa.id,
            ar_customer_id=self.customer.id,
            ar_allocation_ids=[Command.create(share) for share in shares],
        )
        for day, is_awaited in ((date(2026, 6, 15), True), (date(2026, 6, 16), False)):
            with self._on(day):
                (payable,) = self.customer._get_payables()
                self.assertEqual(payable.left, 0 if is_awaited else 500)
                used = self.env["ar.payment.allocation"]._read_credits_in_use(items[1].ids)
                self.assertEqual(used, {items[1].id: 100} if is_awaited else {})

    def test_only_the_part_under_way_is_excluded(self):
        self._transaction(amount=200)
        self._day()
        self.assertEqual(self._communications(self.customer).amount_total, 300)

    def test_one_payment_for_several_invoices_is_spread_oldest_first(self):
        second = self._invoice(self.customer.partner_id, 3, 100)
        self._transaction(amount=550, invoices=self.invoice | second)
        self._day()
        self.assertEqual(self._communications(self.customer).line_ids.mapped("amount_left"), [50])

    def test_what_cannot_be_booked_is_a_problem_and_booked_again(self):
        transaction = self._transaction("done", changed=date(2026, 6, 1), ar_customer_id=self.customer.id)
        model = self.registry["payment.transaction"]

        def check(**answer):
            with (
                patch.object(model, "_create_payment", **answer),
                self._on(date(2026, 6, 10)),
                mute_logger(PROBLEM_LOG),
            ):
                self.env["ar.mail.health"].sudo()._cron_check()
            domain = [("code", "=", "unbooked_payments"), ("company_id", "=", self.company.id)]
            return self.env["ar.problem"].sudo().search([*domain, ("solved_on", "=", False)])

        problem = check(side_effect=UserError("The period is closed."))
        self.assertFalse(transaction.is_post_processed)
        for text in (transaction.reference, self.customer.display_name, "The period is closed."):
            self.assertIn(text, problem.message)
        self.assertIn("booked within the hour", problem.advice)
        self.assertFalse(check(return_value=self.env["account.payment"]))
        self.assertTrue(transaction.is_post_processed)

    def test_a_refund_is_no_payment(self):
        self._transaction(operation="refund")
        self.assertEqual(len(self._day()), 1)

    def test_begun_between_plan_and_send_nothing_is_sent_and_the_reason_logged(self):
        self._run()
        self._transaction()
        self.assertEqual(len(self._deliver()), 0)
        communication = self._communications(self.customer)
        self.assertEqual((communication.state, communication.cancel_reason), ("cancelled", "payment_pending"))

    def test_when_it_fails_after_all_the_reminder_goes_out(self):
        transaction = self._transaction()
        self._run()
        transaction.state = "error"
        self.assertEqual(len(self._day(date(2026, 6, 11))), 1)
