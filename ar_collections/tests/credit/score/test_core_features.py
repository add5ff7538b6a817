"""The features as delivered: which value gives how many points, and what is not known gives none."""

from datetime import date, timedelta
from unittest import TestCase

from odoo.addons.ar_collections.core.credit.behavior import (
    Debt,
    Granted,
    Open,
    Paid,
    days_beyond,
    months_between,
    read_experiences,
)
from odoo.addons.ar_collections.core.credit.experience import PaymentExperience
from odoo.addons.ar_collections.core.credit.features import (
    AGREEMENTS_KEPT,
    DISPUTES_REJECTED,
    FEATURES,
    IDLE_MONTHS,
    LATE_SHARE,
    PAYMENT_DAYS,
    RELATION_MONTHS,
    RETURNED_PAYMENTS,
    SHORT_PAYMENTS,
    TREND,
    UTILIZATION,
    WORST_DELAY,
    Behavior,
)
from odoo.addons.ar_collections.core.credit.limit import CreditRefused
from odoo.addons.ar_collections.core.credit.score import ScoreRules, check_rules
from odoo.addons.ar_collections.core.customers.differences import Tolerance
from odoo.addons.ar_collections.core.money import ZERO

from ...core_common import dec

DUE = date(2026, 3, 1)

TODAY = date(2026, 6, 10)


class TestPoints(TestCase):
    #: feature -> (value, points): at each end, beyond it, and halfway between the given points
    TABLE = {
        LATE_SHARE: [(0, 100), (10, 100), ("10.1", 50), (60, 50), ("60.1", 0), (100, 0)],
        WORST_DELAY: [(0, 80), (30, 50), (120, 20), (400, 20)],
        TREND: [(-30, 100), ("-7.5", 90), ("7.5", 65), ("22.5", 25), (40, 0)],
        AGREEMENTS_KEPT: [(0, 0), (25, 15), (75, 65), (100, 100)],
        RETURNED_PAYMENTS: [(0, 100), ("0.5", 70), (2, 20), (9, 0)],
        DISPUTES_REJECTED: [(0, 100), ("1.5", 70), ("4.5", 20), (9, 0)],
        SHORT_PAYMENTS: [(0, 100), ("1.5", 75), ("4.5", 25), (9, 0)],
        UTILIZATION: [(20, 100), (65, 90), (90, 65), (110, 25), (200, 0)],
        RELATION_MONTHS: [(0, 30), (6, 45), (36, 80), (120, 100)],
        IDLE_MONTHS: [(0, 100), ("7.5", 75), (18, 40), (60, 30)],
    }

    def test_each_feature(self):
        features = {feature.code: feature for feature in FEATURES}
        self.assertEqual({*features}, {*self.TABLE, PAYMENT_DAYS})
        for code, rows in self.TABLE.items():
            for value, points in rows:
                with self.subTest(code=code, value=value):
                    self.assertEqual(Behavior().points(features[code], dec(value)), points)

    def test_what_is_not_known_has_no_value(self):
        for feature in FEATURES:
            with self.subTest(code=feature.code):
                self.assertIsNone(Behavior().value(feature.code))

    def test_the_values_of_payments(self):
        days = ((100, 10, 5), (300, 1, 5), (100, -5, 5), (500, 0, 5))
        behavior = Behavior(tuple(PaymentExperience(dec(amount), late, ago) for amount, late, ago in days))
        found = {code: behavior.value(code) for code in (PAYMENT_DAYS, LATE_SHARE, WORST_DELAY, TREND)}
        self.assertEqual(found, {PAYMENT_DAYS: dec("0.8"), LATE_SHARE: 50, WORST_DELAY: 10, TREND: None})

    def test_a_weight_below_zero_and_bands_beyond_the_scale_are_refused(self):
        first, second = FEATURES[0], FEATURES[1]

        def refusal(**values):
            try:
                check_rules(ScoreRules(**values))
            except CreditRefused as refused:
                return refused.code
            return None

        table = [
            ({"features": (first, type(second)(second.code, -1))}, "negative_weight"),
            ({"features": (first, type(second)(second.code, 0))}, None),
            ({"bands": (100, 65, 50, 1)}, None),
            ({"bands": (101, 65, 50, 1)}, "bands_order"),
            ({"bands": (80, 65, 50, -1)}, "bands_order"),
        ]
        for values, code in table:
            with self.subTest(**values):
                self.assertEqual(refusal(**values), code)


class TestDays(TestCase):
    def test_a_mistyped_year_says_no_more_than_the_bounds(self):
        for years, days in ((-100, 730), (-2, 730), (1, -365), (100, -365)):
            with self.subTest(years=years):
                self.assertEqual(days_beyond(date(2026 + years, 3, 1), DUE), days)
        self.assertEqual(days_beyond(DUE, DUE + timedelta(days=730)), 730)

    def test_disputes_in_any_order(self):
        first, second = Granted(date(2026, 3, 3), date(2026, 3, 8)), Granted(date(2026, 3, 5), date(2026, 3, 20))
        for granted in ((first, second), (second, first)):
            with self.subTest(granted=granted):
                self.assertEqual(days_beyond(DUE, date(2026, 3, 31), granted), 30 - 17)

    def test_months_over_the_turn_of_years(self):
        self.assertEqual(months_between(date(2024, 11, 15), date(2026, 2, 15)), 15)
        self.assertEqual(months_between(date(2025, 12, 31), date(2026, 1, 31)), 1)


class TestExperiences(TestCase):
    """A small difference that is left and paid late, or never, is no late payment; anything else is."""

    tolerance = Tolerance(dec(5), dec(100))

    def experiences(self, paid=(), opened=()):
        """Return (amount, days) of the experiences.

        :param paid: (amount, days late, amount of the invoice)
        :param opened: (amount, amount of the invoice, whether another part was settled)
        """
        payments = [Paid(Debt(1, 1, DUE, dec(of)), DUE + timedelta(days=late), dec(amount))
                    for amount, late, of in paid]  # fmt: skip
        items = [Open(Debt(2, 2, DUE, dec(of)), dec(amount), is_part) for amount, of, is_part in opened]
        found = read_experiences(payments, items, ZERO, {}, TODAY, self.tolerance)
        return [(str(one.amount), one.days) for one in found]

    def test_paid_late(self):
        self.assertEqual(self.experiences(paid=[(95, 20, 100)]), [("95", 20)])
        self.assertEqual(self.experiences(paid=[(3, 20, 100)]), [])  # a rest of 3
        self.assertEqual(self.experiences(paid=[(3, 1, 100)]), [])  # one day is late, too
        self.assertEqual(self.experiences(paid=[(3, 0, 100)]), [("3", 0)])
        self.assertEqual(self.experiences(paid=[(3, 20, 3)]), [("3", 20)])  # a small invoice, and all of it

    def test_open_and_late(self):
        days = (TODAY - DUE).days
        self.assertEqual(self.experiences(opened=[(40, 100, True)]), [("40", days)])
        self.assertEqual(self.experiences(opened=[(5, 100, True)]), [])
        self.assertEqual(self.experiences(opened=[("5.01", 100, True)]), [("5.01", days)])
