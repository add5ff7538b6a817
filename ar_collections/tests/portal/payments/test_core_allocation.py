"""What a payment settles, and which requests are refused."""

from datetime import date, timedelta
from decimal import Decimal
from unittest import TestCase

from odoo.addons.ar_collections.core.customers.aging import EDGES, age, bucket
from odoo.addons.ar_collections.core.portal import allocation as rules
from odoo.addons.ar_collections.core.portal.allocation import (
    PartialRules,
    Payable,
    RequestRefused,
    allocate,
    allocate_at_most,
    allocate_credits,
)

A = Payable(1, date(2026, 5, 1), "EUR", Decimal("300.00"))

B = Payable(2, date(2026, 6, 1), "EUR", Decimal("100.00"), discounted=Decimal("98.00"))

FOREIGN = Payable(3, date(2026, 5, 5), "USD", Decimal("50.00"))

PENDING = Payable(4, date(2026, 5, 5), "EUR", Decimal(0))

ALL = (B, A, FOREIGN, PENDING)


class TestAllocate(TestCase):
    def _parts(self, selected, **options):
        return [(part.item_id, part.amount, part.discount) for part in allocate(ALL, selected, **options).parts]

    def test_whole_items_oldest_first_with_their_discount(self):
        self.assertEqual(self._parts({2: None, 1: None}), [(1, 300, 0), (2, 98, 2)])

    def test_a_part_earns_no_discount(self):
        self.assertEqual(self._parts({2: Decimal(97)}), [(2, 97, 0)])

    def test_who_types_the_full_amount_gets_the_discount_all_the_same(self):
        for amount in ("98", "98.01", "99", "100"):
            with self.subTest(amount=amount):
                self.assertEqual(self._parts({2: Decimal(amount)}), [(2, 98, 2)])
                for strict in (PartialRules(allowed=False), PartialRules(minimum=Decimal(200))):
                    self.assertEqual(self._parts({2: Decimal(amount)}, partial=strict), [(2, 98, 2)])

    def test_credits_are_used_oldest_item_first_and_not_on_discounted_ones(self):
        allocation = allocate(ALL, {1: None, 2: None}, credits={8: Decimal(200), 9: Decimal(150)})
        first, second = allocation.parts[0], allocation.parts[1]
        self.assertEqual((first.amount, first.credits), (0, ((8, 200), (9, 100))))
        self.assertEqual((second.amount, second.credits), (98, ()))
        self.assertEqual(allocation.total, 98)

    def test_the_parts_add_up_to_what_is_settled(self):
        for cents in range(1, 30000, 777):
            amount = Decimal(cents) / 100
            part = allocate(ALL, {1: amount}, credits={8: Decimal("10.01")} if cents > 1100 else None).parts[0]
            used = sum(credit for _id, credit in part.credits)
            self.assertEqual(part.amount + used, amount)

    def test_never_more_than_announced_whatever_credits_and_discounts_there_are(self):
        for announced in range(10, 410, 10):
            for credit in range(0, 420, 20):
                with self.subTest(announced=announced, credit=credit):
                    owed, credits = 400 - credit, {8: Decimal(credit)} if credit else {}
                    if owed <= 0:
                        continue
                    found = allocate_at_most([A, B], {1: None, 2: None}, Decimal(announced), credits)
                    used = sum(amount for part in found.parts for _id, amount in part.credits)
                    self.assertLessEqual(found.total, announced)
                    self.assertLessEqual(used, credit)
                    if announced >= owed:  # all of it is settled
                        discount = sum(part.discount for part in found.parts)
                        self.assertEqual(found.total + discount + used, 400)
                    else:
                        self.assertIn(found.total, (announced, 98))

    def test_the_items_may_come_one_by_one(self):
        found = allocate_at_most((each for each in (A, B)), {1: None, 2: None}, Decimal(390))
        self.assertEqual(found.total, 390)

    def test_a_credit_of_another_account_is_not_used(self):
        item = Payable(6, date(2026, 5, 1), "EUR", Decimal(100), credits=frozenset({9}))
        part = allocate([item], {6: None}, credits={8: Decimal(60), 9: Decimal(30)}).parts[0]
        self.assertEqual((part.amount, part.credits), (70, ((9, 30),)))

    def test_credits_settle_exactly_the_chosen_parts(self):
        c = Payable(5, date(2026, 6, 1), "EUR", Decimal("400.00"))
        allocation = allocate_credits([A, c], {1: Decimal(50), 5: Decimal(60)}, credits={8: Decimal(200)})
        self.assertEqual(
            [(part.item_id, part.credits) for part in allocation.parts], [(1, ((8, 50),)), (5, ((8, 60),))]
        )
        self.assertEqual(allocation.total, 0)


