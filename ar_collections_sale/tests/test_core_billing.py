from datetime import date, timedelta
from unittest import TestCase

from odoo.addons.ar_collections_sale.core.billing import is_due


class TestBillingDays(TestCase):
    def test_the_last_day_of_short_months(self):
        last_days = {date(2026, 2, 28), date(2028, 2, 29), date(2026, 4, 30), date(2026, 5, 31)}
        for day in last_days:
            yesterday = day - timedelta(days=1)
            self.assertTrue(is_due("monthly", 0, 31, yesterday, day))
            self.assertFalse(is_due("monthly", 0, 31, yesterday - timedelta(days=1), yesterday))

    def test_each_billing_day_once_in_a_year_of_daily_runs(self):
        for mode, weekday, day, expected in (("weekly", 4, 1, 52), ("monthly", 0, 30, 12)):
            start = date(2026, 1, 1)
            runs = [start + timedelta(days=number) for number in range(365)]
            due = [today for today in runs if is_due(mode, weekday, day, today - timedelta(days=1), today)]
            self.assertEqual(len(due), expected)

    def test_after_a_long_pause(self):
        self.assertTrue(is_due("monthly", 0, 15, date(2020, 1, 1), date(2026, 6, 10)))
        self.assertFalse(is_due("off", 0, 15, None, date(2026, 6, 15)))
