"""Lump sums that count against the costs of pursuit, and the last day of a claim."""

from datetime import date
from unittest import TestCase

from odoo.addons.ar_collections.core.recovery.legal_costs import count_lump_sums
from odoo.addons.ar_collections.core.recovery.limitation import LimitationRule, limitation_date

from ...core_common import dec


class TestLumpSums(TestCase):
    def test_never_more_than_the_costs_nor_than_a_lump_sum(self):
        lump_sums = [(1, dec(40)), (2, dec(0)), (3, dec("0.50")), (4, dec(40))]
        for costs in ("0", "0.25", "40", "40.25", "40.50", "60", "80.50", "500"):
            with self.subTest(costs=costs):
                found = count_lump_sums(dec(costs), lump_sums)
                self.assertEqual(sum(found.values()), min(dec(costs), dec("80.50")))
                self.assertTrue(all(0 < amount <= dict(lump_sums)[key] for key, amount in found.items()))


class TestLimitation(TestCase):
    rule = LimitationRule(3)

    def test_acknowledgements_follow_one_another(self):
        days = [date(2028, 1, 31), date(2026, 2, 1), date(2024, 5, 1)]
        for acknowledged in (days, days[::-1]):
            with self.subTest(acknowledged=acknowledged):
                self.assertEqual(limitation_date(date(2023, 2, 10), self.rule, acknowledged), date(2031, 1, 31))

    def test_on_the_last_day_it_still_counts(self):
        due = date(2023, 2, 10)
        self.assertEqual(limitation_date(due, self.rule, [date(2026, 2, 10)]), date(2029, 2, 10))
        self.assertEqual(limitation_date(due, self.rule, [date(2026, 2, 11)]), date(2026, 2, 10))

    def test_one_before_the_due_date_shortens_nothing(self):
        for rule in (self.rule, LimitationRule(3, from_year_end=True)):
            with self.subTest(rule=rule):
                due = date(2023, 2, 10)
                self.assertEqual(limitation_date(due, rule, [date(2022, 1, 1)]), limitation_date(due, rule))

    def test_leap_days(self):
        for years, last in ((8, date(2032, 2, 29)), (3, date(2027, 2, 28))):
            with self.subTest(years=years):
                self.assertEqual(limitation_date(date(2024, 2, 29), LimitationRule(years)), last)
