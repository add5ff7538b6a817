"""An amount spread over the open items of a group, oldest first."""

from datetime import date
from decimal import Decimal
from unittest import TestCase

from odoo.addons.ar_collections.core.portal.allocation import (
    BAD_AMOUNT,
    BELOW_MINIMUM,
    NOTHING_SELECTED,
    PARTIAL_REFUSED,
    Allocation,
    PartialRules,
    Payable,
    PaymentPart,
    RequestRefused,
    allocate,
)
from odoo.addons.ar_collections.core.portal.capture import take_part
from odoo.addons.ar_collections.core.portal.spread import spread


def payable(number, left, day=1, **values):
    return Payable(number, date(2026, 5, day), "EUR", Decimal(left), **values)


class TestCoreCapture(TestCase):
    def test_parts_add_up_to_the_whole(self):
        rows = [(Decimal(cash), Decimal(discount)) for cash, discount in ((70, 0), (98, 2), (0, 5), (32, 0))]
        for first in range(1, 200, 13):
            parts = [
                *take_part(rows, Decimal(0), Decimal(first)),
                *take_part(rows, Decimal(first), Decimal(200 - first)),
            ]
            for number, (cash, discount) in enumerate(rows):
                found = [part for part in parts if part[0] == number]
                self.assertEqual(sum(part[1] for part in found), cash)
                self.assertEqual(sum(part[2] for part in found), discount if cash else 0)

    def test_no_more_than_there_is(self):
        self.assertEqual(list(take_part([(Decimal(70), Decimal(0))], Decimal(0), Decimal(90))), [(0, 70, 0)])
        self.assertEqual(list(take_part([(Decimal(70), Decimal(0))], Decimal(70), Decimal(20))), [])


class TestCoreSpread(TestCase):
    def test_oldest_first_whatever_the_order(self):
        items = [payable(3, 30, day=9), payable(2, 20, day=2), payable(1, 10, day=2)]
        self.assertEqual(spread(items, Decimal("35.50")), ({1: None, 2: None, 3: Decimal("5.50")}, Decimal(0)))
        self.assertEqual(spread(items, Decimal(5)), ({1: Decimal(5)}, Decimal(0)))

    def test_part_payments_by_the_rules_of_each_debtor(self):
        whole = PartialRules(allowed=False)
        items = [payable(1, 100, partial=whole), payable(2, 50, day=2), payable(3, 30, day=3, partial=whole)]
        self.assertEqual(spread(items, Decimal(90)), ({2: None, 3: None}, Decimal(10)))
        self.assertEqual(spread(items, Decimal(120)), ({1: None, 2: Decimal(20)}, Decimal(0)))
        self.assertEqual(spread(items, Decimal(40), PartialRules(minimum=Decimal(45))), ({3: None}, Decimal(10)))
        with self.assertRaises(RequestRefused) as refused:
            spread(items, Decimal(20), whole)
        self.assertEqual(refused.exception.code, PARTIAL_REFUSED)

    def test_every_cent_is_paid_or_left(self):
        items = [payable(1, "33.33"), payable(2, "66.67", discounted=Decimal("65.34")), payable(3, "0.01", day=2)]
        for cents in range(1, 12_000, 7):
            amount = Decimal(cents) / 100
            selected, left = spread(items, amount)
            allocation = allocate(items, selected)
            self.assertEqual(allocation.total + left, amount)
            self.assertTrue(left == 0 or set(selected) == {1, 2, 3})

    def test_nobody_is_asked_for_what_is_not_asked_for(self):
        items = [payable(1, 0), payable(2, 50, is_debt=False), payable(3, 40, day=8)]
        self.assertEqual(spread(items, Decimal(50)), ({3: None}, Decimal(10)))
        with self.assertRaises(RequestRefused) as caught:
            spread(items[:2], Decimal(50))
        self.assertEqual(caught.exception.code, NOTHING_SELECTED)
        for bad in ("-1", "0", "NaN", "Infinity"):
            with self.assertRaises(RequestRefused) as caught:
                spread(items, Decimal(bad))
            self.assertEqual(caught.exception.code, BAD_AMOUNT)

    def test_part_payments_follow_the_rules_of_the_debtor(self):
        whole = payable(1, 100, partial=PartialRules(allowed=False))
        large = payable(2, 100, partial=PartialRules(minimum=Decimal(60)))
        for item, code in ((whole, PARTIAL_REFUSED), (large, BELOW_MINIMUM)):
            with self.assertRaises(RequestRefused) as caught:
                allocate([item], spread([item], Decimal(50))[0])
            self.assertEqual(caught.exception.code, code)
        own = payable(3, 100)
        selected = {2: Decimal(60), 3: Decimal(1)}
        self.assertEqual(allocate([large, own], selected).total, 61)

    def test_credits_pay_only_their_owners_items(self):
        own, other = payable(1, 100), payable(2, 100, credits=frozenset())
        allocation = allocate([own, other], {1: None, 2: None}, credits={7: Decimal(500)})
        self.assertEqual(allocation.parts[1], PaymentPart(2, Decimal(100)))
        self.assertEqual(allocation.total, 100)

    def test_the_surplus_is_part_of_the_total(self):
        self.assertEqual(Allocation("EUR", (PaymentPart(1, Decimal(10)),), Decimal(5)).total, 15)
