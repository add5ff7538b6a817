"""Requests for another limit: recommended with reasons, approved by others than who asks."""

from dataclasses import replace
from datetime import date
from unittest import TestCase

from odoo.addons.ar_collections.core.credit.limit import AMOUNT, CASH_ONLY, NO_LIMIT, CreditRefused, Limit, LimitTerms
from odoo.addons.ar_collections.core.credit.recommendation import CreditHistory, RecommendationRules, recommend
from odoo.addons.ar_collections.core.credit.request import (
    Approval,
    ApprovalRules,
    Authority,
    Delegation,
    LimitRequest,
    approve,
    check_request,
    find_authority,
    reject,
)
from odoo.addons.ar_collections.core.credit.rules import (
    OVERDUE,
    RULE_VALUES,
    RuleExclusion,
    check_exclusion,
)

from ..core_common import dec

TODAY = date(2026, 6, 10)

AMY, BOB, CARL = 1, 2, 3


def limit(amount):
    return Limit(AMOUNT, dec(amount))


def refusal(function, *values):
    """Return the code of a refusal, or what the function returns."""
    try:
        return function(*values)
    except CreditRefused as refused:
        return refused.code


class TestRequests(TestCase):
    now = LimitTerms(limit(5000))
    request = LimitRequest(BOB, limit(8000), "more orders in summer")

    def check(self, is_child=False, **values):
        return refusal(check_request, replace(self.request, **values), self.now, is_child, TODAY)

    def test_what_cannot_be_decided(self):
        for values, expected in [
            ({}, None),
            ({"is_child": True}, "child_contact"),
            ({"limit": limit(5000)}, "no_change"),
            ({"limit": limit(5000), "until": TODAY}, None),
            ({"limit": limit(-1)}, "negative"),
            ({"limit": limit("NaN")}, "not_a_number"),
            ({"limit": limit(0)}, "zero_amount"),
            ({"limit": Limit(CASH_ONLY)}, None),
            ({"reason": ""}, "no_reason"),
            ({"until": date(2026, 6, 9)}, "ended"),
            ({"requester_id": None}, None),
        ]:
            with self.subTest(values=values):
                self.assertEqual(self.check(**values), expected)


class TestApprovals(TestCase):
    rules = ApprovalRules(second_above=dec(50000))
    request = LimitRequest(BOB, limit(80000), "new project")

    def approve(self, user_id, amount, *given, for_user_id=None, request=None, rules=None):
        approval = Approval(user_id, for_user_id or user_id, limit(amount))
        return refusal(approve, request or self.request, approval, given, rules or self.rules, TODAY)

    def test_four_eyes_above_the_threshold(self):
        for amount, expected in [("50000.00", "approved"), ("50000.01", "needs_second"), (80000, "needs_second")]:
            with self.subTest(amount=amount):
                self.assertEqual(self.approve(AMY, amount), expected)
        self.assertEqual(self.approve(AMY, 80000, rules=ApprovalRules()), "approved")
        self.assertEqual(self.approve(AMY, 80000, Approval(CARL, CARL, limit(80000))), "approved")

    def test_no_limit_at_all_is_above_any_threshold(self):
        request = replace(self.request, limit=Limit(NO_LIMIT))
        approval = Approval(AMY, AMY, Limit(NO_LIMIT))
        self.assertEqual(approve(request, approval, (), self.rules, TODAY), "needs_second")

    def test_nobody_approves_its_own_request(self):
        self.assertEqual(self.approve(BOB, 100), "own_request")
        self.assertEqual(self.approve(AMY, 100, for_user_id=BOB), "own_request", "neither does its substitute")
        self.assertEqual(self.approve(BOB, 100, for_user_id=AMY), "own_request", "nor it as a substitute")
        self.assertEqual(self.approve(BOB, 100, request=replace(self.request, requester_id=None)), "approved")

    def test_the_second_approval_is_by_another_person(self):
        first = Approval(AMY, AMY, limit(80000))
        self.assertEqual(self.approve(AMY, 80000, first), "same_person")
        self.assertEqual(self.approve(CARL, 80000, first, for_user_id=AMY), "same_person")
        for_carl = Approval(AMY, CARL, limit(80000))
        self.assertEqual(self.approve(CARL, 80000, for_carl), "same_person")

    def test_both_approve_the_same_limit(self):
        first = Approval(AMY, AMY, limit(80000))
        self.assertEqual(self.approve(CARL, 60000, first), "needs_second")
        self.assertEqual(self.approve(AMY, 60000, first, Approval(CARL, CARL, limit(60000))), "approved")

    def test_less_may_be_approved_and_more_may_not(self):
        self.assertEqual(self.approve(AMY, 20000), "approved")
        self.assertEqual(self.approve(AMY, "80000.01"), "above_requested")
        self.assertEqual(self.approve(AMY, -5), "negative")

    def test_a_temporary_limit_that_ended_meanwhile(self):
        for until, expected in [(TODAY, "approved"), (date(2026, 6, 9), "ended")]:
            with self.subTest(until=until):
                self.assertEqual(self.approve(AMY, 100, request=replace(self.request, until=until)), expected)

    def test_rejections(self):
        self.assertIsNone(refusal(reject, self.request, AMY, "no accounts published"))
        self.assertEqual(refusal(reject, self.request, AMY, ""), "no_reason")
        self.assertEqual(refusal(reject, self.request, BOB, "changed my mind"), "own_request")


