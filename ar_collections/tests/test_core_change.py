"""How a key figure changed."""

from unittest import TestCase

from odoo.addons.ar_collections.core.change import DAYS, DOWN, MONEY, NEITHER, PERCENT, UP, Change, change

from .core_common import dec


class TestChange(TestCase):
    def test_money_changes_in_percent_of_what_it_was(self):
        self.assertEqual(change(dec(150), dec(200), MONEY, DOWN), Change(dec(-25), True))
        self.assertEqual(change(dec(250), dec(200), MONEY, DOWN), Change(dec(25), False))

    def test_money_that_was_a_credit_grows_upwards(self):
        self.assertEqual(change(dec(50), dec(-100), MONEY, DOWN), Change(dec(150), False))
        self.assertEqual(change(dec(-150), dec(-100), MONEY, DOWN), Change(dec(-50), True))

    def test_days_and_shares_change_by_their_difference(self):
        self.assertEqual(change(dec(40), dec(50), DAYS, DOWN), Change(dec(-10), True))
        self.assertEqual(change(dec(90), dec(80), PERCENT, UP), Change(dec(10), True))
        self.assertEqual(change(dec(70), dec(80), PERCENT, UP), Change(dec(-10), False))

    def test_what_is_owed_in_all_is_neither_good_nor_bad(self):
        self.assertEqual(change(dec(2), dec(1), MONEY, NEITHER), Change(dec(100), None))

    def test_what_rounds_to_nothing_is_neither_good_nor_bad(self):
        self.assertIsNone(change(dec("50.04"), dec(50), DAYS, DOWN).good)
        self.assertIs(change(dec("50.05"), dec(50), DAYS, DOWN).good, False)

    def test_without_a_value_there_is_no_change(self):
        for now, then, unit in [(None, dec(1), DAYS), (dec(1), None, DAYS), (dec(1), dec(0), MONEY)]:
            with self.subTest(now=now, then=then):
                self.assertIsNone(change(now, then, unit, UP))

    def test_days_may_start_from_nothing(self):
        self.assertEqual(change(dec(3), dec(0), DAYS, DOWN), Change(dec(3), False))
