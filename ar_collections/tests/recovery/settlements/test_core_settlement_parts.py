"""What pays a settlement, what is left to pay, and what falls on each item."""

from datetime import date
from itertools import permutations
from unittest import TestCase

from odoo.addons.ar_collections.core.agreements.settlement import Settlement
from odoo.addons.ar_collections.core.recovery.settlement import (
    check_settlement,
    judge,
    left_to_pay,
    paid_since,
    spread,
)

from ...core_common import dec

LAST = date(2026, 6, 30)


def june(day, amount, **values):
    return Settlement(date(2026, 6, day), dec(amount), **values)


class TestPaidSince(TestCase):
    """An item of 1,000, of which 200 were paid before it was agreed with 800 left."""

    before, paid, credited = june(1, 200), june(20, 300), june(25, 100, credit=True)

    def since(self, now, *settlements):
        return sorted((one.day.day, str(one.amount)) for one in paid_since(dec(800), dec(now), settlements))

    def test_in_whatever_order_they_are_read(self):
        for order in permutations((self.before, self.paid, self.credited)):
            with self.subTest(order=order):
                self.assertEqual(self.since(400, *order), [(20, "300")])

    def test_several_payments_and_cents(self):
        parts = june(20, "0.50"), june(22, 300), june(24, "0.50")
        self.assertEqual(self.since(499, self.before, *parts), [(20, "0.50"), (22, "300"), (24, "0.50")])

    def test_what_was_undone_since_is_not_counted(self):
        self.assertEqual(self.since(800, self.before), [])
        self.assertEqual(self.since(900, self.before), [])
        self.assertEqual(self.since("799.50", self.before), [(1, "0.50")])

    def test_a_loss_beside_the_payment_pays_nothing(self):
        lost = june(29, 600, loss=True)
        self.assertEqual(judge(dec(600), [lost], LAST, date(2026, 7, 1)), "missed")
        self.assertEqual(judge(dec(600), [lost, june(30, 600)], LAST, date(2026, 7, 1)), "paid")


class TestParts(TestCase):
    def test_what_is_left_to_pay(self):
        for paid, pending, left in ((0, 0, 600), (600, 0, 0), (0, 600, 0), (599, "0.50", "0.50"), (700, 0, 0)):
            with self.subTest(paid=paid, pending=pending):
                self.assertEqual(left_to_pay(dec(600), dec(paid), dec(pending)), dec(left))

    def test_the_parts_add_up_and_none_is_above_what_is_open(self):
        amounts = {1: dec(300), 2: dec(0), 3: dec("0.50"), 4: dec(200)}
        for rest in ("0", "0.25", "300", "300.25", "300.50", "500.50", "900"):
            with self.subTest(rest=rest):
                parts = spread(dec(rest), amounts)
                self.assertEqual(sum(parts.values()), min(dec(rest), dec("500.50")))
                self.assertTrue(all(0 < part <= amounts[item] for item, part in parts.items()))
                self.assertEqual(list(parts), [item for item in amounts if item in parts])

    def test_the_last_day_may_be_today_and_the_agreed_part_small(self):
        self.assertIsNone(check_settlement(dec("0.01"), dec("0.02"), LAST, "No assets", LAST))
        self.assertIsNone(check_settlement(dec("999.99"), dec(1000), LAST, "No assets", LAST))
