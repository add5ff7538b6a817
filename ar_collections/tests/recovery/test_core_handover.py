"""Hand-over to an agency: the last answer, what is free, and the life of a placement at its boundaries."""

from datetime import date
from unittest import TestCase

from odoo.addons.ar_collections.core.recovery import eligibility as rules
from odoo.addons.ar_collections.core.recovery import placement
from odoo.addons.ar_collections.core.recovery.eligibility import EligibilityRules, answer_deadline, evaluate, select

from ..core_common import FIRM, FORMAL, FRIENDLY, CoreCase, dec


class TestAnswer(CoreCase):
    policy = EligibilityRules(minimum_days=90, last_step_days=FORMAL.days, answer_days=14)

    def test_the_last_time_that_the_last_step_was_sent(self):
        table = [
            ([], None),
            ([(FRIENDLY, 60), (FIRM, 20)], None),
            ([(FORMAL, 20)], self.day(-6)),
            ([(FORMAL, 20), (FORMAL, 5)], self.day(9)),
            ([(FORMAL, 5), (FORMAL, 20), (FIRM, 1)], self.day(9)),
        ]
        for sent, expected in table:
            with self.subTest(sent=sent):
                self.assertEqual(answer_deadline(self.item(120, sent_steps=sent), self.policy), expected)

    def test_a_final_demand_names_its_own_day(self):
        sent, none = self.item(120, sent_steps=[(FORMAL, 1)]), self.item(120)
        demanded = self.day(-1)
        self.assertEqual(answer_deadline(sent, self.policy, demanded), demanded)
        self.assertIsNone(answer_deadline(none, self.policy, demanded))
        steps_do_not_count = EligibilityRules()
        self.assertEqual(answer_deadline(none, steps_do_not_count, demanded), demanded)
        self.assertIsNone(answer_deadline(sent, steps_do_not_count))

    def test_the_day_after_the_answer_it_is_handed_over(self):
        for demanded, code in ((self.day(0), rules.DEADLINE_RUNS), (self.day(-1), rules.ALL_STEPS_SENT)):
            with self.subTest(demanded=demanded):
                self.assertEqual(evaluate(self.item(120), EligibilityRules(), None, self.TODAY, demanded).code, code)


class TestFree(CoreCase):
    def test_what_is_free_is_handed_over(self):
        item = self.item(120, "100.50", excluded=[("promise_open", 60), ("disputed", 40)])
        answer = evaluate(item, EligibilityRules(), None, self.TODAY)
        self.assertEqual((answer.code, answer.amount, answer.is_eligible), (rules.ALL_STEPS_SENT, dec("0.50"), True))
        held = self.item(120, 100, excluded=[("promise_open", 60), ("disputed", 50)])
        self.assertEqual(evaluate(held, EligibilityRules(), None, self.TODAY).amount, 0)

    def test_what_does_not_hold_it(self):
        for code, free in (
            ("small_difference", 0),
            ("before_cutoff", 0),
            ("not_arrived", 100),
            ("recently_entered", 100),
        ):
            with self.subTest(code):
                item = self.item(120, excluded=[(code, 100)])
                self.assertEqual(evaluate(item, EligibilityRules(), None, self.TODAY).amount, free)

    def test_what_is_due_today_is_not_handed_over_even_near_the_limitation_date(self):
        self.assertEqual(evaluate(self.item(0), EligibilityRules(), self.day(1), self.TODAY).code, rules.NOT_DUE)
        self.assertEqual(
            evaluate(self.item(1), EligibilityRules(), self.day(1), self.TODAY).code, rules.LIMITATION_NEAR
        )

    def test_the_smallest_sum_counts_what_is_free_at_its_booked_value(self):
        free = self.item(120, 110, 1, "USD", booked=100, excluded=[("disputed", 55)])
        early, lapsed = self.item(10, 999, 2), self.item(120, 999, 3)
        for minimum, code in (("50", rules.ALL_STEPS_SENT), ("50.01", rules.TOO_SMALL)):
            with self.subTest(minimum=minimum):
                policy = EligibilityRules(minimum_amount=dec(minimum))
                found = select([free, early, lapsed], policy, {3: self.day(-1)}, self.TODAY)
                codes = {item_id: answer.code for item_id, answer in found.items()}
                self.assertEqual(codes, {1: code, 2: rules.TOO_EARLY, 3: rules.LAPSED})
        self.assertEqual(select([], EligibilityRules(), {}, self.TODAY), {})

    def test_each_item_has_its_own_dates(self):
        items = [self.item(120, item_id=number) for number in (1, 2, 3)]
        found = select(items, EligibilityRules(), {2: self.day(5)}, self.TODAY, {3: self.day(5)})
        self.assertEqual([found[number].code for number in (1, 2, 3)],
                         [rules.ALL_STEPS_SENT, rules.LIMITATION_NEAR, rules.DEADLINE_RUNS])  # fmt: skip


class TestPlacement(TestCase):
    def test_a_cent_decides(self):
        table = [
            (placement.ACCEPTED, "0.50", "99.50", 0, placement.PARTLY_PAID),
            (placement.ACCEPTED, "99.50", "0.50", 0, placement.PARTLY_PAID),
            (placement.ACCEPTED, "99.50", 0, "0.50", placement.PARTLY_PAID),
            (placement.ACCEPTED, "99.50", 0, 0, placement.ACCEPTED),
            (placement.PLACED, "100", 0, 0, placement.PLACED),
            (placement.PLACED, 0, "99.99", "0.01", placement.PAID),
            (placement.PLACED, 0, "99.98", "0.01", placement.RECALLED),
            (placement.SETTLED, 0, "99.99", "0.01", placement.SETTLED),
            (placement.SETTLED, 0, "100", 0, placement.PAID),
            (placement.DISPUTED, "40", "60", 0, placement.DISPUTED),
            (placement.DISPUTED, 0, "100", 0, placement.PAID),
            (placement.READY, 0, "100", 0, placement.READY),
            (placement.WITHDRAWN, "40", "60", 0, placement.WITHDRAWN),
        ]
        for state, left, paid, credited, expected in table:
            with self.subTest(state=state, left=left, paid=paid, credited=credited):
                self.assertEqual(placement.judge(state, dec(100), dec(left), dec(paid), dec(credited)), expected)

    def test_the_exclusive_right_ends_with_its_last_day(self):
        last = date(2026, 9, 1)

        def refusal(reason, until, today, **values):
            try:
                placement.check_recall(reason, until, today, **values)
            except placement.PlacementRefused as refused:
                return refused.code
            return None

        self.assertEqual(refusal("Paid to us", last, last), placement.EXCLUSIVE)
        self.assertIsNone(refusal("Paid to us", last, date(2026, 9, 2)))
        self.assertIsNone(refusal("Paid to us", None, last))
        self.assertIsNone(refusal("Paid to us", last, last, is_forced=True))
        self.assertEqual(refusal("  ", last, last, is_forced=True), placement.NO_REASON)
