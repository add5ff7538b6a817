"""Key figures at their limits; the examples of their definitions are doctests beside them."""

import itertools
from datetime import date, timedelta
from decimal import Decimal
from unittest import TestCase

from odoo.addons.ar_collections.core.customers import aging
from odoo.addons.ar_collections.core.metrics import dso, metrics, periods
from odoo.addons.ar_collections.core.metrics.key_figures import Books, measure

from ..core_common import dec


class TestAging(TestCase):
    TODAY = date(2026, 6, 30)

    def _bucket(self, late, *options):
        return aging.bucket(self.TODAY - timedelta(days=late), self.TODAY, *options)

    def test_due_today_is_not_due_and_each_edge_belongs_to_the_bucket_before(self):
        cases = {-400: 0, -1: 0, 0: 0, 1: 1, 30: 1, 31: 2, 60: 2, 61: 3, 90: 3, 91: 4, 120: 4, 121: 5, 4000: 5}
        self.assertEqual({late: self._bucket(late) for late in cases}, cases)

    def test_edges_are_an_option(self):
        cases = {0: 0, 1: 1, 7: 1, 8: 2, 14: 2, 15: 3, 21: 3, 22: 4, 28: 4, 29: 5}
        self.assertEqual({late: self._bucket(late, (7, 14, 21, 28)) for late in cases}, cases)

    def test_edges_are_four_ascending_numbers(self):
        self.assertEqual(aging.read_edges("30,60 , 90,120"), aging.EDGES)
        for text in ("", "30", "30,60,90", "30,60,90,120,150", "0,30,60,90", "-1,30,60,90", "60,30,90,120", "a,b,c,d",
                     "30,60,90,", "30.5,60,90,120"):  # fmt: skip
            with self.subTest(text=text), self.assertRaises(ValueError):
                aging.read_edges(text)

    def test_the_buckets_in_the_database_begin_where_they_begin_here(self):
        for number, first in enumerate(aging.first_days(), 1):
            self.assertEqual([self._bucket(first - 1), self._bucket(first)], [number - 1, number])

    def test_nothing_is_lost_between_the_buckets(self):
        items = [(self.TODAY - timedelta(days=late), dec("0.01")) for late in range(-50, 200)]
        self.assertEqual(sum(aging.age(items, self.TODAY)), dec("2.50"))

    def test_credits_stand_apart(self):
        found = aging.Aging((dec(100), dec(50), dec(25)), dec(-200))
        self.assertEqual((found.debts, found.overdue, found.total), (175, 75, -25))
        self.assertEqual(found + aging.Aging((dec(0),) * 3), found)
        self.assertEqual(aging.nothing_open().total, 0)


class TestDso(TestCase):
    MONTHS = ((dec(100), 30), (dec(80), 31), (dec(70), 28))

    def _days(self, receivables, months=MONTHS):
        found = dso.count_back_dso(dec(receivables), months)
        return found.days, found.exhausted

    def test_without_sales_there_is_no_dso(self):
        for sales in (0, -10):
            self.assertIsNone(dso.simple_dso(dec(100), dec(sales), 30))
            self.assertIsNone(dso.best_possible_dso(dec(100), dec(sales), 30))
        self.assertIsNone(dso.average_days_delinquent(None, dec(1)))
        self.assertIsNone(dso.average_days_delinquent(dec(1), None))

    def test_the_balance_is_used_up_month_by_month(self):
        cases = {0: 0, 50: 15, 100: 30, 140: dec("45.5"), 180: 61, 215: 75, 250: 89}
        for receivables, days in cases.items():
            with self.subTest(receivables=receivables):
                self.assertEqual(self._days(receivables), (days, True))

    def test_more_than_all_sales_is_more_than_the_history(self):
        self.assertEqual(self._days("250.01"), (89, False))
        self.assertEqual(self._days(5, ()), (0, False))
        self.assertEqual(str(dso.count_back_dso(dec(500), self.MONTHS)), "> 89")

    def test_a_balance_below_zero_is_no_days(self):
        self.assertEqual(self._days(-5), (0, True))
        self.assertEqual(self._days(0, ()), (0, True))

    def test_a_month_without_sales_adds_its_days(self):
        self.assertEqual(self._days(50, ((dec(0), 30), (dec(100), 30))), (45, True))

    def test_a_month_with_more_credit_notes_than_sales_adds_its_days_and_its_credit(self):
        self.assertEqual(self._days(50, ((dec(-50), 30), (dec(100), 30))), (60, True))


