"""Key figures of ledgers made by hand, against the examples of their definitions."""

from datetime import date, timedelta

from odoo.exceptions import ValidationError

from odoo.addons.ar_collections.core.metrics.key_figures import Paid
from odoo.addons.ar_collections.core.metrics.periods import Period, months_back

from ..migration.common_migration import run_migration
from .common_ledger import LedgerCommon

FEBRUARY = Period(date(2026, 2, 1), date(2026, 2, 28))
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))


def march(day):
    return date(2026, 3, day)


class TestCreditSales(LedgerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._partner()
        cls.metrics = cls.env["ar.metrics"]

    def _sales(self, period=MARCH):
        return self.metrics._read_credit_sales(self.company, [period])[period]

    def test_invoices_less_credit_notes_posted_in_the_period(self):
        self._bill(self.partner, march(1), 100)
        self._bill(self.partner, march(31), 50)
        self._bill(self.partner, march(15), 20, move_type="out_refund")
        self._bill(self.partner, date(2026, 2, 28), 900)
        self._bill(self.partner, date(2026, 4, 1), 900)
        self._bill(self.partner, march(10), 900, move_type="out_receipt")
        self._bill(self.partner, march(10), 900).button_draft()
        self.assertEqual(self._sales(), 130)

    def test_tax_is_part_of_what_is_owed(self):
        line = {"name": "Work", "price_unit": 100, "tax_ids": [(6, 0, self.company_data["default_tax_sale"].ids)]}
        invoice = self._bill(self.partner, march(1), 0, invoice_line_ids=[(0, 0, line)])
        self.assertGreater(invoice.amount_total, 100)
        self.assertAlmostEqual(float(self._sales()), invoice.amount_total)

    def test_a_foreign_invoice_counts_in_company_currency(self):
        pounds = self.setup_other_currency("GBP", rates=[("1900-01-01", 1.0), ("2026-01-01", 4.0)])
        self._bill(self.partner, march(1), 100, currency_id=pounds.id)
        self.assertEqual(self._sales(), 25)

    def test_months_are_distinguished_in_one_go(self):
        for month, amount in ((1, 70), (2, 80), (3, 100)):
            self._bill(self.partner, date(2026, month, 1), amount)
        months = list(months_back(MARCH.last, date(2026, 1, 1), 12))
        found = self.metrics._read_credit_sales(self.company, months)
        self.assertEqual([found[month] for month in months], [100, 80, 70])
        self.assertEqual(self.metrics._read_credit_sales(self.company, []), {})

    def test_other_companies_sell_for_themselves(self):
        second = self.setup_other_company(name="Second Company")["company"]
        self._bill(self.partner, march(1), 100, company=second)
        self.assertEqual(self._sales(), 0)
        self.assertIsNone(self.metrics._read_first_sale(self.company))
        self.assertEqual(self.metrics._read_first_sale(second), march(1))


class TestPaid(LedgerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._partner()
        cls.metrics = cls.env["ar.metrics"]

    def _paid(self, period=MARCH):
        return self.metrics._read_paid(self.company, period)

    def test_days_are_weighted_by_amounts(self):
        """10 at 5 days and 100 at 10 days: 9.55."""
        self._settle(self._bill(self.partner, march(1), 10, march(4)), march(6))
        self._settle(self._bill(self.partner, march(1), 100, march(20)), march(11))
        paid = self._paid()
        self.assertEqual(paid, Paid(110, 1050, 10 * 2 - 100 * 9))
        self.assertAlmostEqual(float(paid.amount_days / paid.amount), 9.55, 2)

    def test_an_invoice_counts_in_the_period_in_which_its_last_part_is_paid(self):
        invoice = self._bill(self.partner, date(2026, 2, 1), 100, march(1))
        self._settle(invoice, date(2026, 2, 20), 60)
        self.assertEqual(self._paid(FEBRUARY), Paid())
        self._settle(invoice, march(31))
        self.assertEqual(self._paid(), Paid(100, 100 * 58, 100 * 30))
        self.assertEqual(self._paid(Period(date(2026, 4, 1), date(2026, 4, 30))), Paid())

    def test_what_was_paid_later_does_not_change_the_period(self):
        invoice = self._bill(self.partner, march(1), 100)
        self._settle(invoice, march(10), 99)
        self._settle(invoice, date(2026, 4, 1))
        self.assertEqual(self._paid(), Paid())

    def test_a_payment_taken_back_was_no_payment(self):
        invoice = self._bill(self.partner, march(1), 100)
        self._settle(invoice, march(10)).remove_move_reconcile()
        self.assertEqual(self._paid(), Paid())

    def test_each_installment_has_its_own_days(self):
        invoice = self._bill(self.partner, date(2026, 2, 1), 100, invoice_payment_term_id=self.pay_terms_b.id)
        self._settle(invoice, date(2026, 2, 11))
        self.assertEqual((self._paid(FEBRUARY), self._paid()), (Paid(), Paid()))
        self._settle(invoice, march(31))
        self.assertEqual(self._paid(FEBRUARY), Paid())
        self.assertEqual(self._paid(), Paid(100, 30 * 10 + 70 * 58, 30 * 10 + 70 * 0))

    def test_the_upgrade_corrects_the_days_of_stored_snapshots(self):
        invoice = self._bill(self.partner, date(2026, 2, 1), 100, invoice_payment_term_id=self.pay_terms_b.id)
        self._settle(invoice, date(2026, 2, 11))
        self._settle(self._bill(self.partner, march(1), 10, march(4)), march(6))
        values = {"company_id": self.company.id, "taken_on": "2026-05-01", "weighted_days_to_pay": 3, "cei": 7}
        days = [{**values, "date": month.last, "weighted_days_late": 3} for month in (FEBRUARY, MARCH)]
        february, second = self.env["ar.metric.snapshot"].sudo().create(days)
        for _time in range(2):
            run_migration(self.env, "19.0.1.11.0/post-days-to-pay.py", "19.0.1.10.0")
            self.assertEqual((february.weighted_days_to_pay, february.weighted_days_late), (None, None))
            self.assertEqual((second.weighted_days_to_pay, second.weighted_days_late, second.cei), (5, 2, 7))

    def test_a_credit_note_alone_is_no_payment_but_may_end_one(self):
        for paid in (0, 60):
            invoice = self._bill(self.partner, march(1), 100)
            if paid:
                self._settle(invoice, march(5), paid)
            note = self._bill(self.partner, march(11), 100 - paid, move_type="out_refund")
            (self._receivable(invoice) | self._receivable(note)).reconcile()
        self.assertEqual(self._paid().amount_days, 1000)

    def test_a_foreign_invoice_is_paid_on_the_day_of_the_money(self):
        rates = [("1900-01-01", 1.0), ("2026-03-01", 2.0), ("2026-03-10", 4.0)]
        pounds = self.setup_other_currency("GBP", rates=rates)
        with self._on(date(2026, 4, 20)):  # the exchange difference is booked later than the payment
            self._settle(self._bill(self.partner, march(1), 100, march(1), currency_id=pounds.id), march(11))
        self.assertEqual(self._paid(), Paid(50, 500, 500))


class TestFigures(LedgerCommon):
    """Whole ledgers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._partner()
        cls.metrics = cls.env["ar.metrics"]

    def _measure(self, period=MARCH):
        return self.metrics._measure(self.company, period)

    def test_best_possible_and_days_delinquent(self):
        """Receivables 15,000, not due 4,000, sales 10,000, 30 days: DSO 45, best 12, ADD 33."""
        april = Period(date(2026, 4, 1), date(2026, 4, 30))
        self._bill(self.partner, date(2026, 2, 10), 5000, date(2026, 3, 9))
        self._bill(self.partner, date(2026, 4, 2), 6000, date(2026, 4, 20))
        self._bill(self.partner, date(2026, 4, 5), 4000, date(2026, 5, 4))
        books, figures = self._measure(april)
        self.assertEqual((books.opening, books.closing.total, books.credit_sales), (5000, 15000, 10000))
        self.assertEqual(books.closing.buckets, (4000, 6000, 5000, 0, 0, 0))
        self.assertEqual((figures.dso_simple, figures.best_dso, figures.average_days_delinquent), (45, 12, 33))
        self.assertAlmostEqual(float(figures.percent_current), 4000 / 15000 * 100)

    def test_effectiveness(self):
        """Opening 6,200, sales 10,890, closing 6,340 of which not due 3,590: 79.63 %."""
        old = self._bill(self.partner, date(2026, 1, 1), 6200, date(2026, 2, 1))
        late = self._bill(self.partner, march(1), 7300, march(20))
        self._bill(self.partner, march(25), 3590, date(2026, 4, 25))
        self._settle(old, march(10))
        self._settle(late, march(31), 4550)
        _books, figures = self._measure()
        self.assertAlmostEqual(float(figures.cei), 79.63, 2)

    def test_count_back(self):
        """212,000 against 100,000, 80,000, 70,000: two months, and 32/70 of the third."""
        self._settle(self._bill(self.partner, date(2026, 1, 5), 70000), date(2026, 2, 1), 38000)
        self._bill(self.partner, date(2026, 2, 5), 80000)
        self._bill(self.partner, march(5), 100000)
        _books, figures = self._measure()
        self.assertTrue(figures.dso_countback.exhausted)
        self.assertAlmostEqual(float(figures.dso_countback.days), 31 + 28 + 32 / 70 * 31)

    def test_a_balance_older_than_the_first_sale(self):
        line = self._receivable(self._bill(self.partner, march(5), 100))
        self._entry(line, date(2026, 1, 1), -500)
        _books, figures = self._measure()
        self.assertEqual(str(figures.dso_countback), "> 31")

    def test_average_receivables_by_setting(self):
        self._bill(self.partner, date(2026, 2, 1), 100)
        self._bill(self.partner, march(1), 100)
        self.assertAlmostEqual(self._measure()[1].dso_simple, 62)
        self.company.ar_dso_basis = "average"
        self.assertAlmostEqual(float(self._measure()[1].dso_simple), 46.5)
        self.assertAlmostEqual(float(self._measure()[1].turnover_days), 46.5)

    def test_edges_are_a_setting(self):
        self._bill(self.partner, march(1), 100, march(20))
        self.company.ar_aging_edges = "5, 10, 15, 20"
        self.assertEqual(self._measure()[0].closing.buckets, (0, 0, 0, 100, 0, 0))
        for text in ("", "30", "30, 20, 10, 5", "a, b, c, d"):
            with self.subTest(text=text), self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.company.ar_aging_edges = text

    def test_an_empty_ledger_has_no_figures(self):
        _books, figures = self._measure()
        found = {name: getattr(figures, name) for name in figures.__slots__ if name != "dso_countback"}
        self.assertEqual(set(found.values()), {None})
        self.assertEqual(figures.dso_countback.days, 0)

    def test_the_past_does_not_change_when_it_is_paid_later(self):
        invoice = self._bill(self.partner, march(1), 100, march(10))
        self._settle(invoice, march(20), 40)
        before = self._measure()
        self._settle(invoice, date(2026, 4, 2))
        self._bill(self.partner, date(2026, 4, 3), 1000)
        self.assertEqual(self._measure(), before)

    def test_a_day_within_the_month_compares_a_month(self):
        self._bill(self.partner, date(2026, 2, 20), 100)
        books, _figures = self.metrics._measure_day(self.company, march(15))
        self.assertEqual((books.period.first, books.credit_sales), (date(2026, 2, 16), 100))

    def test_as_many_statements_for_any_ledger(self):
        def count():
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self._measure()
            return self.env.cr.sql_log_count - before

        self._bill(self.partner, march(1), 1)
        count()
        few = count()
        for number in range(20):
            self._settle(self._bill(self.partner, march(1) + timedelta(days=number), 10), march(25))
        self.assertEqual(count(), few)
