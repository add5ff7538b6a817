from datetime import date, timedelta
from decimal import Decimal
from time import process_time
from unittest import TestCase

from odoo.addons.ar_collections.core.matching import hold, matching
from odoo.addons.ar_collections.core.matching.references import find_named, index_numbers, parts_of
from odoo.addons.ar_collections.core.payments import UnmatchedPayment

TODAY = date(2026, 6, 10)


def target(item_id, amount, late=10, number=None, currency="EUR", document=None, **values):
    numbers = (number or f"INV/2026/{item_id:05}",)
    due = TODAY - timedelta(days=late)
    return matching.Target(item_id, document or item_id, due, currency, Decimal(str(amount)), numbers, **values)


def suggest(amount, *targets, texts=(), currency="EUR", day=TODAY):
    return matching.suggest(matching.Received(currency, Decimal(str(amount)), day, texts), targets, TODAY)


def proposals(*args, **values):
    return [(proposal.code, proposal.item_ids) for proposal in suggest(*args, **values).proposals]


class TestReferences(TestCase):
    def _named(self, text, *numbers):
        return sorted(find_named(text, {number: [number] for number in numbers}))

    def test_case_spaces_punctuation_and_leading_zeros_do_not_matter(self):
        number = "INV/2026/00012"
        for text in (
            "INV/2026/00012", "inv/2026/00012", "INV 2026 00012", "INV-2026-12", "INV202600012", "Re: inv.2026.12!",
            "INV/2026/00012-1", "your invoice INV/2026/00012 of 1 June",
        ):  # fmt: skip
            with self.subTest(text=text):
                self.assertEqual(self._named(text, number), [number])

    def test_a_number_is_never_found_within_another(self):
        for number, text in (
            ("INV/2026/00012", "INV/2026/00120"), ("INV/2026/00012", "INV/2026/000121"), ("10", "2010"), ("10", "10"),
            ("2026", "March 2026"), ("INV/2026/00012", "RINV/2026/00012"), ("INV/2026/00012", "2026 12"),
            ("INV/2026/00012", "00012"), ("INV/2026/00012", "INV/2026/00012A"), ("INV/2026/1/0002", "INV/2026/10002"),
            ("2026/00012", "2026-12-05"), ("", "anything"),
        ):  # fmt: skip
            with self.subTest(number=number, text=text):
                self.assertEqual(self._named(text, number), [])

    def test_the_longest_number_is_meant(self):
        self.assertEqual(self._named("INV/2026/00012/3", "INV/2026/00012", "INV/2026/00012/3"), ["INV/2026/00012/3"])

    def test_several_numbers_are_all_named(self):
        both = ["INV/2026/00012", "INV/2026/00013"]
        self.assertEqual(self._named("INV/2026/00012, INV/2026/00013", *both), both)

    def test_structured_references_may_be_grouped_in_any_way(self):
        for number, text in (
            ("RF18539007547034", "rf18 5390 0754 7034"), ("+++123/1234/12345+++", "123123412345"),
            ("00 00000 00000 00000 00000 12343", "000000000000000000000012343"),
        ):  # fmt: skip
            with self.subTest(number=number):
                self.assertEqual(self._named(text, number), [number])

    def test_the_ways_in_which_people_write_a_number(self):
        for number, text in (
            ("INV202600012", "INV 2026 00012"), ("INV/2026/00012", "INV2026 00012"),
            ("INV/2026/00012", "(INV2026/00012)"), ("2026/INV/00012", "2026INV 00012"),
            ("2026/00012", "2026/00012"), ("2026/00012", "2026 00012."),
            ("INV/00012", "inv 12"), ("+++123/1234/12345+++", "1231 2341 2345"), ("INV/000/12", "INV 0 12"),
        ):  # fmt: skip
            with self.subTest(number=number, text=text):
                self.assertEqual(self._named(text, number), [number])
        for number, text in (
            ("INV/2026/00012", "INV 202600 012"), ("F1/2026", "F 12026"),
            ("INV/0A12/7", "INV A12 7"), ("1231/2341/234", "12312 341 234"),
        ):  # fmt: skip
            with self.subTest(number=number, text=text):
                self.assertEqual(self._named(text, number), [])

    def test_a_number_at_the_end_of_a_longer_one_is_not_meant(self):
        longer = "DE/INV/2026/00012"
        self.assertEqual(self._named("DE/INV/2026/00012", "INV/2026/00012", longer), [longer])
        self.assertEqual(self._named("INV/2026/00012", "INV/2026/00012", longer), ["INV/2026/00012"])

    def test_how_far_a_text_is_read(self):
        self.assertEqual(parts_of(" (Inv. 12)\n"), ("INV", "12"))
        self.assertEqual(parts_of("..."), ())
        number = "+++123/1234/12345+++"
        self.assertEqual(self._named("1 2 3 1 2 3 4 1 2 345", number), [number])  # ten parts
        self.assertEqual(self._named("1 2 3 1 2 3 4 1 2 3 45", number), [])
        for words, named in ((79, [number]), (80, [])):
            with self.subTest(words=words):
                self.assertEqual(self._named("word " * words + "123123412345", number), named)

    def test_a_reference_of_all_invoices_of_a_customer_names_none(self):
        self.assertFalse(find_named("RF18539007547034", {1: ["RF18539007547034"], 2: ["RF18539007547034"]}))

    def test_many_texts_are_looked_up_among_many_numbers_within_seconds(self):
        index = index_numbers({number: [f"INV/2026/{number:05}"] for number in range(2000)})
        start = process_time()
        found = [find_named(f"Payment for inv 2026-{number}, thanks", index) for number in range(1000, 2000)]
        self.assertEqual(found, [{number} for number in range(1000, 2000)])
        self.assertLess(process_time() - start, 4)

    def test_a_long_text_is_read_up_to_a_limit(self):
        self.assertEqual(self._named("INV/2026/00012 " + "word " * 100_000, "INV/2026/00012"), ["INV/2026/00012"])


