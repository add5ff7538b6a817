"""Amounts and facts: parts of items, shares, sums per currency."""

from decimal import Decimal

from odoo.addons.ar_collections.core.facts import Rules
from odoo.addons.ar_collections.core.money import percentage, proportion, total_by_currency

from ..core_common import CoreCase, dec


class TestChaseable(CoreCase):
    def test_without_an_exclusion_all_of_it(self):
        item = self.item(5, 110, currency="USD", booked=100)
        self.assertEqual((item.chaseable_currency, item.chaseable), (dec(110), dec(100)))

    def test_an_excluded_part_is_taken_off_in_both_currencies(self):
        item = self.item(5, 110, currency="USD", booked=100, excluded=[("disputed", 33)])
        self.assertEqual((item.chaseable_currency, item.chaseable), (dec(77), dec(70)))

    def test_excluded_parts_never_make_a_debt_negative(self):
        item = self.item(5, 100, excluded=[("disputed", 80), ("promise_open", 80)])
        self.assertEqual((item.chaseable_currency, item.chaseable), (0, 0))

    def test_facts_are_frozen(self):
        with self.assertRaises(AttributeError):
            self.item(5).residual = dec(0)
        with self.assertRaises(AttributeError):
            self.facts().excluded = True


class TestMoney(CoreCase):
    def test_cents_add_up_exactly(self):
        total = total_by_currency([("EUR", dec("0.10"))] * 3)
        self.assertEqual(total, {"EUR": dec("0.30")})
        self.assertIsInstance(total["EUR"], Decimal)

    def test_currencies_are_never_added(self):
        self.assertEqual(total_by_currency([("EUR", dec(1)), ("USD", dec(2))]), {"EUR": dec(1), "USD": dec(2)})

    def test_the_whole_is_the_whole_without_rounding(self):
        self.assertEqual(proportion(dec("99.99"), dec("33.33"), dec("33.33")), dec("99.99"))

    def test_a_share_of_nothing_is_zero(self):
        self.assertEqual((proportion(dec(5), dec(1), dec(0)), percentage(dec(5), dec(0))), (0, 0))

    def test_minimum_share_example(self):
        for whole, passes in [(1000, True), (1100, False)]:
            self.assertIs(percentage(dec(100), dec(whole)) >= 10, passes)


class TestDefaults(CoreCase):
    def test_the_default_contact_rules(self):
        rules = Rules()
        self.assertEqual((rules.contacts_per_day, rules.contacts_per_7_days, rules.contacts_per_30_days), (1, 2, 6))
        self.assertFalse(rules.calendar.is_workday(self.day(3)))

    def test_amounts_switched_off(self):
        rules = Rules()
        self.assertEqual((rules.minimum_balance, rules.minimum_share, rules.review_above), (0, 0, None))
