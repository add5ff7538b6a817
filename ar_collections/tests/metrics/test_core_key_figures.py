"""The key figures of a period together: averages, losses and recoveries, and that only proportions count."""

from dataclasses import astuple, replace
from datetime import date
from unittest import TestCase

from odoo.addons.ar_collections.core.customers.aging import Aging
from odoo.addons.ar_collections.core.metrics import dso, metrics
from odoo.addons.ar_collections.core.metrics.key_figures import Books, Paid, measure
from odoo.addons.ar_collections.core.metrics.periods import Period

from ..core_common import dec

JUNE = Period(date(2026, 6, 1), date(2026, 6, 30))

#: Opening 6,000, closing 5,000 of which 3,500 are not due, credits of 500; sales of 10,000.
BOOKS = Books(
    JUNE,
    dec(6000),
    Aging((dec(3850), dec(1000), dec(650)), dec(-500)),
    dec(10000),
    ((dec(10000), 30), (dec(8000), 31)),
    Paid(dec(4000), dec(80000), dec(-20000)),
)


class TestKeyFigures(TestCase):
    def test_the_figures_of_a_month(self):
        found = measure(BOOKS)
        self.assertEqual((found.dso_simple, found.dso_countback.days), (15, 15))
        self.assertEqual((found.best_dso, found.average_days_delinquent), (dec("10.5"), dec("4.5")))
        self.assertEqual(round(found.cei, 2), dec("88.00"))  # 11,000 of 12,500
        self.assertEqual((round(found.turnover, 4), found.turnover_days), (dec("1.8182"), dec("16.5")))
        self.assertEqual((found.percent_current, found.bad_debt_ratio), (70, 0))
        self.assertEqual((found.weighted_days_to_pay, found.weighted_days_late), (20, -5))

    def test_the_average_of_opening_and_closing(self):
        found = measure(BOOKS, average_receivables=True)
        self.assertEqual((found.dso_simple, found.best_dso), (dec("16.5"), dec("11.55")))
        of_dso = dict.fromkeys(("dso_simple", "best_dso", "average_days_delinquent"))
        self.assertEqual(replace(found, **of_dso), replace(measure(BOOKS), **of_dso))

    def test_what_was_recovered_of_losses_could_be_collected(self):
        found = measure(replace(BOOKS, written_off=dec(-1000)))
        self.assertEqual(round(found.cei, 2), dec("88.89"))  # 12,000 of 13,500
        self.assertEqual((found.dso_simple, found.bad_debt_ratio), (15, -10))

    def test_without_paid_invoices_there_are_no_days(self):
        found = measure(replace(BOOKS, paid=Paid()))
        self.assertEqual((found.weighted_days_to_pay, found.weighted_days_late), (None, None))

    def test_a_company_with_a_fraction_of_the_amounts_has_the_same_figures(self):
        def small(amount):
            return amount / 100000

        aging, paid = BOOKS.closing, BOOKS.paid
        books = Books(
            JUNE,
            small(BOOKS.opening),
            Aging(tuple(map(small, aging.buckets)), small(aging.credits)),
            small(BOOKS.credit_sales),
            tuple((small(sales), days) for sales, days in BOOKS.months),
            Paid(*map(small, astuple(paid))),
        )
        for written_off in (0, 400, -400):
            with self.subTest(written_off=written_off):
                whole = measure(replace(BOOKS, written_off=dec(written_off)))
                self.assertEqual(measure(replace(books, written_off=small(dec(written_off)))), whole)

    def test_half_a_turn_in_the_period_takes_two_of_them(self):
        self.assertEqual(metrics.turnover_days(dec("0.5"), 30), 60)
        for turns in (None, dec(0), dec("-0.5")):
            with self.subTest(turns=turns):
                self.assertIsNone(metrics.turnover_days(turns, 30))

    def test_a_balance_that_is_just_the_sales_of_a_month_is_its_days(self):
        for receivables, days in ((100, 30), ("100.01", "30.0039"), (180, 61), ("0.5", "0.15")):
            with self.subTest(receivables=receivables):
                found = dso.count_back_dso(dec(receivables), ((dec(100), 30), (dec(80), 31)))
                self.assertEqual((round(found.days, 4), found.exhausted), (round(dec(days), 4), True))
