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
    find_without_vat,
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

    def test_what_keeps_messages_from_the_customer(self):
        found = find(DataFacts(blocked=("a@b.example",), archived=tuple(range(1, 24))), ReviewRules(), TODAY)
        self.assertEqual([one.code for one in found], ["blocked_address", "archived_contact"])
        self.assertEqual((found[0].texts, found[1].ids, found[1].number), (("a@b.example",), (*range(1, 21),), 23))

    def test_a_number_that_is_wrong_or_missing_where_others_have_one(self):
        table = [
            (["wrong_vat"], {"vat": " BE123 ", "is_vat_valid": False}),
            (["wrong_vat"], {"vat": "BE123", "is_vat_valid": False, "is_company": False}),
            ([], {"vat": "BE123", "is_vat_valid": True}),
            ([], {"vat": "BE123", "has_vat": True, "is_vat_valid": None}),
            (["no_vat"], {"vat": " ", "has_vat": True, "is_vat_valid": False}),
            (["no_vat"], {"has_vat": True, "country": "BE"}),
            ([], {"has_vat": True, "country": "US"}),
            ([], {"has_vat": False}),
        ]
        for codes, values in table:
            with self.subTest(**values):
                self.assertEqual(self._codes(ReviewRules(without_vat=frozenset({"US"})), **values), codes)

    def test_terms_credits_and_confirmation_as_far_as_the_company_expects_them(self):
        self.assertEqual(self._codes(has_terms=False), ["no_terms"])
        self.assertEqual(self._codes(ReviewRules(expects_terms=False), has_terms=False), [])
        old = {"credits": Records((3,), 1), "oldest_credit": date(2026, 5, 11), "known_on": date(2020, 1, 1)}
        self.assertEqual(self._codes(**old), ["old_credit"])  # thirty days as delivered; nobody confirms
        self.assertEqual(self._codes(**{**old, "oldest_credit": date(2026, 5, 12)}), [])
        self.assertEqual(self._codes(ReviewRules(confirm_months=12)), [])  # not known since when

    def test_where_nobody_has_a_number(self):
        few, many = {"FR": (0, 4)}, {"FR": (0, 5)}
        self.assertEqual(find_without_vat({"BE": (90, 100), **few}), frozenset())
        self.assertEqual(find_without_vat({"BE": (90, 100), **many}), {"FR"})
        self.assertEqual(find_without_vat({"LU": (2, 4)}), {"LU"})  # half of all are few

    def test_many_duplicates_are_counted_and_some_of_them_named(self):
        (found,) = find(DataFacts(duplicates=((SAME_EMAIL, tuple(range(1, 31))),)), ReviewRules(), TODAY)
        self.assertEqual((len(found.ids), found.number), (NAMED, 30))

    def test_who_has_another_vat_number_is_another_customer(self):
        contacts = [Contact(1, 1, "BE1"), Contact(2, 2, "BE2"), Contact(3, 3)]
        self.assertEqual(find_same(SAME_NAME, contacts), {1: (3,), 2: (3,), 3: (1, 2)})

    def test_one_group_and_two_countries(self):
        group = [Contact(1, 7), Contact(2, 7)]
        for code in (SAME_VAT, SAME_EMAIL, SAME_NAME):
            with self.subTest(code=code):
                self.assertEqual(find_same(code, group), {})
                self.assertEqual(find_same(code, [group[0], Contact(3, 3)]), {1: (3,), 3: (1,)})
        abroad = [Contact(1, 1, country="BE"), Contact(2, 2, country="FR"), Contact(3, 3), Contact(4, 4, country="BE")]
        self.assertEqual(find_same(SAME_NAME, abroad), {1: (3, 4), 2: (3,), 3: (1, 2, 4), 4: (1, 3)})
        self.assertEqual(find_same(SAME_EMAIL, abroad)[1], (2, 3, 4))
        twins = [Contact(1, 1, "BE1", "BE"), Contact(2, 2, "BE1", "BE")]
        self.assertEqual(find_same(SAME_NAME, twins), {1: (2,), 2: (1,)})

    def test_what_is_too_short_for_a_number(self):
        self.assertEqual([vat_key(number, "BE") for number in ("-", "7", "77")], ["", "", "BE77"])

    def test_one_number_in_all_its_forms(self):
        forms = ("BE0477472701", "be0477.472.701", "0477 472 701", "BE 0477-472-701")
        self.assertEqual({vat_key(form, "BE") for form in forms}, {"BE0477472701"})
