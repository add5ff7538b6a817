"""Small differences, tax of what is not paid, and the clock of tax relief."""

from datetime import date
from unittest import TestCase

from odoo.addons.ar_collections.core.customers.differences import Tolerance
from odoo.addons.ar_collections.core.recovery.write_off import (
    ABOVE_OPEN,
    NOT_POSITIVE,
    Candidate,
    ReliefRules,
    WriteOffRefused,
    check_amount,
    find_small,
    relief_window,
    relieved_tax,
)

from ..core_common import dec

UNITED_KINGDOM = ReliefRules(6, 54)


class TestSmallDifferences(TestCase):
    def test_at_most_the_amount_and_the_share_and_nothing_else_open(self):
        tolerance = Tolerance(dec(5), dec(3))
        for original, left, open_items, found in [
            (100, "2.00", 1, True),
            (100, "3.00", 1, True),
            (100, "3.01", 1, False),
            (1000, "5.00", 1, True),
            (1000, "5.01", 1, False),
            (100, "2.00", 2, False),
            (2, "2.00", 1, False),
        ]:
            with self.subTest(original=original, left=left, open_items=open_items):
                candidate = Candidate(7, dec(original), dec(left))
                self.assertEqual(find_small([candidate], tolerance, open_items), (7,) if found else ())

    def test_what_is_small_for_another_reason_and_all_of_it_together(self):
        tolerance = Tolerance(dec(5), dec(3))
        small, large = Candidate(1, dec(100), dec(2)), Candidate(2, dec(100), dec(50))
        self.assertEqual(find_small([small, large], tolerance, 2), ())
        self.assertEqual(find_small([small, large], tolerance, 2, known={2}), (1, 2))
        self.assertEqual(find_small([Candidate(3, dec(2), dec(2))], Tolerance(), 1, known={3}), (3,))
        self.assertEqual(find_small([large], tolerance, 0), ())
        self.assertEqual(find_small([], tolerance, 0), ())

    def test_without_tolerance_nothing_is_small(self):
        self.assertEqual(find_small([Candidate(7, dec(100), dec("0.01"))], Tolerance(), 1), ())


class TestAmounts(TestCase):
    def test_more_than_nothing_and_not_more_than_is_open(self):
        for amount, code in [
            ("0.01", None), ("80", None), ("80.01", ABOVE_OPEN), ("0", NOT_POSITIVE), ("-1", NOT_POSITIVE),
            ("nan", NOT_POSITIVE), ("inf", NOT_POSITIVE),
        ]:  # fmt: skip
            with self.subTest(amount=amount):
                try:
                    check_amount(dec(amount), dec(80))
                    self.assertIsNone(code)
                except WriteOffRefused as refused:
                    self.assertEqual(refused.code, code)

    def test_the_tax_of_what_is_not_paid(self):
        """United Kingdom: 1,200 with 20 %: 200; of 500 unpaid 83.33. In yen there are no hundredths."""
        self.assertEqual(relieved_tax(dec(1200), dec(1200), dec(200)), dec("200.00"))
        self.assertEqual(relieved_tax(dec(500), dec(1200), dec(200)), dec("83.33"))
        self.assertEqual(relieved_tax(dec(500), dec(1200), dec(200), dec(1)), dec(83))
        self.assertEqual(relieved_tax(dec(300), dec(300), dec(0)), dec(0))


class TestRelief(TestCase):
    def test_six_months_after_the_later_of_due_date_and_supply(self):
        for due, supplied, first, last in [
            (date(2026, 3, 15), date(2026, 2, 1), date(2026, 9, 15), date(2030, 9, 15)),
            (date(2026, 2, 1), date(2026, 3, 15), date(2026, 9, 15), date(2030, 9, 15)),
            (date(2026, 8, 31), date(2026, 8, 1), date(2027, 2, 28), date(2031, 2, 28)),
        ]:
            with self.subTest(due=due, supplied=supplied):
                self.assertEqual(relief_window(due, supplied, UNITED_KINGDOM), (first, last))

    def test_no_end_and_no_wait(self):
        self.assertEqual(relief_window(date(2026, 3, 1), date(2026, 3, 1), ReliefRules(0)), (date(2026, 3, 1), None))

    def test_with_and_without_proceedings(self):
        due, opened = date(2026, 1, 31), date(2026, 5, 10)
        table = [
            (ReliefRules(6, 12), opened, (date(2026, 7, 31), date(2027, 1, 31))),  # they change nothing
            (ReliefRules(6, 12, from_opening=True), opened, (opened, None)),
            (ReliefRules(6, 12, from_opening=True, opening_months=0), opened, (opened, opened)),
            (ReliefRules(6, 12, from_opening=True, opening_months=3), opened, (opened, date(2026, 8, 10))),
            (ReliefRules(6, 12, from_opening=True), None, (date(2026, 7, 31), date(2027, 1, 31))),
            (ReliefRules(6, 12, only_insolvency=True, from_opening=True), opened, (opened, None)),
            (ReliefRules(6, 12, only_insolvency=True, from_opening=True), None, (None, None)),
            (ReliefRules(6, 0), None, (date(2026, 7, 31), due)),
        ]
        for rules, opening, window in table:
            with self.subTest(rules=rules, opened=opening):
                self.assertEqual(relief_window(due, due, rules, opening), window)
