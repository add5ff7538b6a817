"""Whom to work on first: every point is explained."""

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from unittest import TestCase

from odoo.addons.ar_collections.core.decision import DISPUTED, PROMISE_OPEN
from odoo.addons.ar_collections.core.facts import INSTALLMENT
from odoo.addons.ar_collections.core.worklist import priority
from odoo.addons.ar_collections.core.worklist.priority import (
    PriorityFacts,
    Weights,
    rate,
    read_priority_facts,
    round_up,
    score,
)

from ..core_common import CoreCase, dec

W = Weights()


def points(priority_facts, weights=W):
    """Return {code: points}."""
    return {part.code: part.points for part in rate(priority_facts, weights)}


class TestParts(TestCase):
    """One part at a time; a contact yesterday sets the part for days since contact to zero."""

    calm = PriorityFacts(days_since_contact=1)

    def of(self, **values):
        return points(replace(self.calm, **values))

    def test_nothing_late_and_nothing_known_is_no_point(self):
        self.assertEqual(self.of(), {})
        self.assertEqual(score(()), 0)

    def test_the_amount_counts_up_to_the_large_one(self):
        table = [(1, 0), (167, 1), (2500, 8), (5000, 15), (10000, 30), (9999999, 30)]
        for amount, expected in table:
            with self.subTest(amount=amount):
                self.assertEqual(self.of(overdue=dec(amount)).get("overdue", 0), expected)

    def test_the_age_counts_up_to_old(self):
        for days, expected in [(1, 0), (3, 1), (45, 10), (90, 20), (400, 20)]:
            with self.subTest(days=days):
                self.assertEqual(self.of(days_late=days).get("age", 0), expected)

    def test_a_bad_debtor_counts_only_with_something_late(self):
        self.assertEqual(self.of(risky=True), {})
        self.assertEqual(self.of(risky=True, days_late=1), {"risk": 10})

    def test_broken_promises_count_once_but_their_number_is_shown(self):
        parts = rate(replace(self.calm, broken_promises=3), W)
        self.assertEqual([(part.code, part.points, part.number) for part in parts], [("broken_promise", 15, 3)])

    def test_a_dispute_past_its_deadline(self):
        self.assertEqual(self.of(late_disputes=1), {"late_dispute": 10})

    def test_money_that_goes_late_soon(self):
        self.assertEqual(self.of(due_soon=dec(10000)), {"due_soon": 5})
        self.assertEqual(self.of(due_soon=dec(100)), {})

    def test_parts_come_with_most_points_first(self):
        parts = rate(replace(self.calm, overdue=dec(1000), days_late=90, late_disputes=1), W)
        self.assertEqual([part.code for part in parts], ["age", "late_dispute", "overdue"])
        self.assertEqual(score(parts), 33)

    def test_all_at_once_is_a_hundred(self):
        worst = PriorityFacts(dec(10**6), 400, dec(10**6), True, 2, 2, has_address=False)
        self.assertEqual(score(rate(worst, W)), 100)


class TestUnreached(TestCase):
    def of(self, **values):
        return {code: n for code, n in points(PriorityFacts(**values)).items() if code in priority.CODES[-3:]}

    def test_nothing_late_needs_no_contact(self):
        self.assertEqual(self.of(has_address=False, unreached_calls=3), {})

    def test_the_worst_of_the_three_ways_counts_alone(self):
        self.assertEqual(self.of(days_late=1, has_address=False, unreached_calls=2), {"no_address": 10})
        self.assertEqual(self.of(days_late=1, unreached_calls=2, days_since_contact=0), {"not_reached": 10})
        self.assertEqual(self.of(days_late=60), {"not_contacted": 10})

    def test_just_late_it_is_early_to_worry(self):
        self.assertEqual(self.of(days_late=3), {"not_contacted": 1})
        self.assertEqual(self.of(days_late=15), {"not_contacted": 5})

    def test_a_contact_in_the_last_month_is_enough(self):
        self.assertEqual(self.of(days_late=60, days_since_contact=29), {})


class TestWeights(TestCase):
    bad = PriorityFacts(dec(10**6), 400, dec(10**6), True, 1, 1, has_address=False)

    def test_each_weight_of_zero_takes_its_part_away(self):
        names = [field.name for field in fields(Weights) if not field.name.endswith(("amount", "days"))]
        self.assertEqual(len(names), 7)
        for name in names:
            with self.subTest(weight=name):
                parts = rate(self.bad, replace(W, **{name: 0}))
                self.assertEqual(len(parts), 6)
                self.assertEqual(score(parts), 100 - getattr(W, name))

    def test_without_a_measure_any_amount_counts_in_full(self):
        weights = replace(W, large_amount=dec(0), old_days=0)
        self.assertEqual(
            points(PriorityFacts(dec("0.01"), 1, days_since_contact=0), weights), {"overdue": 30, "age": 20}
        )

    def test_points_are_whole_and_halves_round_up(self):
        self.assertEqual(points(PriorityFacts(dec(150)), replace(W, overdue=100, large_amount=dec(100000))), {})
        self.assertEqual(
            points(PriorityFacts(dec(500)), replace(W, overdue=100, large_amount=dec(100000))), {"overdue": 1}
        )


