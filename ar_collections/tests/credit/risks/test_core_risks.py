"""What is a risk, at its boundary, and how many rows of the register are shown."""

from datetime import date, timedelta
from unittest import TestCase

from odoo.addons.ar_collections.core.credit.risks import (
    CONCENTRATION,
    MOST,
    UNMATCHED,
    Risk,
    RiskRules,
    ends_soon,
    get_share,
    is_at_least,
    is_customary,
    is_still,
    rank,
)

from ...core_common import dec

TODAY = date(2026, 6, 10)


class TestRisks(TestCase):
    def test_as_delivered(self):
        rules = RiskRules()
        self.assertEqual((rules.share, rules.large, rules.cover_days, rules.unmatched_days, rules.feed_days),
                         (20, 2, 30, 14, 5))  # fmt: skip

    def test_nothing_is_no_share_of_anything(self):
        table = [("0", 0, False), ("-5", 0, False), ("-5", -100, False), ("0.01", 0, True), ("0.01", "0.05", True),
                 ("0.01", "0.06", False)]  # fmt: skip
        for amount, total, expected in table:
            with self.subTest(amount=amount, total=total):
                self.assertEqual(is_at_least(dec(amount), dec(20), dec(total)), expected)
        self.assertTrue(is_at_least(dec("0.01"), dec("0.5"), dec(2)))
        self.assertEqual([get_share(dec(50), dec(total)) for total in ("-1", "0", "0.5")], [0, 0, 10000])
        self.assertEqual([is_customary(dec(covered), dec("0.9")) for covered in ("0", "0.5")], [False, True])

    def test_the_largest_of_each_kind(self):
        unmatched = [Risk(UNMATCHED, str(number), dec(number)) for number in range(MOST + 5)]
        few = [Risk(CONCENTRATION, str(number), dec(number)) for number in range(3)]
        found = rank([*unmatched, *few])
        self.assertEqual((MOST, len(found)), (20, MOST + 3))
        self.assertEqual([int(risk.amount) for risk in found if risk.kind == UNMATCHED], list(range(24, 4, -1)))
        self.assertEqual([int(risk.amount) for risk in found if risk.kind == CONCENTRATION], [2, 1, 0])

    def test_equal_amounts_keep_their_order_from_day_to_day(self):
        pair = [Risk(UNMATCHED, key, dec(7)) for key in ("8", "7")]
        self.assertEqual([risk.key for risk in rank(pair)], [risk.key for risk in rank(reversed(pair))])

    def test_a_feed_stands_still_after_three_times_its_usual_pause(self):
        table = [
            (90, 5, 5, False),  # a movement a day: the days of the rules
            (90, 5, 6, True),
            (30, 5, 9, False),  # every third day
            (30, 5, 10, True),
            (12, 5, 22, False),  # twelve days of ninety are regular
            (12, 5, 23, True),
            (11, 5, 400, False),
            (90, 0, 400, False),  # switched off
        ]
        for days, feed_days, pause, expected in table:
            with self.subTest(days=days, feed_days=feed_days, pause=pause):
                last = TODAY - timedelta(days=pause)
                self.assertEqual(is_still(last, days, RiskRules(feed_days=feed_days), TODAY), expected)

    def test_without_days_before_the_end_of_a_cover_nothing_is_told(self):
        for ended in (date(2020, 1, 1), TODAY):
            with self.subTest(ended=ended):
                self.assertFalse(ends_soon(ended, RiskRules(cover_days=0), TODAY))
                self.assertTrue(ends_soon(ended, RiskRules(), TODAY))
