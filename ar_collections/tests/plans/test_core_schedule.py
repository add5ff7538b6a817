"""Payment plans at the edges: the most payments, the last day of a limit, amounts that nobody can pay."""

from datetime import date, timedelta
from decimal import Decimal
from unittest import TestCase

from odoo.addons.ar_collections.core.plans.plan import Installment
from odoo.addons.ar_collections.core.plans.schedule import (
    MONTH,
    MOST_INSTALLMENTS,
    PlanCheck,
    PlanLimits,
    PlannedItem,
    check,
    dates,
    read_split,
    split,
    split_by_amount,
)

D = Decimal

TODAY = date(2026, 6, 10)


class TestPayments(TestCase):
    def test_ten_years_of_months_are_the_most(self):
        self.assertEqual(MOST_INSTALLMENTS, 120)
        self.assertEqual(split_by_amount(D(12000), D(100)), [D(100)] * 120)
        self.assertEqual(split_by_amount(D("11900.01"), D(100))[118:], [D(100), D("0.01")])
        self.assertEqual(len(split_by_amount(D(12000), D(100), down_payment=D(100))), 120)
        for total, down in (("12000.01", 0), ("12100", 0), ("12000.01", 100), ("12100", 100), ("12000.50", 50)):
            with self.subTest(total=total, down=down), self.assertRaises(ValueError):
                split_by_amount(D(total), D(100), D(down))

    def test_a_down_payment_of_all(self):
        self.assertEqual(split_by_amount(D(100), D(30), D(100)), [D(100)])
        with self.assertRaises(ValueError):  # no payment at all, and one before
            split(D(100), 0, D(100))
        for down in ("-0.01", "100.01"):
            with self.subTest(down=down), self.assertRaises(ValueError):
                split_by_amount(D(100), D(30), D(down))

    def test_what_no_split_makes_is_a_number_of_payments(self):
        self.assertEqual(read_split([D(10), D(-5)]), (2, 0, 0))
        self.assertEqual(read_split([D(30), D(20), D(40)]), (3, 0, 0))

    def test_the_end_of_february_is_that_of_its_year(self):
        for first, last in ((date(2027, 11, 30), date(2028, 2, 29)), (date(2028, 11, 30), date(2029, 2, 28))):
            with self.subTest(first=first):
                self.assertEqual(dates(first, 4, MONTH)[-1], last)


class TestCheck(TestCase):
    def check(self, items, amounts, limits=None, first=TODAY, step=7):
        """Return the objections to a plan of (free, amount) items paid in these amounts."""
        planned = [PlannedItem(n, "EUR", D(free), D(amount)) for n, (free, amount) in enumerate(items)]
        parts = [Installment(n + 1, first + timedelta(days=n * step), D(part)) for n, part in enumerate(amounts)]
        return check(planned, parts, limits or PlanLimits(), TODAY)

    def test_each_item_and_each_payment_is_looked_at(self):
        table = [
            ([(100, 100), (50, 51)], [151], ("not_free",)),
            ([(100, 100), (0, 0)], [100], ("not_free",)),
            ([(100, 100), (-20, -20)], [80], ("not_free",)),
            ([(100, 100), (50, 0)], [100], ("bad_amount",)),
            ([(100, 100), (50, "-0.01")], ["99.99"], ("bad_amount",)),
            ([(100, 100)], [100, 0], ("bad_amount",)),
            ([(100, 100)], ["100.01", "-0.01"], ("bad_amount",)),
            ([(100, 100)], ["99.99"], ("bad_sum",)),
            ([("0.50", "0.50")], ["0.25", "0.25"], ()),
            ([(100, "0.01"), (50, 50)], ["50.01"], ()),
        ]
        for items, amounts, errors in table:
            with self.subTest(items=items, amounts=amounts):
                self.assertEqual(self.check(items, amounts).errors, errors)

    def test_the_most_payments_and_days_without_limits_of_a_policy(self):
        self.assertEqual(self.check([(120, 120)], [1] * 120), PlanCheck())
        self.assertEqual(self.check([(121, 121)], [1] * 121).errors, ("bad_count",))
        self.assertEqual(self.check([(2, 2)], [1, 1], step=3650), PlanCheck())
        self.assertEqual(self.check([(2, 2)], [1, 1], step=3651).beyond, ("too_long",))

    def test_at_each_limit_of_the_policy(self):
        limits = PlanLimits(D(100), 2, 60, D(40), D(40))
        start = TODAY + timedelta(days=31)
        self.assertEqual(self.check([(100, 100)], [40, 60], limits, start, 60), PlanCheck())
        late = self.check([(100, 100)], [40, 60], limits, start + timedelta(days=1), 61)
        self.assertEqual(late.beyond, ("too_long", "starts_late"))
        self.assertEqual(self.check([(100, 100)], ["39.99", "60.01"], limits).beyond, ("too_small", "low_down_payment"))

    def test_a_single_payment_is_no_small_rest(self):
        self.assertEqual(self.check([(30, 30)], [30], PlanLimits(minimum_installment=D(40))).beyond, ("too_small",))
