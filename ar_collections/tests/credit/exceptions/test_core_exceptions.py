"""Exceptions: every end is told about once, whatever nights are left out."""

import unittest
from datetime import date, timedelta

from odoo.addons.ar_collections.core.credit.exceptions import PAUSE, Changes, Exemption, compare, get_notice_days

TODAY = date(2026, 6, 10)


class TestExceptions(unittest.TestCase):
    def test_each_end_is_told_once_whatever_nights_are_left_out(self):
        nights = [TODAY + timedelta(days=days) for days in (0, 1, 2, 5, 6, 20, 21)]
        told, last = [], None
        for night in nights:
            first, until = get_notice_days(night, last)
            told += [first + timedelta(days=n) for n in range((until - first).days + 1)]
            last = night
        self.assertEqual(len(told), len(set(told)))
        self.assertLessEqual({TODAY + timedelta(days=n) for n in range(14)}, set(told))

    def test_a_second_turn_of_the_day_tells_nothing(self):
        first, last = get_notice_days(TODAY, TODAY)
        self.assertGreater(first, last)

    def test_the_same_exception_is_not_written(self):
        same = {PAUSE: Exemption("Flood", TODAY)}
        self.assertEqual(compare(same, dict(same)), Changes())