class TestSuggestions(TestCase):
    def test_the_reference_comes_first(self):
        found = proposals(100, target(1, 100), target(2, 300), texts=("INV/2026/00002",))
        self.assertEqual(found, [("reference", (2,)), ("exact_amount", (1,))])

    def test_all_installments_of_a_named_invoice_are_meant_oldest_first(self):
        parts = [target(2, 50, late=-20, document=7, number="INV/2026/00007"), target(1, 50, document=7,
                 number="INV/2026/00007")]  # fmt: skip
        self.assertEqual(proposals(80, *parts, texts=("INV/2026/00007",)), [("reference", (1, 2))])

    def test_one_exact_amount(self):
        self.assertEqual(proposals(100, target(1, 100), target(2, 100.01)), [("exact_amount", (1,))])

    def test_two_items_of_one_amount_are_ambiguous(self):
        suggestion = suggest(100, target(1, 100), target(2, 100))
        self.assertEqual((suggestion.proposals, suggestion.code), ((), "ambiguous"))

    def test_the_reference_decides_between_two_items_of_one_amount(self):
        found = suggest(100, target(1, 100), target(2, 100), texts=("inv 2026 2",))
        self.assertEqual((found.code, found.best.item_ids), ("reference", (2,)))

    def test_a_discount_taken_in_time(self):
        item = target(1, 100, late=-20, discounted=Decimal(98), discount_until=TODAY)
        self.assertEqual(proposals(98, item), [("discounted_amount", (1,))])
        self.assertEqual(proposals(98, item, day=TODAY + timedelta(days=1)), [])

    def test_totals(self):
        items = [target(1, 10, late=5), target(2, 20, late=0), target(3, 40, late=-5)]
        self.assertEqual(proposals(30, *items), [("all_due", (1, 2))])
        self.assertEqual(proposals(70, *items), [("all_open", (1, 2, 3))])
        overdue = [target(1, 10, late=5), target(2, 20, late=4), target(3, 40, late=0)]
        self.assertEqual(proposals(30, *overdue), [("all_overdue", (1, 2))])

    def test_the_sum_of_a_few_items_where_only_one_fits(self):
        items = [target(1, 10), target(2, 25), target(3, 40), target(4, 77)]
        self.assertEqual(proposals(65, *items), [("some_items", (2, 3))])
        self.assertEqual(suggest(50, target(1, 10), target(2, 20), target(3, 30), target(4, 40)).code, "ambiguous")

    def test_the_search_for_a_sum_is_bounded(self):
        items = [target(n, 1 + n / 7, late=n) for n in range(1, 2000)]
        self.assertIsNone(suggest("99999.99", *items).code)

    def test_nothing_fits(self):
        self.assertIsNone(suggest(42, target(1, 100)).code)
        self.assertIsNone(suggest(42).code)

    def test_another_currency_is_proposed_by_reference_alone(self):
        item = target(1, 100)
        self.assertEqual(proposals(100, item, currency="USD"), [])
        self.assertEqual(proposals(55, item, currency="USD", texts=("INV/2026/00001",)), [("reference", (1,))])


class TestHold(TestCase):
    def _paid(self, *days, **values):
        return [UnmatchedPayment(TODAY + timedelta(days=day), TODAY, "EUR", Decimal(1), **values) for day in days]

    def _until(self, *days, today=0, hold_days=3):
        until = hold.held_until(self._paid(*days), hold_days, TODAY + timedelta(days=today))
        return until and (until - TODAY).days

    def test_each_payment_holds_for_the_days_of_the_policy(self):
        self.assertEqual([self._until(0, today=day) for day in range(4)], [3, 3, 3, None])

    def test_a_new_payment_starts_its_own_hold(self):
        self.assertEqual((self._until(0, 2, today=3), self._until(0, 10, today=10)), (5, 13))

    def test_a_flood_of_payments_does_not_hold_for_ever(self):
        flood = range(60)
        held = [day for day in range(60) if self._until(*[d for d in flood if d <= day], today=day) is not None]
        self.assertEqual(held, list(range(9)))

    def test_after_a_pause_a_new_series_holds_again(self):
        self.assertEqual(self._until(*range(20), 24, today=24), 27)

    def test_no_days_and_no_payments_hold_nothing(self):
        self.assertIsNone(self._until(0, hold_days=0))
        self.assertIsNone(self._until())
        self.assertIsNone(self._until(5))

    def test_a_credit_that_is_deducted_already_counts_where_it_is_for_a_listed_item(self):
        credit = self._paid(0, is_credit=True, item_ids=frozenset({1}))
        self.assertEqual(len(hold.relevant(credit, {1, 2}, {(None, "EUR")})), 1)
        self.assertEqual(len(hold.relevant(credit, {2}, {(None, "EUR")})), 0)
        self.assertEqual(len(hold.relevant(credit, {2}, {(None, "USD")})), 1)
        self.assertEqual(len(hold.relevant(self._paid(0), {2}, {(None, "EUR")})), 1)
