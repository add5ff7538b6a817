"""The provision matrix, to the cent."""

from unittest import TestCase

from odoo.addons.ar_collections.core.recovery.allowance import (
    BAD_AMOUNT,
    BAD_FACTOR,
    BAD_RATE,
    FACTOR_REASON,
    NO_HISTORY,
    AllowanceRefused,
    Bucket,
    provide,
    roll_loss_rates,
    total,
)

from ..core_common import dec

PUBLISHED = [(15_000_000, "0.003"), (7_500_000, "0.016"), (4_000_000, "0.036"), (2_500_000, "0.066"),
             (1_000_000, "0.106")]  # fmt: skip


class TestAllowance(TestCase):
    def test_the_published_matrix(self):
        found = provide([Bucket(dec(balance), dec(rate)) for balance, rate in PUBLISHED])
        self.assertEqual([one.amount for one in found], [45_000, 120_000, 144_000, 165_000, 106_000])
        self.assertEqual(total(found), 580_000)

    def test_own_roll_rates_unrounded(self):
        rates = roll_loss_rates(dec(100_000), [dec(n) for n in (50_000, 23_000, 8_000, 2_000)])
        balances = (300_000, 140_000, 60_000, 23_000, 5_000)
        found = provide([Bucket(dec(n), rate) for n, rate in zip(balances, rates, strict=True)])
        self.assertEqual(total(found), dec("27567.39"))

    def test_forward_looking_factor_with_a_reason(self):
        bucket = Bucket(dec(1000), dec("0.10"))
        self.assertEqual(total(provide([bucket], dec("1.25"), "Prices of energy")), dec(125))
        self.assertEqual(total(provide([bucket], dec(20), "The end")), dec(1000))

    def test_the_insured_part_is_not_expected_to_be_lost(self):
        self.assertEqual(total(provide([Bucket(dec(1000), dec("0.10"), dec(900))])), dec(10))
        self.assertEqual(total(provide([Bucket(dec(1000), dec("0.10"), dec(1500))])), 0)

    def test_credits_are_no_expected_gain(self):
        self.assertEqual(total(provide([Bucket(dec(-500), dec("0.10"))])), 0)

    def test_what_cannot_be(self):
        bucket = Bucket(dec(100), dec("0.1"))
        for buckets, factor, reason, code in [
            ([Bucket(dec(1), dec("1.01"))], 1, "", BAD_RATE),
            ([Bucket(dec(1), dec("-0.01"))], 1, "", BAD_RATE),
            ([Bucket(dec(1), dec("nan"))], 1, "", BAD_RATE),
            ([Bucket(dec(1), dec("0.01")), Bucket(dec(1), dec("inf"))], 1, "", BAD_RATE),
            ([bucket], "inf", "Because", BAD_FACTOR),
            ([Bucket(dec(1), dec("0.01"), dec(-1))], 1, "", BAD_AMOUNT),
            ([bucket], "1.1", " ", FACTOR_REASON),
            ([bucket], "-1", "Because", BAD_FACTOR),
            ([bucket], "nan", "Because", BAD_FACTOR),
        ]:
            with self.subTest(code=code, factor=factor), self.assertRaises(AllowanceRefused) as refused:
                provide(buckets, dec(factor), reason)
            self.assertEqual(refused.exception.code, code)

    def test_rates_without_history(self):
        with self.assertRaises(AllowanceRefused) as refused:
            roll_loss_rates(dec(0), [dec(0), dec(0)])
        self.assertEqual(refused.exception.code, NO_HISTORY)

    def test_nothing_was_ever_lost(self):
        self.assertEqual(roll_loss_rates(dec(1000), [dec(10), dec(0)]), (0, 0, 1))
