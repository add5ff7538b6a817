"""Exclusions lift their own rule alone, and a hold ends when its cause is gone or a person releases it."""

from dataclasses import replace
from unittest import TestCase

from odoo.addons.ar_collections.core.credit.release import StoredStatus, effective, release, update
from odoo.addons.ar_collections.core.credit.rules import (
    ALL,
    CUSTOMER,
    GOOD,
    HOLD,
    OVER_LIMIT,
    OVERDUE,
    SEGMENT,
    WARNING,
    CreditRule,
    ForcedHold,
)
from odoo.addons.ar_collections.core.credit.status import CreditStatus, evaluate

from ..core_common import dec
from .core_credit import TODAY, day, exclusion, facts, overdue


class TestExclusions(TestCase):
    rules = (CreditRule(OVERDUE, days=61), CreditRule(OVER_LIMIT))

    def status(self, items, *exclusions, exposure=0):
        return evaluate(facts(overdue=overdue(*items), exposure=dec(exposure)), self.rules, exclusions, TODAY)

    def test_up_to_so_many_days(self):
        """Held from 61 days on, this customer from 100."""
        longer = exclusion(days=100)
        for days, held, excluded in [(61, False, False), (62, True, False), (100, True, False), (101, True, True)]:
            with self.subTest(days=days):
                self.assertEqual(self.status([(days, 10)]).status == HOLD, held)
                self.assertEqual(self.status([(days, 10)], longer).status == HOLD, excluded)

    def test_up_to_an_amount(self):
        """Excluded while no more than 1,000 are overdue."""
        small = exclusion(amount=dec(1000))
        self.assertEqual(self.status([(90, "1000.00")], small).status, GOOD)
        self.assertEqual(self.status([(90, "1000.01")], small).status, HOLD)

    def test_an_exclusion_lifts_its_own_rule_alone(self):
        found = self.status([(90, 10)], exclusion(), exposure=10001)
        self.assertEqual((found.status, found.codes), (HOLD, (OVER_LIMIT,)))
        self.assertEqual([(r.code, r.exclusion.reason) for r in found.excluded], [(OVERDUE, "agreed with sales")])

    def test_it_ends_by_itself(self):
        self.assertEqual(self.status([(90, 10)], exclusion(until=TODAY)).status, GOOD)
        self.assertEqual(self.status([(90, 10)], exclusion(until=day(-1))).status, HOLD)

    def test_the_narrowest_scope_decides(self):
        strict, wide = {"days": 70}, {"days": 120}
        for own, segment, everybody, expected in [
            (strict, wide, wide, HOLD),
            (wide, strict, strict, GOOD),
            (None, strict, wide, HOLD),
            (None, wide, strict, GOOD),
            (None, None, wide, GOOD),
            (None, None, strict, HOLD),
        ]:
            given = [
                exclusion(scope=scope, **values)
                for scope, values in ((CUSTOMER, own), (SEGMENT, segment), (ALL, everybody))
                if values
            ]
            with self.subTest(own=own, segment=segment, everybody=everybody):
                self.assertEqual(self.status([(90, 10)], *given).status, expected)

    def test_an_ended_exclusion_does_not_shadow_a_wider_one(self):
        given = exclusion(until=day(-1), days=70), exclusion(scope=ALL)
        self.assertEqual(self.status([(90, 10)], *given).status, GOOD)

    def test_of_two_in_one_scope_either_lifts(self):
        given = exclusion(days=70), exclusion(exclusion_id=2, amount=dec(1000))
        self.assertEqual(self.status([(90, 10)], *given).status, GOOD)

    def test_a_hold_by_a_person_is_not_lifted(self):
        forced = facts(forced=ForcedHold("fraud suspected", TODAY))
        self.assertEqual(evaluate(forced, [], [exclusion("forced")], TODAY).status, HOLD)


class TestRelease(TestCase):
    held = StoredStatus(HOLD, day(-9))
    good, warning, hold = CreditStatus(GOOD), CreditStatus(WARNING), CreditStatus(HOLD)

    def test_the_cause_is_gone(self):
        for found, is_automatic, expected in [
            (self.good, True, StoredStatus(GOOD, TODAY)),
            (self.warning, True, StoredStatus(WARNING, TODAY)),
            (self.good, False, StoredStatus(HOLD, day(-9), is_waiting=True)),
            (self.hold, True, self.held),
            (self.hold, False, self.held),
        ]:
            with self.subTest(found=found.status, is_automatic=is_automatic):
                self.assertEqual(update(self.held, found, is_automatic, TODAY), expected)

    def test_a_new_status_begins_today(self):
        for before, found in [(GOOD, self.hold), (GOOD, self.warning), (WARNING, self.good), (WARNING, self.hold)]:
            with self.subTest(before=before, found=found.status):
                after = update(StoredStatus(before, day(-9)), found, False, TODAY)
                self.assertEqual(after, StoredStatus(found.status, TODAY))

    def test_nothing_changed_is_the_same_value(self):
        for stored, found in [(self.held, self.hold), (StoredStatus(), self.good)]:
            self.assertIs(update(stored, found, True, TODAY), stored)

    def test_who_waits_for_a_release_is_still_held(self):
        waiting = update(self.held, self.good, False, TODAY)
        self.assertEqual(effective(waiting, self.good).codes, ("ready_to_release",))
        self.assertEqual(effective(waiting, self.good).status, HOLD)
        self.assertEqual(update(waiting, self.good, True, TODAY), StoredStatus(GOOD, TODAY))

    def test_a_hold_by_a_person_is_never_released_by_itself(self):
        rules, paid = [CreditRule(OVERDUE, days=1)], facts(forced=ForcedHold("fraud suspected", day(5)))
        stored = self.held
        for offset in range(6):
            stored = update(stored, evaluate(paid, rules, [], day(offset)), True, day(offset))
            self.assertEqual(stored, self.held)
        self.assertEqual(update(stored, evaluate(paid, rules, [], day(6)), True, day(6)).status, GOOD)

    def test_a_released_customer_is_held_by_a_new_cause_and_by_a_larger_excess(self):
        rules = [CreditRule(OVER_LIMIT), CreditRule(OVERDUE, days=30)]
        over = facts(exposure=dec(10500))
        given = release(evaluate(over, rules, [], TODAY), "transfer announced", day(7))
        self.assertEqual(evaluate(over, rules, given, day(7)).status, GOOD)
        self.assertEqual(evaluate(over, rules, given, day(8)).status, HOLD)
        self.assertEqual(evaluate(facts(exposure=dec("10500.01")), rules, given, TODAY).status, HOLD)
        late = replace(over, overdue=overdue((31, 10)))
        self.assertEqual(evaluate(late, rules, given, TODAY).codes, (OVERDUE,))
