"""Expected losses at their boundaries: rates, credits of a customer, and what an insurer pays."""

from itertools import product
from unittest import TestCase

from odoo.addons.ar_collections.core.recovery.allowance import (
    NO_HISTORY,
    AllowanceRefused,
    Bucket,
    insured_parts,
    provide,
    roll_loss_rates,
    set_off,
    total,
)

from ...core_common import dec


class TestRates(TestCase):
    def test_what_was_lost_of_what_came_in(self):
        table = [
            (("0.50",), [dec("0.005"), 1]),
            (("0",), [0, 1]),
            (("-5",), [0, 1]),  # more was credited than sold
            (("100",), [1, 1]),
            (("150",), [1, 1]),  # more was unpaid than sold: older debts
            (("50", "0", "10"), [dec("0.1"), dec("0.2"), 1, 1]),
            (("50", "0", "0"), [0, 0, 0, 1]),
        ]
        for unpaid, rates in table:
            with self.subTest(unpaid=unpaid):
                self.assertEqual(list(roll_loss_rates(dec(100), [dec(amount) for amount in unpaid])), rates)

    def test_sales_below_one_unit_are_a_history_and_none_are_not(self):
        self.assertEqual(roll_loss_rates(dec("0.50"), [dec("0.25")]), (dec("0.5"), 1))
        for sales, unpaid in ((0, [dec(1)]), ("-1", [dec(1)]), (100, [])):
            with self.subTest(sales=sales), self.assertRaises(AllowanceRefused) as refused:
                roll_loss_rates(dec(sales), unpaid)
            self.assertEqual(refused.exception.code, NO_HISTORY)


class TestProvision(TestCase):
    def provision(self, balance, rate, insured=0, factor=1, **values):
        (found,) = provide([Bucket(dec(balance), dec(rate), dec(insured))], dec(factor), "Prices", **values)
        return found

    def test_nothing_all_and_a_little(self):
        table = [
            (("100", "0"), 0),
            (("100", "1"), 100),
            (("0.50", "0.5"), "0.25"),
            (("100", "0.005", 0, 2), 1),
            (("100", "0.5", 0, 0), 0),
            (("100", "0.5", 0, 3), 100),
            (("100", "0.5", "99.50"), "0.25"),
            (("100", "0.5", 100), 0),
        ]
        for values, amount in table:
            with self.subTest(values=values):
                self.assertEqual(self.provision(*values).amount, dec(amount))

    def test_rounded_to_the_unit_of_the_currency(self):
        for unit, amount in (("0.01", "12.35"), ("1", "12"), ("0.05", "12.35"), ("0.001", "12.346")):
            with self.subTest(unit=unit):
                self.assertEqual(self.provision("123.456", "0.1", unit=dec(unit)).amount, dec(amount))

    def test_the_table_adds_up(self):
        found = provide([Bucket(dec("0.33"), dec("0.5")) for _number in range(3)])
        self.assertEqual([one.amount for one in found], [dec("0.17")] * 3)
        self.assertEqual((total(found), total(())), (dec("0.51"), 0))


class TestCustomer(TestCase):
    buckets = [dec(100), dec(50), dec("0.50")]

    def test_credits_cover_the_oldest_debts_and_nothing_below_zero(self):
        for credits in ("-5", "0", "0.25", "0.50", "50.50", "51", "150.50", "500"):
            with self.subTest(credits=credits):
                left = set_off(self.buckets, dec(credits))
                self.assertEqual(sum(left), max(dec("150.50") - max(dec(credits), 0), 0))
                self.assertTrue(all(0 <= after <= before for after, before in zip(left, self.buckets, strict=True)))
        oldest_first = {"0.25": (100, 50, "0.25"), "50.50": (100, 0, 0), "51": ("99.50", 0, 0)}
        for credits, left in oldest_first.items():
            with self.subTest(credits=credits):
                self.assertEqual(set_off(self.buckets, dec(credits)), tuple(map(dec, left)))

    def test_an_insurer_pays_its_share_of_each_age(self):
        for amount, percent in product((0, "0.50", 100, 500), (0, 90, 100)):
            with self.subTest(amount=amount, percent=percent):
                parts = insured_parts(self.buckets, dec(amount), dec(percent))
                covered = min(dec(amount), dec("150.50")) * percent / 100
                self.assertAlmostEqual(sum(parts), covered, 20)
                shares = [part / bucket for part, bucket in zip(parts, self.buckets, strict=True)]
                self.assertAlmostEqual(max(shares), min(shares), 20)
        self.assertEqual(insured_parts([dec(0), dec(0)], dec(500), dec(90)), (0, 0))
