"""Commission of agencies: tiers, ages, what was paid directly, and agreements that are none."""

from unittest import TestCase

from odoo.addons.ar_collections.core.recovery.commission import (
    BAD_PERCENT,
    NO_FIRST_RATE,
    SAME_START,
    AgeAddition,
    Bill,
    Collected,
    CommissionRefused,
    CommissionRules,
    Rate,
    age_points,
    bill,
    check,
    tiered,
)

from ..core_common import dec

CENT = dec("0.01")


def rates(*pairs):
    return tuple(Rate(dec(start), dec(percent)) for start, percent in pairs)


class TestTiers(TestCase):
    tiers = rates((0, 25), (1000, 20), (2500, 10))

    def test_each_rate_on_its_own_part(self):
        table = {"0": "0", "0.50": "0.125", "1000": "250", "1000.50": "250.10", "2500": "550", "2501": "550.10"}
        for amount, commission in table.items():
            for order in (self.tiers, self.tiers[::-1]):
                with self.subTest(amount=amount, order=order):
                    self.assertEqual(tiered(dec(amount), order), dec(commission))

    def test_points_are_added_to_each_rate(self):
        self.assertEqual(tiered(dec(3000), self.tiers, dec(5)), tiered(dec(3000), self.tiers) + dec(150))

    def test_ages_in_any_order(self):
        additions = AgeAddition(24, dec(20)), AgeAddition(12, dec(10))
        for months, points in ((11, 0), (12, 10), (23, 10), (24, 20), (600, 20)):
            with self.subTest(months=months):
                self.assertEqual(age_points([(dec("0.50"), months)], additions), points)
                self.assertEqual(age_points([(dec("0.50"), months)], additions[::-1]), points)
        self.assertEqual(age_points([(dec(300), 24), (dec(100), 12), (dec(100), 0)], additions), 14)
        self.assertEqual(age_points([(dec(0), 24)], additions), 0)


class TestBill(TestCase):
    def test_nothing_was_collected(self):
        self.assertEqual(bill([], CommissionRules(rates((0, 20))), dec(0), CENT), Bill(*[dec(0)] * 4))

    def test_without_free_days_all_that_is_paid_directly_counts(self):
        rules = CommissionRules(rates((0, 20)))
        self.assertEqual(bill([Collected(dec(100), 0, True)], rules, dec(0), CENT).commission, 20)
        self.assertEqual(bill([Collected(dec(100))], rules, dec(0), CENT).vat, 0)

    def test_what_is_free_fills_no_tier_and_stays_ours(self):
        rules = CommissionRules(rates((0, 20), (1000, 10)), free_days=5, vat_percent=dec(19))
        paid = [Collected(dec(500), 30), Collected(dec(1000), 5, True), Collected(dec(1000), 20)]
        found = bill(paid, rules, dec(0), CENT)
        self.assertEqual((found.base, found.commission, found.vat), (1500, 250, dec("47.50")))
        self.assertEqual(found.net, dec("2500") - 250 - dec("47.50"))

    def test_a_share_for_what_was_paid_directly_in_the_tier_it_reached(self):
        rules = CommissionRules(rates((0, 20), (1000, 10)), direct_percent=dec(50))
        paid = [Collected(dec(1000), 20), Collected(dec(1000), 10, True)]
        self.assertEqual(bill(paid, rules, dec(0), CENT).commission, 200)  # half of 200, then 100

    def test_commission_tax_and_net_add_up_in_each_currency(self):
        for unit in ("0.01", "1", "0.05", "0.001"):
            for amount in ("0.50", "33.33", "1003.07"):
                with self.subTest(unit=unit, amount=amount):
                    rules = CommissionRules(rates((0, "17.5")), vat_percent=dec(19))
                    found = bill([Collected(dec(amount))], rules, dec(0), dec(unit))
                    self.assertEqual(found.commission + found.vat + found.net, dec(amount))
                    self.assertEqual((found.commission % dec(unit), found.vat % dec(unit)), (0, 0))
                    self.assertLessEqual(abs(found.commission - dec(amount) * dec("0.175")), dec(unit) / 2)


class TestCheck(TestCase):
    def refusal(self, *pairs, additions=(), **values):
        points = tuple(AgeAddition(months, dec(points)) for months, points in additions)
        try:
            check(CommissionRules(rates(*pairs), points, **values))
        except CommissionRefused as refused:
            return refused.code
        return None

    def test_agreements(self):
        table = [
            (None, {}, (0, 0)),
            (None, {}, (0, 100)),
            (None, {"direct_percent": dec(0)}, (0, 20)),
            (None, {"vat_percent": dec(100)}, (0, 20)),
            (None, {"additions": ((12, 10), (24, 80))}, (0, 20), (1000, 10)),
            (BAD_PERCENT, {"additions": ((12, 10), (24, "80.5"))}, (0, 20), (1000, 10)),
            (BAD_PERCENT, {"additions": ((12, "-0.5"),)}, (0, 20)),
            (BAD_PERCENT, {}, (0, "100.5")),
            (BAD_PERCENT, {}, (0, "-0.5")),
            (BAD_PERCENT, {}, (0, 20), (1000, "-0.5")),
            (BAD_PERCENT, {"direct_percent": dec("100.5")}, (0, 20)),
            (BAD_PERCENT, {"vat_percent": dec("-0.5")}, (0, 20)),
            (NO_FIRST_RATE, {}, ("0.01", 20)),
            (NO_FIRST_RATE, {}, (-5, 20)),
            (NO_FIRST_RATE, {}, (-5, 20), (0, 20)),
            (SAME_START, {}, (0, 20), (10, 15), (10, 12)),
            (SAME_START, {"additions": ((12, 5), (12, 10))}, (0, 20)),
        ]
        for code, values, *pairs in table:
            with self.subTest(pairs=pairs, **values):
                self.assertEqual(self.refusal(*pairs, **values), code)