class TestRefusals(TestCase):
    def _refused(self, code, selected, **options):
        with self.assertRaises(RequestRefused) as caught:
            allocate(ALL, selected, **options)
        self.assertEqual(caught.exception.code, code)

    def test_every_refusal(self):
        cases = [
            (rules.NOTHING_SELECTED, {}),
            (rules.UNKNOWN_ITEM, {99: None}),
            (rules.UNKNOWN_ITEM, {4: None}),
            (rules.MIXED_CURRENCIES, {1: None, 3: None}),
            (rules.BAD_AMOUNT, {1: Decimal(0)}),
            (rules.BAD_AMOUNT, {1: Decimal("-0.01")}),
            (rules.BAD_AMOUNT, {1: Decimal("NaN")}),
            (rules.BAD_AMOUNT, {1: Decimal("Infinity")}),
            (rules.TOO_MUCH, {1: Decimal("300.01")}),
        ]
        for code, selected in cases:
            with self.subTest(code=code, selected=selected):
                self._refused(code, selected)

    def test_the_policy_on_parts(self):
        self._refused(rules.PARTIAL_REFUSED, {1: Decimal(299)}, partial=PartialRules(allowed=False))
        self._refused(rules.BELOW_MINIMUM, {1: Decimal("24.99")}, partial=PartialRules(minimum=Decimal(25)))

    def test_the_last_rest_may_be_smaller_than_the_smallest_part(self):
        rest = Payable(5, date(2026, 5, 1), "EUR", Decimal("3.50"))
        strict = PartialRules(allowed=False, minimum=Decimal(25))
        self.assertEqual(allocate([rest], {5: Decimal("3.50")}, partial=strict).total, Decimal("3.50"))

    def test_covered_by_credit_charges_nothing(self):
        self._refused(rules.COVERED_BY_CREDIT, {1: None}, credits={8: Decimal(300)})

    def test_credits_that_do_not_cover_the_selection(self):
        for credits in ({}, {8: Decimal("299.99")}, {8: Decimal(0)}):
            with self.subTest(credits=credits), self.assertRaises(RequestRefused) as caught:
                allocate_credits(ALL, {1: None}, credits)
            self.assertEqual(caught.exception.code, rules.NOT_COVERED)


class TestAging(TestCase):
    TODAY = date(2026, 6, 30)

    def test_edges(self):
        expected = {-1: 0, 0: 0, 1: 1, 30: 1, 31: 2, 60: 2, 61: 3, 90: 3, 91: 4, 120: 4, 121: 5, 4000: 5}
        found = {days: bucket(self.TODAY - timedelta(days=days), self.TODAY) for days in expected}
        self.assertEqual(found, expected)

    def test_buckets_add_up_whatever_the_edges(self):
        items = [(self.TODAY - timedelta(days=days), Decimal(days)) for days in range(1, 200, 7)]
        for edges in (EDGES, (15,), (30, 60)):
            with self.subTest(edges=edges):
                self.assertEqual(sum(age(items, self.TODAY, edges)), sum(amount for _due, amount in items))
