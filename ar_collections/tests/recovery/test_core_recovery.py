from datetime import date
from unittest import TestCase

from odoo.addons.ar_collections.core.recovery import eligibility as rules
from odoo.addons.ar_collections.core.recovery import placement
from odoo.addons.ar_collections.core.recovery.commission import (
    AgeAddition,
    Collected,
    CommissionRules,
    Rate,
    age_points,
    bill,
    tiered,
)
from odoo.addons.ar_collections.core.recovery.eligibility import EligibilityRules, evaluate, select
from odoo.addons.ar_collections.core.recovery.limitation import LimitationRule, limitation_date

from ..core_common import FORMAL, CoreCase, dec

CENT = dec("0.01")


class TestEligibility(CoreCase):
    policy = EligibilityRules(minimum_days=90, minimum_amount=dec(50), last_step_days=FORMAL.days, answer_days=14)

    def _code(self, item, limit=None, **values):
        return evaluate(item, EligibilityRules(**{"minimum_days": 90, **values}), limit, self.TODAY).code

    def test_all_is_done_and_the_time_to_answer_has_passed(self):
        sent = [((FORMAL, ago),) for ago in (15, 14, 3)]
        answers = [evaluate(self.item(100, sent_steps=steps), self.policy, None, self.TODAY) for steps in sent]
        self.assertEqual([a.code for a in answers], [rules.ALL_STEPS_SENT, rules.DEADLINE_RUNS, rules.DEADLINE_RUNS])
        self.assertEqual(answers[0].amount, 100)

    def test_why_not_yet(self):
        self.assertEqual(self._code(self.item(-3)), rules.NOT_DUE)
        self.assertEqual(self._code(self.item(0)), rules.NOT_DUE)
        self.assertEqual(self._code(self.item(89)), rules.TOO_EARLY)
        self.assertEqual(self._code(self.item(90)), rules.ALL_STEPS_SENT)
        self.assertEqual(self._code(self.item(90), last_step_days=30), rules.STEPS_LEFT)

    def test_what_is_held_is_not_handed_over_even_near_the_limitation_date(self):
        for code in ("disputed", "promise_open", "plan_active", "placed", "payment_pending", "excluded"):
            with self.subTest(code):
                item = self.item(120, excluded=[(code, 100)])
                self.assertEqual(self._code(item, limit=self.day(3)), rules.HELD)

    def test_the_rest_of_a_disputed_item_is_free(self):
        answer = evaluate(self.item(120, excluded=[("disputed", 30)]), EligibilityRules(), None, self.TODAY)
        self.assertEqual(answer.amount, 70)

    def test_a_near_limitation_date_needs_neither_days_nor_steps(self):
        item = self.item(10)
        self.assertEqual(self._code(item, limit=self.day(60), last_step_days=30), rules.LIMITATION_NEAR)
        self.assertEqual(self._code(item, limit=self.day(61)), rules.TOO_EARLY)
        self.assertEqual(self._code(item, limit=self.day(0)), rules.LIMITATION_NEAR)
        self.assertEqual(self._code(item, limit=self.day(-1)), rules.LAPSED)

    def test_the_minimum_counts_the_items_together_in_company_currency(self):
        sent = ((FORMAL, 20),)
        two = [self.item(100, 100, n, booked=25, sent_steps=sent) for n in (1, 2)]
        self.assertEqual({a.code for a in select(two, self.policy, {}, self.TODAY).values()}, {rules.ALL_STEPS_SENT})
        self.assertEqual(select(two[:1], self.policy, {}, self.TODAY)[1].code, rules.TOO_SMALL)


class TestLimitation(TestCase):
    def test_each_country(self):
        due = date(2023, 2, 10)
        cases = [
            (LimitationRule(3, from_year_end=True), (), date(2026, 12, 31)),
            (LimitationRule(6), (), date(2029, 2, 10)),
            (LimitationRule(5), [date(2024, 5, 1)], date(2029, 5, 1)),
            (LimitationRule(5, restarts=False), [date(2024, 5, 1)], date(2028, 2, 10)),
            (LimitationRule(3, from_year_end=True), [date(2026, 12, 31)], date(2029, 12, 31)),
            (LimitationRule(3, from_year_end=True), [date(2027, 1, 1)], date(2026, 12, 31)),
        ]
        for rule, days, expected in cases:
            with self.subTest(rule=rule, days=days):
                self.assertEqual(limitation_date(due, rule, days), expected)


