"""Proposals by amount: sums of a few items, discounts, and the pause after a series of payments."""

from datetime import date, timedelta
from decimal import Decimal
from unittest import TestCase

from odoo.addons.ar_collections.core.matching.hold import held_until
from odoo.addons.ar_collections.core.matching.matching import (
    AMBIGUOUS,
    DISCOUNTED_AMOUNT,
    EXACT_AMOUNT,
    REFERENCE,
    SUBSET_ITEMS,
    Received,
    Suggestion,
    Target,
    suggest,
)
from odoo.addons.ar_collections.core.payments import UnmatchedPayment

TODAY = date(2026, 6, 10)


def target(item_id, amount, late=10, **values):
    """Return an item of the invoice with its number."""
    due = TODAY - timedelta(days=late)
    return Target(item_id, item_id, due, "EUR", Decimal(str(amount)), (f"INV/2026/{item_id:05}",), **values)


def found(amount, targets, *texts):
    """Return what a payment of today was probably made for."""
    return suggest(Received("EUR", Decimal(str(amount)), TODAY, texts), targets, TODAY)


class TestSums(TestCase):
    """Items of 1, 2, 4, 8, ...: each sum is that of one set."""

    targets = [target(number, 2**number, late=90 - number) for number in range(SUBSET_ITEMS + 2)]

    def sum_of(self, *numbers):
        return [one.item_ids for one in found(sum(2**number for number in numbers), self.targets).proposals]

    def test_up_to_four_items(self):
        for numbers in ((0, 1), (0, 5, 9), (2, 3, 7, 11)):
            with self.subTest(numbers=numbers):
                self.assertEqual(self.sum_of(*numbers), [numbers])
        self.assertEqual(self.sum_of(0, 1, 2, 3, 4), [])

    def test_among_the_twenty_oldest(self):
        self.assertEqual(self.sum_of(0, 19), [(0, 19)])
        self.assertEqual(self.sum_of(0, 20), [])

    def test_two_sums_of_one_size_are_ambiguous_and_a_smaller_one_comes_first(self):
        items = [target(1, 10), target(2, 20), target(3, 30), target(4, 40), target(5, 25), target(6, 5)]
        self.assertEqual(found(50, items[:4]).code, AMBIGUOUS)
        self.assertEqual([one.item_ids for one in found(65, [*items[3:], items[0], items[1]]).proposals], [(4, 5)])


class TestDiscounts(TestCase):
    def discounted(self, item_id, amount, least, until=TODAY):
        return target(item_id, amount, discounted=Decimal(str(least)), discount_until=until)

    def test_the_discounted_amount_alone_and_in_time(self):
        item = self.discounted(1, 100, 98)
        for amount, code in ((98, DISCOUNTED_AMOUNT), ("98.01", None), (97, None), (100, EXACT_AMOUNT)):
            with self.subTest(amount=amount):
                self.assertEqual(found(amount, [item]).code, code)
        self.assertIsNone(found(98, [self.discounted(1, 100, 98, TODAY - timedelta(days=1))]).code)
        self.assertIsNone(found(98, [self.discounted(1, 100, 98, None)]).code)

    def test_two_of_one_discounted_amount_are_ambiguous(self):
        self.assertEqual(found(98, [self.discounted(1, 100, 98), self.discounted(2, 100, 98)]).code, AMBIGUOUS)

    def test_one_in_full_and_one_with_discount_are_two_proposals(self):
        codes = [one.code for one in found(98, [target(1, 98), self.discounted(2, 100, 98)]).proposals]
        self.assertEqual(codes, [EXACT_AMOUNT, DISCOUNTED_AMOUNT])


class TestSuggestion(TestCase):
    def test_the_same_items_are_proposed_once(self):
        items = [target(1, 80), target(2, 50)]
        self.assertEqual([(one.code, one.item_ids) for one in found(80, items, "INV/2026/00001").proposals],
                         [(REFERENCE, (1,))])  # fmt: skip
        both = found(80, items, "INV/2026/00002")
        self.assertEqual([one.code for one in both.proposals], [REFERENCE, EXACT_AMOUNT])
        self.assertEqual([one.item_ids for one in both.only(EXACT_AMOUNT).proposals], [(1,)])
        self.assertIsNone(both.only("all_due").best)

    def test_a_reference_is_sure_where_amounts_are_not(self):
        twins = [target(1, 80), target(2, 80)]
        self.assertFalse(found(80, twins, "INV/2026/00002").is_ambiguous)
        self.assertTrue(found(80, twins).is_ambiguous)

    def test_nothing_fits(self):
        self.assertEqual((Suggestion().code, Suggestion().best), (None, None))
        self.assertEqual(found(42, [target(1, 80)]), Suggestion())


class TestHold(TestCase):
    def test_who_pays_something_each_week_is_reminded_all_the_same(self):
        def weekly(weeks):
            days = [TODAY - timedelta(weeks=week) for week in range(weeks)]
            return [UnmatchedPayment(day, day, "EUR", Decimal(1)) for day in days]

        week = timedelta(days=7)
        self.assertEqual([held_until(weekly(count), 7, TODAY) for count in (1, 2, 3, 4)],
                         [TODAY + week, TODAY + week, TODAY + week, None])  # fmt: skip
