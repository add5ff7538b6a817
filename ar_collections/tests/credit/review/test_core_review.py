"""The rules of the data review beyond their doctests."""

from dataclasses import replace
from datetime import date
from unittest import TestCase

from odoo.addons.ar_collections.core.credit.review import (
    NAMED,
    SAME_EMAIL,
    SAME_NAME,
    SAME_VAT,
    Contact,
    DataFacts,
    Records,
    ReviewRules,
    find,
    find_same,
    vat_key,
)

TODAY = date(2026, 6, 10)


class TestCoreReview(TestCase):
    def _codes(self, rules=None, **facts):
        return [found.code for found in find(replace(DataFacts(), **facts), rules or ReviewRules(), TODAY)]

    def test_nothing_is_found_where_everything_is_there(self):
        self.assertEqual(self._codes(), [])

    def test_an_address_that_failed_is_not_missing_too(self):
        self.assertEqual(self._codes(unreached=frozenset({"email"})), ["no_address"])
        self.assertEqual(self._codes(unreached=frozenset({"email"}), failed=("a@b.example",)), ["failed_address"])

    def test_what_concerns_the_contact_is_found_with_the_main_account_alone(self):
        facts = {"has_phone": False, "has_vat": True, "duplicates": ((SAME_VAT, (5,)),), "unsent": Records((1,), 1)}
        self.assertEqual(self._codes(**facts), ["no_phone", "no_vat", "same_vat", "not_sent"])
        self.assertEqual(self._codes(is_main=False, **facts), ["not_sent"])

    def test_a_number_of_unknown_form_is_neither_missing_nor_wrong(self):
        self.assertEqual(self._codes(vat="12-3456789", has_vat=False, is_vat_valid=None), [])

    def test_a_limit_is_to_be_reviewed_after_its_day(self):
        self.assertEqual(self._codes(has_limit=True), ["no_review"])
        self.assertEqual(self._codes(has_limit=True, review_on=TODAY), [])
        self.assertEqual(self._codes(review_on=date(2020, 1, 1)), [])

    def test_many_duplicates_are_counted_and_some_of_them_named(self):
        (found,) = find(DataFacts(duplicates=((SAME_EMAIL, tuple(range(1, 31))),)), ReviewRules(), TODAY)
        self.assertEqual((len(found.ids), found.number), (NAMED, 30))

    def test_who_has_another_vat_number_is_another_customer(self):
        contacts = [Contact(1, 1, "BE1"), Contact(2, 2, "BE2"), Contact(3, 3)]
        self.assertEqual(find_same(SAME_NAME, contacts), {1: (3,), 2: (3,), 3: (1, 2)})

    def test_one_number_in_all_its_forms(self):
        forms = ("BE0477472701", "be0477.472.701", "0477 472 701", "BE 0477-472-701")
        self.assertEqual({vat_key(form, "BE") for form in forms}, {"BE0477472701"})