class TestRatios(TestCase):
    def test_what_cannot_be_divided_is_not_available(self):
        found = {
            "cei": metrics.collection_effectiveness(dec(0), dec(0), dec(0), dec(0)),
            "cei, all not due": metrics.collection_effectiveness(dec(0), dec(100), dec(100), dec(100)),
            "cei, below zero": metrics.collection_effectiveness(dec(0), dec(100), dec(50), dec(150)),
            "turnover": metrics.turnover(dec(100), dec(0)),
            "turnover, in credit": metrics.turnover(dec(100), dec(-10)),
            "days of no turnover": metrics.turnover_days(None),
            "days of zero turnovers": metrics.turnover_days(dec(0)),
            "weighted days": metrics.weighted_days([]),
            "percent current": metrics.percent_current(dec(0), dec(0)),
            "bad debts": metrics.bad_debt_ratio(dec(10), dec(0)),
        }
        self.assertEqual({name for name, value in found.items() if value is not None}, set())
        self.assertEqual(metrics.promise_kept_rate([("open", dec(5))]), (None, None))

    def test_collecting_all_that_was_due_is_a_hundred_percent_and_nothing_is_zero(self):
        self.assertEqual(metrics.collection_effectiveness(dec(100), dec(50), dec(30), dec(30)), 100)
        self.assertEqual(metrics.collection_effectiveness(dec(100), dec(50), dec(150), dec(30)), 0)

    def test_not_more_is_collected_than_can_be(self):
        """Whatever is not due, overdue, on account and lost, at most 100 percent of what could be collected was."""
        june = periods.Period(date(2026, 6, 1), date(2026, 6, 30))
        for not_due, overdue, credits, lost in itertools.product((0, 10, 90), (0, 5, 60), (0, -15, -200), (-3, 0, 8)):
            closing = aging.Aging((dec(not_due), dec(overdue)), dec(credits))
            with self.subTest(closing=closing, lost=lost):
                cei = measure(Books(june, dec(50), closing, dec(100), written_off=dec(lost))).cei
                self.assertTrue(cei is None or cei <= 100, cei)

    def test_turnover_days_of_a_month(self):
        turnovers = metrics.turnover(dec(300), metrics.average(dec(500), dec(700)))
        self.assertEqual((turnovers, metrics.turnover_days(turnovers, 30)), (dec("0.5"), 60))

    def test_early_payers_have_negative_days_late(self):
        self.assertEqual(metrics.weighted_days([(dec(100), -10), (dec(100), 4)]), -3)

    def test_amounts_stay_decimals_without_rounding(self):
        third = metrics.weighted_days([(dec(1), 1), (dec(2), 0)])
        self.assertIsInstance(third, Decimal)
        self.assertGreater(len(str(third)), 20)


class TestPeriods(TestCase):
    def test_the_month_that_ends_on_the_last_day_is_the_calendar_month(self):
        for year in (2024, 2026):
            for month in range(1, 13):
                last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
                self.assertEqual(periods.month_ending(last), periods.Period(date(year, month, 1), last))

    def test_months_lie_side_by_side_whatever_the_day(self):
        for offset in range(800):
            day = date(2024, 1, 1) + timedelta(days=offset)
            months = list(periods.months_back(day, date(2022, 1, 1), 14))
            self.assertEqual(len(months), 14)
            self.assertEqual(months[0], periods.month_ending(day))
            for newer, older in zip(months, months[1:], strict=False):
                self.assertEqual(newer.day_before, older.last)
                self.assertGreater(older.days, 0)

    def test_months_go_back_as_far_as_the_first_sale(self):
        day = date(2026, 6, 30)
        self.assertEqual(len(list(periods.months_back(day, date(2026, 6, 30), 60))), 1)
        self.assertEqual(len(list(periods.months_back(day, date(2026, 6, 1), 60))), 1)
        self.assertEqual(len(list(periods.months_back(day, date(2026, 5, 31), 60))), 2)
        self.assertEqual(len(list(periods.months_back(day, date(1990, 1, 1), 60))), 60)
        self.assertEqual(list(periods.months_back(day, date(2026, 7, 1), 60)), [])
