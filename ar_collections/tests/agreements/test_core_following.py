"""Agreed amounts follow their invoice: nothing is lost, nothing is doubled, and no item holds more than it is worth."""

from decimal import Decimal
from itertools import product
from unittest import TestCase

from odoo.addons.ar_collections.core.agreements.following import follow

D = Decimal


class TestFollow(TestCase):
    def test_each_amount_is_kept_and_no_item_holds_too_much(self):
        for first, second, held, other in product(("0.01", 40, 100), (0, 60, 100), (0, "0.50", 100), (30, 200)):
            for exclusive in (False, True):
                with self.subTest(first=first, second=second, held=held, other=other, exclusive=exclusive):
                    parts = [("D1", 1, D(first)), ("D2", 9, D(second))]
                    items = {1: D(held), 2: D(other)}
                    found = follow(parts, items, exclusive)
                    for agreement, _item, amount in parts:
                        self.assertEqual(sum(found.get(agreement, {}).values()), amount)
                    for item, most in items.items():
                        self.assertLessEqual(sum(amounts.get(item, 0) for amounts in found.values()), most)

    def test_two_agreements_share_an_item_unless_it_can_be_in_one_alone(self):
        parts = [("D1", 1, D(40)), ("D2", None, D(50))]
        self.assertEqual(follow(parts, {1: D(100)}), {"D1": {1: D(40)}, "D2": {1: D(50)}})
        self.assertEqual(follow(parts, {1: D(100)}, exclusive=True), {"D1": {1: D(40)}, "D2": {None: D(50)}})

    def test_the_rest_of_one_agreement_may_return_to_an_item_of_its_own(self):
        parts = [("P1", 1, D(40)), ("P1", None, D(50))]
        self.assertEqual(follow(parts, {1: D(100)}, exclusive=True), {"P1": {1: D(90)}})

    def test_an_item_without_room_is_not_named(self):
        self.assertEqual(follow([("D1", 1, D(10))], {1: D(0), 2: D("0.50")}), {"D1": {2: D("0.50"), None: D("9.50")}})
        self.assertEqual(follow([("D1", 1, D(0))], {1: D(10)}), {})