class TestCommission(TestCase):
    flat = (Rate(dec(0), dec(20)),)
    tiers = (Rate(dec(25000), dec(15)), Rate(dec(0), dec(25)), Rate(dec(10000), dec(20)))

    def test_flat_with_vat(self):
        found = bill([Collected(dec(8000))], CommissionRules(self.flat, vat_percent=dec(20)), dec(0), CENT)
        self.assertEqual([found.commission, found.vat, found.net], [dec(1600), dec(320), dec(6080)])

    def test_tiers_in_one_payment_and_in_parts(self):
        self.assertEqual(tiered(dec(30000), self.tiers), dec(6250))
        parts = [Collected(dec(amount), days) for days, amount in ((9, 12000), (2, 8000), (40, 10000))]
        self.assertEqual(bill(parts, CommissionRules(self.tiers), dec(0), CENT).commission, dec(6250))

    def test_the_age_of_the_debts(self):
        additions = (AgeAddition(12, dec(10)), AgeAddition(24, dec(20)))
        points = age_points([(dec(4000), 0), (dec(4000), 23), (dec(2000), 24)], additions)
        self.assertEqual(points, 8)
        self.assertEqual(bill([Collected(dec(1000))], CommissionRules(self.flat), points, CENT).commission, dec(280))
        self.assertEqual(age_points([], additions), 0)

    def test_paid_directly_just_after_the_placement_and_later(self):
        half = CommissionRules(self.flat, direct_percent=dec(50), free_days=3)
        for days, is_direct, expected in ((3, True, 0), (4, True, 100), (3, False, 200)):
            with self.subTest(days=days, is_direct=is_direct):
                found = bill([Collected(dec(1000), days, is_direct)], half, dec(0), CENT)
                self.assertEqual(found.commission, expected)

    def test_currencies_without_decimals(self):
        self.assertEqual(bill([Collected(dec(1003))], CommissionRules(self.flat), dec(0), dec(1)).commission, dec(201))


class TestPlacement(TestCase):
    def test_every_state_has_its_moves(self):
        states = {placement.READY, *placement.WITH_AGENCY, *placement.ENDED}
        self.assertEqual(set(placement.MOVES), states)
        self.assertLessEqual(set().union(*placement.MOVES.values()), states)

    def test_what_is_judged_is_a_legal_move(self):
        for state in placement.MOVES:
            for left, paid, credited in ((0, 100, 0), (0, 60, 40), (0, 60, 0), (40, 60, 0), (40, 0, 0), (100, 0, 0)):
                with self.subTest(state=state, left=left, paid=paid, credited=credited):
                    found = placement.judge(state, dec(100), dec(left), dec(paid), dec(credited))
                    self.assertTrue(found == state or found in placement.MOVES[state])

    def test_what_a_loss_or_a_credit_settled_was_not_paid(self):
        for state in (placement.SETTLED, placement.UNCOLLECTIBLE, placement.INSOLVENT):
            for paid, credited, expected in ((100, 0, "paid"), (60, 40, state), (60, 0, state), (0, 0, state)):
                with self.subTest(state=state, paid=paid, credited=credited):
                    self.assertEqual(placement.judge(state, dec(100), dec(0), dec(paid), dec(credited)), expected)
        for state in placement.WITH_AGENCY:
            self.assertEqual(placement.judge(state, dec(100), dec(0), dec(60), dec(40)), "paid")
            self.assertEqual(placement.judge(state, dec(100), dec(0), dec(60), dec(0)), "recalled")

    def test_two_persons(self):
        with self.assertRaises(placement.PlacementRefused):
            placement.check_approval(1, 1)
        self.assertIsNone(placement.check_approval(1, 2))

    def test_a_recall_has_a_reason(self):
        with self.assertRaises(placement.PlacementRefused):
            placement.check_recall(" ", None, date(2026, 6, 1))