class TestPriorityFacts(CoreCase):
    def priority_facts(self, *items, **values):
        return read_priority_facts(self.facts(*items, **values), self.TODAY, 7)

    def test_what_is_late_and_what_is_late_soon(self):
        priority_facts = self.priority_facts(
            self.item(10, 100), self.item(1, 50), self.item(0, 30), self.item(-7, 20), self.item(-8, 5)
        )
        self.assertEqual(
            (priority_facts.overdue, priority_facts.days_late, priority_facts.due_soon), (dec(150), 10, dec(50))
        )

    def test_amounts_are_in_company_currency(self):
        self.assertEqual(self.priority_facts(self.item(10, 110, currency="USD", booked=100)).overdue, dec(100))

    def test_what_is_disputed_or_promised_is_not_worked_on(self):
        promised = self.item(40, 100, excluded=[(PROMISE_OPEN, 100)])
        disputed = self.item(10, 100, item_id=2, excluded=[(DISPUTED, 40)])
        priority_facts = self.priority_facts(promised, disputed)
        self.assertEqual((priority_facts.overdue, priority_facts.days_late), (dec(60), 10))

    def test_credits_are_taken_off_what_is_late_first(self):
        items = self.item(10, 100), self.item(-2, 80, item_id=2)
        self.assertEqual(self.priority_facts(*items, credits=[self.credit(30)]).overdue, dec(70))
        covered = self.priority_facts(*items, credits=[self.credit(150)])
        self.assertEqual((covered.overdue, covered.days_late, covered.due_soon), (dec(0), 0, dec(30)))

    def test_what_credits_cover_is_not_the_oldest_item_any_more(self):
        items = self.item(90, 50), self.item(5, 400, item_id=2)
        for credit, days in ((0, 90), ("49.99", 90), (50, 5), (449, 5), (450, 0)):
            with self.subTest(credit=credit):
                credits = [self.credit(credit)] if credit else []
                self.assertEqual(self.priority_facts(*items, credits=credits).days_late, days)

    def test_a_credit_covers_nothing_in_another_currency(self):
        dollars = self.item(90, 110, currency="USD", booked=100)
        for credit, expected in (
            (self.credit(100), (100, 90, 0)),
            (self.credit(55, currency="USD", booked=40), (50, 90, 0)),
            (self.credit(110, currency="USD", booked=80), (0, 0, 0)),
        ):
            with self.subTest(credit=credit):
                found = self.priority_facts(dollars, credits=[credit])
                self.assertEqual((found.overdue, found.days_late, found.due_soon), expected)

    def test_what_is_left_of_a_credit_is_taken_off_what_is_late_soon_in_its_currency(self):
        dollars, euros = self.item(9, 110, currency="USD", booked=100), self.item(-2, 80, item_id=2)
        found = self.priority_facts(dollars, euros, credits=[self.credit(30), self.credit(500, 91, "USD", 450)])
        self.assertEqual((found.overdue, found.days_late, found.due_soon), (0, 0, 50))

    def test_an_unpaid_installment_counts_as_an_item(self):
        installment = replace(self.item(5, 40, item_id=7), kind=INSTALLMENT)
        self.assertEqual(self.priority_facts(installments=(installment,)).overdue, dec(40))

    def test_who_is_never_reminded_is_nobodys_work(self):
        priority_facts = self.priority_facts(self.item(90, 1000), self.item(-2, 1000, item_id=2), excluded=True)
        self.assertEqual(
            (priority_facts.overdue, priority_facts.days_late, priority_facts.due_soon), (dec(0), 0, dec(0))
        )

    def test_contacts_and_addresses(self):
        self.assertIsNone(self.priority_facts(self.item(5)).days_since_contact)
        priority_facts = self.priority_facts(
            self.item(5), contacts=(self.day(-9), self.day(-4)), channels=frozenset({"call"})
        )
        self.assertEqual((priority_facts.days_since_contact, priority_facts.has_address), (4, False))

    def test_the_rest_is_notified_by_the_caller(self):
        priority_facts = read_priority_facts(self.facts(), self.TODAY, 7, risky=True, broken_promises=1)
        self.assertEqual(
            (priority_facts.risky, priority_facts.broken_promises, priority_facts.late_disputes), (True, 1, 0)
        )

    def test_a_day_is_a_day_whatever_the_clock(self):
        self.assertEqual(read_priority_facts(self.facts(self.item(1)), date(2026, 6, 11), 7).days_late, 2)


class TestMeasure(TestCase):
    def test_the_measure_is_never_below_the_amount_and_never_far_above(self):
        for cents in range(1, 100000, 37):
            amount = Decimal(cents) / 100
            with self.subTest(amount=amount):
                self.assertLessEqual(amount, round_up(amount))
                self.assertLessEqual(round_up(amount), amount * 5 / 2)
