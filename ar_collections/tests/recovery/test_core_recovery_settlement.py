"""Settlements: paid in time, or missed."""

from datetime import date
from unittest import TestCase

from odoo.addons.ar_collections.core.agreements.settlement import Settlement
from odoo.addons.ar_collections.core.recovery.settlement import (
    MISSED,
    NO_REASON,
    NOT_POSITIVE,
    NOT_REDUCED,
    NOTHING_SELECTED,
    OPEN,
    PAID,
    PAST_DATE,
    SettlementRefused,
    check_settlement,
    judge,
    rest_to_credit,
)

from ..core_common import dec

LAST = date(2026, 6, 30)


class TestSettlement(TestCase):
    def test_judged_by_money_and_its_day(self):
        for paid, today, state in [
            ([], LAST, OPEN),
            ([], date(2026, 7, 1), MISSED),
            ([(LAST, 600)], LAST, PAID),
            ([(date(2026, 7, 1), 600)], date(2026, 7, 2), MISSED),
            ([(date(2026, 6, 1), 300), (LAST, 300)], date(2026, 7, 2), PAID),
            ([(LAST, "599.99")], date(2026, 7, 1), MISSED),
        ]:
            with self.subTest(paid=paid, today=today):
                settlements = [Settlement(day, dec(amount)) for day, amount in paid]
                self.assertEqual(judge(dec(600), settlements, LAST, today), state)

    def test_losses_and_credit_notes_pay_nothing(self):
        self.assertEqual(judge(dec(600), [Settlement(LAST, dec(600), credit=True)], LAST, date(2026, 7, 1)), MISSED)

    def test_what_is_refused(self):
        today = date(2026, 6, 10)
        for agreed, owed, day, reason, code in [
            (600, 0, LAST, "No assets", NOTHING_SELECTED),
            (0, 1000, LAST, "No assets", NOT_POSITIVE),
            ("nan", 1000, LAST, "No assets", NOT_POSITIVE),
            (1000, 1000, LAST, "No assets", NOT_REDUCED),
            (600, 1000, date(2026, 6, 9), "No assets", PAST_DATE),
            (600, 1000, LAST, "  ", NO_REASON),
        ]:
            with self.subTest(code=code), self.assertRaises(SettlementRefused) as refused:
                check_settlement(dec(agreed), dec(owed), day, reason, today)
            self.assertEqual(refused.exception.code, code)

    def test_the_rest_is_what_was_released_and_is_still_open(self):
        self.assertEqual(rest_to_credit(dec(1000), dec(600), dec(400)), 400)
        self.assertEqual(rest_to_credit(dec(1000), dec(600), dec(100)), 100)