class TestAuthority(TestCase):
    authorities = (Authority(AMY, dec(10000)), Authority(BOB, dec(50000)), Authority(CARL))
    away = tuple(Delegation(authority, AMY) for authority in authorities[1:])

    def find(self, user_id, wanted, delegations=away, barred=()):
        wanted = wanted if isinstance(wanted, Limit) else limit(wanted)
        return find_authority(user_id, self.authorities, delegations, wanted, barred)

    def test_the_own_authority_first_then_that_of_the_absent(self):
        for amount, expected in [(10000, AMY), ("10000.01", BOB), (50000, BOB), ("50000.01", CARL)]:
            with self.subTest(amount=amount):
                self.assertEqual(self.find(AMY, amount), expected)
        self.assertEqual(self.find(AMY, Limit(NO_LIMIT)), CARL)

    def test_only_in_the_absence(self):
        self.assertEqual(self.find(AMY, 10000, ()), AMY)
        self.assertIsNone(self.find(AMY, 10001, ()))
        self.assertIsNone(self.find(AMY, 60000, self.away[:1]))

    def test_the_authority_of_the_requester_does_not_count(self):
        self.assertEqual(self.find(AMY, 20000, barred={BOB}), CARL)
        self.assertIsNone(self.find(AMY, 20000, barred={BOB, CARL}))

    def test_a_user_without_authority(self):
        self.assertIsNone(self.find(99, 1))
        self.assertIsNone(self.find(BOB, "50000.01"), "who is absent still has the own authority alone")


class TestRecommendation(TestCase):
    #: 73,000 a year with 30 + 10 days: 8,000.
    history = CreditHistory("C", dec(73000), 30, dec(10))
    rules = RecommendationRules()

    def recommend(self, rules=None, **values):
        recommendation = recommend(replace(self.history, **values), rules or self.rules)
        return recommendation.limit.amount, [reason.code for reason in recommendation.reasons]

    def test_the_table(self):
        for values, amount, codes in [
            ({}, 8000, ["need"]),
            ({"risk_class": "A"}, 12000, ["need", "class_share"]),
            ({"risk_class": "D"}, 4000, ["need", "class_share"]),
            ({"proven": dec(9000)}, 9000, ["need", "proven"]),
            ({"proven": dec(7000)}, 8000, ["need"]),
            ({"risk_class": "D", "proven": dec(9000)}, 4000, ["need", "class_share"]),
            ({"requested": dec(6000)}, 6000, ["need", "requested"]),
            ({"requested": dec(60000)}, 8000, ["need"]),
            ({"requested": dec(8000)}, 8000, ["need"]),
            ({"turnover": dec(74000)}, 8100, ["need", "rounded"]),
            ({"days_beyond_terms": dec(-40)}, 0, ["need"]),
            ({"turnover": dec(-100)}, 0, ["need"]),
        ]:
            with self.subTest(values=values):
                self.assertEqual(self.recommend(**values), (dec(amount), codes))

    def test_classes_without_credit(self):
        for risk_class in ("E", "unknown"):
            recommendation = recommend(replace(self.history, risk_class=risk_class), self.rules)
            self.assertEqual(recommendation.limit, Limit(CASH_ONLY))
            self.assertEqual([reason.code for reason in recommendation.reasons], ["class_cash_only"])

    def test_a_newcomer(self):
        rules = replace(self.rules, newcomer=dec(2000), maximums=(("C", dec(1500)),))
        self.assertEqual(self.recommend(rules, has_history=False), (dec(1500), ["newcomer", "class_maximum"]))
        self.assertEqual(recommend(replace(self.history, has_history=False), self.rules).limit, Limit(CASH_ONLY))

    def test_not_more_than_is_insured(self):
        rules = replace(self.rules, is_insured_only=True)
        self.assertEqual(self.recommend(rules, insured=dec(5000)), (dec(5000), ["need", "insured"]))
        self.assertEqual(self.recommend(rules), (dec(0), ["need", "insured"]))
        self.assertEqual(self.recommend(insured=dec(5000)), (dec(8000), ["need"]))

    def test_each_reason_says_the_amount_after_it(self):
        rules = replace(self.rules, maximums=(("A", dec(9999)),))
        recommendation = recommend(replace(self.history, risk_class="A"), rules)
        self.assertEqual(
            [(reason.code, reason.amount) for reason in recommendation.reasons],
            [("need", dec(8000)), ("class_share", dec(12000)), ("class_maximum", dec(9999)), ("rounded", dec(9900))],
        )

    def test_without_rounding(self):
        self.assertEqual(self.recommend(replace(self.rules, step=dec(0))), (dec(8000), ["need"]))


class TestExclusionEntries(TestCase):
    def check(self, **values):
        given = {"code": OVERDUE, "scope": "customer", "reason": "seasonal", "until": TODAY} | values
        return refusal(check_exclusion, RuleExclusion(1, **given), TODAY)

    def test_each_rule_takes_its_own_values(self):
        for code, names in RULE_VALUES.items():
            for name in ("days", "amount", "percent", "count"):
                with self.subTest(code=code, name=name):
                    self.assertEqual(self.check(code=code, **{name: 1}), None if name in names else "unused_value")

    def test_what_an_exclusion_needs(self):
        for values, expected in [
            ({}, None),
            ({"code": "forced"}, "unknown_rule"),
            ({"scope": "team"}, "unknown_scope"),
            ({"reason": " "}, "no_reason"),
            ({"until": None}, "no_end"),
            ({"until": date(2026, 6, 9)}, "ended"),
            ({"days": -1}, "negative"),
            ({"days": 0}, None),
            ({"amount": dec("Infinity")}, "not_a_number"),
        ]:
            with self.subTest(values=values):
                self.assertEqual(self.check(**values), expected)
