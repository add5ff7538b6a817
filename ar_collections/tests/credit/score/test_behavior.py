from datetime import timedelta
from decimal import Decimal

from odoo import Command

from .common_score import ArScoreCommon


class TestBehavior(ArScoreCommon):
    """How customers behaved, read from the books."""

    def test_invoices_count_with_their_amount_and_the_day_of_their_payment(self):
        self._example()
        self.assertEqual(self._days(), [(4000, -5), (10000, 0), (5000, 20), (1000, 60)])

    def test_payments_of_more_than_twelve_months_ago_do_not_count(self):
        self._paid(100, 5, ago=366)
        self._paid(200, 6, ago=360)
        self.assertEqual(self._days(), [(200, 6)])
        self.assertEqual([one.months_ago for one in self._behavior().experiences], [11])

    def test_open_late_invoices_count_with_their_days_so_far(self):
        self._invoice(self.partner, 45, 300)
        self._invoice(self.partner, 0, 300)
        self._invoice(self.partner, -10, 300)
        self.assertEqual(self._days(), [(300, 45)])

    def test_an_old_debt_that_is_still_open_counts(self):
        self._invoice(self.partner, 500, 300)
        self.assertEqual(self._days(), [(300, 500)])

    def test_an_invoice_paid_in_parts_is_one_invoice(self):
        invoice = self._invoice(self.partner, 30, 100)
        for ago, amount in ((30, 50), (20, 30), (10, 20)):
            self._pay(invoice, amount, self.TODAY - timedelta(days=ago))
        self.assertEqual(self._days(), [(50, 0), (30, 10), (20, 20)])
        self.assertEqual(self._behavior().value("late_share"), 100)
        self._score()
        self.assertEqual(self.customer.risk_source, "no_history")

    def test_each_installment_of_a_term_counts_with_its_own_due_date(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Halves",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": days}) for days in (30, 60)
                ],
            }
        )
        start = self.TODAY - timedelta(days=70)
        values = {"invoice_payment_term_id": term.id, "invoice_date": start, "invoice_date_due": False}
        invoice = self._invoice(self.partner, 0, 100, **values)
        self._pay(invoice, 100, day=start + timedelta(days=40))
        self.assertEqual(self._days(), [(50, -20), (50, 10)])

    def test_a_small_difference_is_not_paid_late(self):
        invoice = self._invoice(self.partner, 30, 100)
        self._pay(invoice, 98.5, self.TODAY - timedelta(days=30))
        self.assertEqual(self._days(), [(98.5, 0)])
        self._pay(invoice, 1.5)
        self.assertEqual(self._days(), [(98.5, 0)])

    def test_credit_notes_and_write_offs_are_no_payment_behavior(self):
        invoice = self._invoice(self.partner, 30, 100)
        wizard = self.env["account.move.reversal"].with_context(active_model="account.move", active_ids=invoice.ids)
        wizard.create({"journal_id": invoice.journal_id.id, "date": self.TODAY}).refund_moves()
        invoice.reversal_move_ids.action_post()
        (self._debt(invoice) + self._debt(invoice.reversal_move_ids)).filtered(
            lambda line: not line.reconciled
        ).reconcile()
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual(self._days(), [])
        self._pay_and_write_off(self._invoice(self.partner, 30, 200), 150)
        self.assertEqual(self._days(), [(150, 30)])

    def test_money_that_is_not_matched_yet_covers_the_oldest_items(self):
        self._invoice(self.partner, 45, 300)
        self._invoice(self.partner, 20, 200)
        payment = self.env["account.payment"].create(
            {"payment_type": "inbound", "partner_type": "customer", "partner_id": self.partner.id, "amount": 350}
        )
        payment.action_post()
        self.assertEqual(self._days(), [(150, 20)])

    def test_a_payment_that_is_undone_leaves_the_invoice_late(self):
        invoice = self._paid(100, 5)
        self.assertEqual(self._days(), [(100, 5)])
        invoice.line_ids.remove_move_reconcile()
        payments = self.env["account.payment"].search([("partner_id", "=", self.partner.id)])
        payments.action_draft()
        self.assertEqual(self._days(), [(100, 15)])

    def test_an_invoice_that_is_reset_and_posted_again_counts_once(self):
        invoice = self._invoice(self.partner, 30, 100)
        self._pay(invoice, 40, self.TODAY - timedelta(days=20))
        invoice.button_draft()
        self.assertEqual(self._days(), [])
        invoice.action_post()
        payment = self.env["account.payment"].search([("partner_id", "=", self.partner.id)])
        lines = self._debt(invoice) + payment.move_id.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        lines.filtered(lambda line: not line.reconciled).reconcile()
        self.assertEqual(self._days(), [(40, 10), (60, 30)])

    def test_time_in_a_dispute_that_was_granted_is_left_out(self):
        invoice = self._invoice(self.partner, 40, 100)
        dispute = self._dispute(invoice, raised=35, amount=100)
        self.assertEqual(self._days(), [], "nobody knows yet who is right")
        dispute.sudo().line_ids.amount_accepted = 20
        dispute.sudo().write({"state": "partly", "date_resolved": self.TODAY - timedelta(days=15)})
        self._pay(invoice, 80, self.TODAY - timedelta(days=10))
        self.assertEqual(self._days()[0], (80, 10))  # 30 days, 20 of them in dispute
        dispute.sudo().write({"state": "rejected"})
        self.assertEqual(self._days()[0], (80, 30))
        self.assertEqual(self._behavior().disputes_rejected, 1)

    def test_the_disputed_part_of_an_open_invoice_is_left_out(self):
        self._dispute(self._invoice(self.partner, 40, 100), raised=35, amount=70)
        self.assertEqual(self._days(), [(30, 40)])

    def _dispute(self, invoice, raised, amount):
        """Return a dispute that was raised so many days ago."""
        reason = self.env["ar.dispute.reason"].create({"name": "Test", "user_id": self.credit_manager.id})
        with self._on(self.TODAY - timedelta(days=raised)):
            return self.env["ar.dispute"]._raise_dispute(
                self.customer, reason, {self._debt(invoice).id: Decimal(amount)}, "Wrong"
            )

    def test_promises_that_are_decided_count(self):
        for state in ("kept", "kept", "broken", "open", "withdrawn"):
            invoice = self._invoice(self.partner, 10, 100)
            with self._on():
                promise = self.customer._promise(self.TODAY, dict.fromkeys(self._debt(invoice).ids)).sudo()
            promise.write({"state": state, "ended_on": self.TODAY if state != "open" else False})
            promise.line_ids.is_live = state == "open"
        self.assertAlmostEqual(float(self._behavior().agreements_kept), 200 / 3)

    def test_returned_payments_count_once_each(self):
        invoices = [self._paid(100, 0), self._paid(200, 0)]
        rows = self.env["ar.returned.payment"].sudo()
        for invoice, payment in zip(invoices, ("P1", "P1"), strict=True):
            rows.create(
                {
                    "customer_id": self.customer.id, "move_id": invoice.id, "name": invoice.name, "payment": payment,
                    "currency_id": invoice.currency_id.id, "amount": 10, "date": self.TODAY, "state": "returned",
                }
            )  # fmt: skip
        rows.create(
            {
                "customer_id": self.customer.id, "name": "C", "payment": "C1", "is_credit": True, "amount": 10,
                "currency_id": self.company.currency_id.id, "date": self.TODAY, "state": "returned",
            }
        )  # fmt: skip
        self.assertEqual(self._behavior().returned_payments, 1)

    def test_relation_and_turnover(self):
        self._invoice(self.partner, 500, 300)
        self._invoice(self.partner, 100, 200)
        self._invoice(self.partner, 50, 40, move_type="out_refund")
        account = self.customer.sudo()
        behavior, turnover = self.env["ar.credit.behavior"].sudo()._read(account, self.TODAY)[account]
        self.assertEqual((behavior.relation_months, behavior.idle_months, turnover), (17, 4, 160))

    def test_a_customer_without_anything_has_no_behavior(self):
        behavior = self._behavior()
        self.assertEqual(behavior.experiences, ())
        for name in ("agreements_kept", "returned_payments", "disputes_rejected", "relation_months", "utilization"):
            self.assertIsNone(getattr(behavior, name))

    def test_utilization_is_that_of_the_stored_exposure(self):
        self._invoice(self.partner, 4, 400)
        self._limit(self.customer, 1000)
        self.assertEqual(self._behavior().utilization, 40)

    def test_a_foreign_currency_counts_at_the_rate_it_was_booked_with(self):
        rate = Command.create({"name": "2020-01-01", "rate": 2, "company_id": self.company.id})
        currency = self.env["res.currency"].create({"name": "XFC", "symbol": "F", "rounding": 0.01, "rate_ids": [rate]})
        self._paid(100, 7, currency_id=currency.id)
        self._invoice(self.partner, 30, 60, currency_id=currency.id)
        self.assertEqual(self._days(), [(50, 7), (30, 30)])

    def test_companies_do_not_mix(self):
        other = self._create_company(name="Elsewhere")
        self._paid(100, 7)
        account = self._customer(self.partner, other)
        self.assertEqual((self._days(), self._days(account)), ([(100, 7)], []))

    def test_the_number_of_queries_does_not_depend_on_the_number_of_customers(self):
        counts = []
        for number in (2, 12):
            partners = self._partners(number)
            self._invoices(partners, 10)
            accounts = self.env["ar.customer"].browse().union(*map(self._customer, partners)).sudo()
            with self._on():
                accounts._refresh_scores(self.TODAY)
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                accounts._refresh_scores(self.TODAY)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLess(counts[0], 25)
