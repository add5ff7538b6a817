"""Which credits count where, and what is too little to ask for: nothing is used twice, nothing is lost."""

from datetime import date
from itertools import permutations
from unittest import TestCase

from odoo.addons.ar_collections.core.customers.credits import (
    BranchItem,
    less_refunds,
    reduced,
    set_off,
    share_credits,
)
from odoo.addons.ar_collections.core.customers.differences import Tolerance, is_remainder

from ...core_common import CoreCase, dec

CENT = dec("0.01")


class TestCredits(CoreCase):
    def test_credits_of_other_currencies_and_debtors_are_not_deducted(self):
        items = [self.item(5), self.item(5, currency="USD", item_id=2)]
        euros, dollars, pounds = (self.credit(10, n, currency) for n, currency in enumerate(("EUR", "USD", "GBP"), 90))
        self.assertEqual(set_off(items, [pounds, dollars, euros]), (dollars, euros))
        self.assertEqual(set_off(items[:1], [dollars]), ())
        self.assertEqual((set_off([], [euros]), set_off(items, [])), ((), ()))

    def test_what_was_paid_back_is_no_credit_any_more(self):
        credits = [self.credit(30, 1), self.credit(50, 2), self.credit(110, 3, "USD", booked=100)]
        table = [
            ({}, ["30", "50", "110"]),
            ({"GBP": dec(99)}, ["30", "50", "110"]),
            ({"EUR": dec("0.50")}, ["29.50", "50", "110"]),
            ({"EUR": dec(30)}, ["50", "110"]),
            ({"EUR": dec(79), "USD": dec(55)}, ["1", "55"]),
            ({"EUR": dec(999), "USD": dec(110)}, []),
        ]
        for refunds, left in table:
            with self.subTest(refunds=refunds):
                before = dict(refunds)
                found = less_refunds(credits, refunds)
                self.assertEqual([credit.amount_currency for credit in found], [dec(amount) for amount in left])
                self.assertEqual(refunds, before)

    def test_the_rest_of_a_credit_keeps_its_booked_rate(self):
        credit = self.credit(110, 3, "USD", booked=100)
        (left,) = less_refunds([credit], {"USD": dec(55)})
        self.assertEqual((left.amount_currency, left.amount), (55, 50))
        self.assertEqual(reduced(credit, dec(110)), credit)


class TestBranches(TestCase):
    """Debts and credits of three companies that can match each other's items."""

    def item(self, item_id, company, amount, month=5, **values):
        return BranchItem(item_id, company, values.pop("pool", ("EUR",)), date(2026, month, 1), dec(amount), **values)

    def share(self, *items):
        """Return {company: {credit: amount}}; the same whatever the order of the items."""
        found = share_credits(items)
        for order in permutations(items):
            self.assertEqual(share_credits(order), found)
        shares = {company: {key: str(amount) for key, amount in parts} for company, parts in found.items()}
        for credit in items:
            if credit.amount < 0:
                used = sum(dec(parts.get(credit.item_id, 0)) for parts in shares.values())
                self.assertEqual(used, -credit.amount)
        return shares

    def test_its_own_debts_first_however_old_the_others_are(self):
        own, other = self.item(1, 1, 60, month=6), self.item(2, 2, 100, month=1)
        self.assertEqual(self.share(own, other, self.item(9, 1, -100)), {1: {9: "60"}, 2: {9: "40"}})

    def test_what_covers_nothing_stays_with_its_own_company(self):
        self.assertEqual(self.share(self.item(9, 1, "-0.50")), {1: {9: "0.50"}})
        self.assertEqual(self.share(self.item(1, 2, 30), self.item(9, 1, -100)), {1: {9: "70"}, 2: {9: "30"}})

    def test_older_debts_and_older_credits_first(self):
        old, new = self.item(1, 2, 50, month=3), self.item(2, 3, 50, month=4)
        first, second = self.item(8, 1, -30, month=5), self.item(9, 1, -30, month=6)
        self.assertEqual(self.share(new, old, second, first), {2: {8: "30", 9: "20"}, 3: {9: "10"}})

    def test_no_credit_of_another_company_for_what_nobody_is_reminded_of(self):
        excluded = self.item(1, 2, 80, is_excluded=True)
        self.assertEqual(self.share(excluded, self.item(9, 1, -100)), {1: {9: "100"}})
        self.assertEqual(self.share(excluded, self.item(9, 2, -30), self.item(3, 1, 10)), {2: {9: "30"}})

    def test_other_currencies_and_accounts_do_not_mix(self):
        dollars = self.item(1, 2, 80, pool=("USD",))
        self.assertEqual(self.share(dollars, self.item(9, 1, -100)), {1: {9: "100"}})


class TestSmall(TestCase):
    def test_amount_and_share_both_hold(self):
        table = [("5", 1000, True), ("5.01", 1000, False), ("3", 100, True), ("3.01", 100, False), ("0", 100, True),
                 ("0.01", 0, True)]  # fmt: skip
        for left, original, is_small in table:
            with self.subTest(left=left, original=original):
                self.assertEqual(Tolerance(dec(5), dec(3)).covers(dec(left), dec(original)), is_small)
        for tolerance in (Tolerance(), Tolerance(dec(5)), Tolerance(share=dec(3))):
            with self.subTest(tolerance=tolerance):
                self.assertFalse(tolerance.covers(CENT, dec(100)))

    def test_what_nobody_can_or_should_pay(self):
        table = [
            (1, CENT, None, 1, True),  # one yen
            (2, "0.02", None, 1, False),
            ("0.01", "0.01", None, CENT, True),
            ("0.02", "0.02", None, CENT, False),  # of which nothing was paid
            ("0.49", "0.49", 100, CENT, True),
            ("0.50", "0.50", 100, CENT, False),
            ("0.05", "0.05", None, "0.05", True),
            (60, "0.49", 1000, 1, True),
        ]
        for left_currency, left, original, smallest, is_rest in table:
            with self.subTest(left=left, original=original):
                amounts = dec(left_currency), dec(left), original and dec(original), dec(smallest)
                self.assertEqual(is_remainder(*amounts), is_rest)
