from datetime import date, timedelta

from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tools import mute_logger

from .common_owed import ArOwedCommon


class TestSmallDifferences(ArOwedCommon):
    """What is left after a payment and within the tolerance is not reminded: at most 5.00 and 3 % by default."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late(amount=100.0)
        cls.auditor = cls._user("auditor")

    def _listed(self, user=None):
        """Return {document: (what is left, why)} of the list of small differences."""
        self.env.invalidate_all()
        rows = self.env["ar.small.difference"].with_user(user or self.auditor).search([])
        return {row.move_id: (row.amount_left, row.reason) for row in rows}

    def _foreign(self, rate, amount, paid, rounding=0.01, **values):
        """Return an invoice in another currency, and pay all but the rest of it."""
        currency = self.env["res.currency"].create(
            {
                "name": "XJY",
                "symbol": "X",
                "rounding": rounding,
                "rate_ids": [Command.create({"name": date(2020, 1, 1), "rate": rate, "company_id": self.company.id})],
            }
        )
        invoice = self._invoice(self.customer.partner_id, 10, amount, currency_id=currency.id, **values)
        if paid:
            register = self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=invoice.ids
            )
            values = {"payment_date": invoice.date, "amount": paid, "currency_id": currency.id}
            register.create(values)._create_payments()
        return invoice

    # === ROUNDING === #

    def test_one_yen_left_is_never_reminded(self):
        self._pay(self.invoice)
        self.policy.write({"tolerance_amount": 0, "tolerance_share": 0})
        invoice = self._foreign(150.0, 15000, 14999, rounding=1)
        self.assertEqual(self._debt(invoice).amount_residual_currency, 1)
        self.assertIsNone(self._requested())
        self.assertCode(self.customer, "small_difference")
        self.assertEqual(self._listed(), {invoice: (1, "rounding")})

    def test_one_cent_left_is_never_reminded(self):
        self.policy.write({"tolerance_amount": 0, "tolerance_share": 0})
        self._pay(self.invoice, 99.99)
        self.assertIsNone(self._requested())
        self.assertEqual(self._listed(), {self.invoice: (0.01, "rounding")})

    def test_less_than_half_a_unit_of_company_currency_is_never_reminded(self):
        self._pay(self.invoice)
        self.policy.write({"tolerance_amount": 0, "tolerance_share": 0})
        invoice = self._foreign(150.0, 15000, 14930, rounding=1)
        self.assertAlmostEqual(self._debt(invoice).amount_residual, 0.47)
        self.assertIsNone(self._requested())

    def test_without_a_tolerance_more_than_that_is_reminded(self):
        self.policy.write({"tolerance_amount": 0, "tolerance_share": 0})
        self._pay(self.invoice, 99.40)
        self.assertAlmostEqual(self._requested(), 0.60)
        self.assertFalse(self._listed())

    def test_a_small_invoice_of_which_nothing_was_paid_is_no_rounding(self):
        self._pay(self.invoice)
        self._invoice(self.customer.partner_id, 10, 0.40)
        self.assertAlmostEqual(self._requested(), 0.40)

    def test_many_roundings_are_none_in_sum(self):
        self.policy.write({"tolerance_amount": 0, "tolerance_share": 0})
        for invoice in (self.invoice, *(self._invoice(self.customer.partner_id, 5, 50.0) for _n in range(4))):
            self._pay(invoice, invoice.amount_total - 0.40)
        self.assertIsNone(self._requested())
        self.assertEqual(len(self._listed()), 5)

    # === TOLERANCE === #

    def test_the_default_is_five_units_and_three_percent(self):
        self.assertEqual((self.policy.tolerance_amount, self.policy.tolerance_share), (5.0, 3.0))

    def test_the_default_assumes_no_currency(self):
        company = self.env["res.company"].create({"name": "Tokyo", "currency_id": self.env.ref("base.JPY").id})
        self.assertEqual(company.ar_policy_ids.tolerance_amount, 500)

    def test_two_percent_left_after_a_payment_are_not_reminded(self):
        self._pay(self.invoice, 98.0)
        self.assertIsNone(self._requested())
        self.assertCode(self.customer, "small_difference")
        self.assertEqual(self.customer.balance, 2)
        self.assertEqual(self._listed(), {self.invoice: (2, "tolerance")})

    def test_both_amount_and_share_must_hold(self):
        large = self._invoice(self.customer.partner_id, 5, 1000.0)
        self._pay(self.invoice, 96.0)  # 4 %
        self._pay(large, 994.0)  # 6.00
        self.assertEqual(self._requested(), 10)
        self.assertFalse(self._listed())

    def test_an_unpaid_small_invoice_is_no_small_difference(self):
        self._pay(self.invoice)
        self._invoice(self.customer.partner_id, 5, 2.0)
        self.assertEqual(self._requested(), 2)
        self.policy.minimum_balance = 10
        self.assertIsNone(self._requested(day=self.TODAY + timedelta(days=1)))
        self.assertCode(self.customer, "below_minimum")
        self.assertFalse(self._listed())

    def test_it_is_left_out_of_a_reminder_of_other_invoices(self):
        self._pay(self.invoice, 98.0)
        other = self._invoice(self.customer.partner_id, 10, 70.0)
        self.assertEqual(self._requested(), 70)
        self.assertEqual(self._communications(self.customer).line_ids.move_id, other)

    def test_each_installment_counts_by_itself(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Two halves",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": days}) for days in (10, 20)
                ],
            }
        )
        invoice = self._invoice(self._partner(name="Halves"), 10, 200.0, invoice_payment_term_id=term.id)
        self.customer = self._customer(invoice.partner_id)
        self._pay(invoice, 99.0)
        self.assertEqual(self._chased(), [0, 100])

    def test_it_is_no_overdue_work(self):
        self._pay(self.invoice, 98.0)
        self._run()
        self.env.invalidate_all()
        self.assertEqual(self.customer.priority_score, 0)
        to_do = self.env.ref("ar_collections.ar_customer_view_search").arch
        self.assertIn("small_difference", to_do)

    def test_a_payment_taken_back_is_reminded_in_full(self):
        payment = self._pay(self.invoice, 98.0)
        self._run()
        payment.move_id.line_ids.remove_move_reconcile()
        payment.action_draft()
        self.assertEqual(self._requested(day=self.TODAY + timedelta(days=1)), 100)

    def test_a_waiting_reminder_of_what_became_small_is_cancelled(self):
        self._run()
        self._pay(self.invoice, 98.0)
        self.assertEqual(len(self._deliver()), 0)
        log = self._communications(self.customer)
        self.assertEqual((log.state, log.cancel_reason), ("cancelled", "small_difference"))

    def test_the_customer_may_still_pay_it(self):
        self._pay(self.invoice, 98.0)
        with self._on():
            self.assertEqual([float(payable.left) for payable in self.customer._get_payables()], [2])

    def test_its_status_is_shown_to_the_collector(self):
        self._pay(self.invoice, 98.0)
        with self._on():
            self.assertEqual(self._debt(self.invoice).with_user(self.collector).ar_status, "Small difference")

    def test_negative_tolerances_are_refused(self):
        for values in ({"tolerance_amount": -1}, {"tolerance_share": -1}, {"tolerance_share": 101}):
            with self.subTest(values=values), mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
                self.policy.write(values)
                self.env.flush_all()

    # === DISCOUNT === #

    def _discounted(self, amount):
        """Return an invoice of that amount, 30 days late, with a discount of 2 % within ten days of its date."""
        term = self.env["account.payment.term"].create(
            {
                "name": "2 % in ten days",
                "early_discount": True,
                "discount_days": 10,
                "discount_percentage": 2,
                "line_ids": [Command.create({"value": "percent", "value_amount": 100, "nb_days": 30})],
            }
        )
        self._pay(self.invoice)
        return self._invoice(self.customer.partner_id, 30, amount, invoice_payment_term_id=term.id)

    def _receive(self, invoice, amount, day):
        """Match money that the bank received with the invoice, as Odoo matches a bank statement line."""
        line = self._entry(invoice.partner_id, -amount, journal=self.company_data["default_journal_bank"], day=day)
        (line | self._debt(invoice)).reconcile()

    def test_a_discount_taken_in_time_leaves_nothing_to_remind(self):
        invoice = self._discounted(100.0)
        self._receive(invoice, 98.0, invoice.invoice_date + timedelta(days=10))
        self.assertIsNone(self._requested())
        self.assertEqual(self._listed(), {invoice: (2, "discount")})

    def test_also_where_it_is_more_than_the_tolerance(self):
        invoice = self._discounted(10000.0)
        self._receive(invoice, 9800.0, invoice.invoice_date + timedelta(days=9))
        self.assertIsNone(self._requested())
        self.assertEqual(self._listed(), {invoice: (200, "discount")})

    def test_taken_too_late_it_is_owed(self):
        invoice = self._discounted(10000.0)
        self._receive(invoice, 9800.0, invoice.invoice_date + timedelta(days=11))
        self.assertEqual(self._requested(), 200)

    def test_paid_in_time_in_two_parts(self):
        invoice = self._discounted(10000.0)
        for amount in (5000.0, 4800.0):
            self._receive(invoice, amount, invoice.invoice_date + timedelta(days=9))
        self.assertIsNone(self._requested())

    def test_credit_notes_are_no_payment_and_lower_the_discount(self):
        for credited, paid, requested in ((9850.0, 0.0, 150), (3000.0, 6800.0, 200), (3000.0, 6860.0, None)):
            with self.subTest(credited=credited, paid=paid), self.cr.savepoint(flush=True) as savepoint:
                invoice = self._discounted(10000.0)
                note = self._invoice(invoice.partner_id, 30, credited, move_type="out_refund")
                (self._debt(note) | self._debt(invoice)).reconcile()
                if paid:
                    self._receive(invoice, paid, invoice.invoice_date + timedelta(days=9))
                self.assertEqual(self._requested(), requested)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_more_than_the_discount_is_owed(self):
        invoice = self._discounted(10000.0)
        self._receive(invoice, 9700.0, invoice.invoice_date + timedelta(days=9))
        self.assertEqual(self._requested(), 300)

    # === LIST === #

    def test_the_list_shows_totals_per_currency_and_leads_to_the_invoice(self):
        self._pay(self.invoice, 98.0)
        foreign = self._foreign(2.0, 300, 297)
        self.assertEqual(self._listed(), {self.invoice: (2, "tolerance"), foreign: (3, "tolerance")})
        differences = self.env["ar.small.difference"].with_user(self.auditor)
        totals = differences._read_group([], ["currency_id"], ["amount_left:sum"])
        self.assertEqual(dict(totals), {self.company.currency_id: 2, foreign.currency_id: 3})
        row = differences.search([("move_id", "=", foreign.id)])
        self.assertEqual((row.amount_company, row.customer_id), (1.5, self.customer))
        self.assertEqual(row.action_open()["res_id"], foreign.id)

    def test_other_companies_and_other_users_do_not_see_it(self):
        self._pay(self.invoice, 98.0)
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self._user("auditor", login="stranger", company_id=other.id, company_ids=[Command.set(other.ids)])
        self.assertFalse(self._listed(stranger))
        with self.assertRaises(AccessError):
            self._listed(self.internal_user)
