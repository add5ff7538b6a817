"""Judging payment plans: what is contested, what is expected, what was forgiven, and what identifies a plan."""

from datetime import date
from decimal import Decimal
from unittest import TestCase

from odoo.addons.ar_collections.core.agreements.settlement import Settlement
from odoo.addons.ar_collections.core.plans.plan import (
    BreachRules,
    Installment,
    Judgement,
    judge,
    seen_version,
    terms_version,
)

D = Decimal


class TestContestedAndExpected(TestCase):
    """Three installments of 100 on the first of June, July and August; no days of grace."""

    PLAN = [Installment(number, date(2026, 5 + number, 1), D(100)) for number in (1, 2, 3)]

    def missed(self, *paid, today=date(2026, 9, 1), rules=None, **values):
        settlements = [Settlement(day, D(amount)) for day, amount in paid]
        return judge(self.PLAN, settlements, today, rules or BreachRules(), **values).missed

    def test_without_settings_nothing_is_forgiven(self):
        for day, missed in ((1, ()), (2, (1,))):
            with self.subTest(day=day):
                found = judge(self.PLAN, [], date(2026, 6, day), BreachRules())
                self.assertEqual((found.missed, found.is_breach(BreachRules())), (missed, bool(missed)))

    def test_what_is_contested_is_taken_from_the_last_installments(self):
        in_time = [(date(2026, 6, 1), 100), (date(2026, 7, 1), 50)]
        self.assertEqual(self.missed(*in_time, contested=D(150)), ())
        self.assertEqual(self.missed(*in_time, contested=D("149.99")), (2,))
        self.assertEqual(self.missed(*in_time), (2, 3))

    def test_payments_on_their_way_cover_what_is_asked_alone(self):
        for expected, missed in ((0, (1, 2)), ("99.99", (1, 2)), (100, (2,)), ("149.99", (2,)), (150, ())):
            with self.subTest(expected=expected):
                self.assertEqual(self.missed(contested=D(150), expected=D(expected)), missed)

    def test_what_was_missed_stays_missed_while_its_payment_is_on_its_way(self):
        self.assertEqual(self.missed(expected=D(300)), ())
        self.assertEqual(self.missed(expected=D(300), missed_before=(2,)), (2,))

    def test_forgiven_up_to_the_very_day(self):
        for day, missed in ((date(2026, 6, 30), (2, 3)), (date(2026, 7, 1), (3,)), (date(2026, 8, 1), ())):
            with self.subTest(day=day):
                self.assertEqual(self.missed(rules=BreachRules(forgiven_until=day)), missed)

    def test_the_last_one_counts_whatever_was_missed_before(self):
        paid = (date(2026, 6, 15), 200)
        found = judge(self.PLAN, [Settlement(paid[0], D(paid[1]))], date(2026, 9, 1), BreachRules(missed_max=3))
        self.assertEqual((found.missed, found.last_missed), ((1, 3), True))
        self.assertEqual(found.state(BreachRules(missed_max=3)), "broken")
        july = judge(self.PLAN, [], date(2026, 7, 15), BreachRules(missed_max=3))
        self.assertEqual((july.last_missed, july.state(BreachRules(missed_max=3))), (False, "active"))
        self.assertFalse(Judgement((), (1,), D(100)).is_breach(BreachRules(missed_max=2)))


class TestVersions(TestCase):
    """What a customer accepted is found again, and only that."""

    PLAN = [Installment(1, date(2026, 6, 10), D(100)), Installment(2, date(2026, 7, 10), D(50))]

    def test_the_same_plan_in_whatever_order_it_is_read(self):
        one, other = {7: D(90), 8: D("60.0")}, {8: D(60), 7: D("90.00")}
        self.assertEqual(seen_version("Pay.", self.PLAN, one), seen_version("Pay.", self.PLAN, other))

    def test_each_change_makes_another_version(self):
        amounts = {7: D(90), 8: D(60)}
        versions = {
            seen_version("Pay.", self.PLAN, amounts),
            seen_version("Pay at once.", self.PLAN, amounts),
            seen_version("Pay.", [self.PLAN[0], Installment(2, date(2026, 7, 11), D(50))], amounts),
            seen_version("Pay.", [self.PLAN[0], Installment(2, date(2026, 7, 10), D("50.01"))], amounts),
            seen_version("Pay.", self.PLAN, {7: D(90), 9: D(60)}),
            seen_version("Pay.", self.PLAN, {7: D(60), 8: D(90)}),
        }
        self.assertEqual(len(versions), 6)

    def test_terms_are_identified_by_twelve_digits(self):
        version = terms_version("Pay on the first of each month.")
        self.assertEqual((len(version), int(version, 16) >= 0), (12, True))
        self.assertEqual(version, terms_version("Pay on the first of each month."))
        self.assertNotEqual(version, terms_version("Pay on the first of each month!"))
