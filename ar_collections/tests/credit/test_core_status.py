"""Good, warning or hold: every rule at its boundary, and broken rules that hold nobody."""

from dataclasses import replace
from unittest import TestCase

from odoo.addons.ar_collections.core.credit.exposure import UnknownAmount
from odoo.addons.ar_collections.core.credit.limit import AMOUNT, CASH_ONLY, CreditRefused, Limit
from odoo.addons.ar_collections.core.credit.reasons import check_rule, find_reason, net_overdue
from odoo.addons.ar_collections.core.credit.rules import (
    BROKEN_PLAN,
    BROKEN_PROMISE,
    CHARGEBACK,
    GOOD,
    HOLD,
    INSURANCE_EXPIRED,
    LIMIT_EXPIRED,
    LIMIT_USED,
    NOT_INSURED,
    OF_LIMIT,
    OVER_GROUP_LIMIT,
    OVER_LIMIT,
    OVERDUE,
    RETURNED_PAYMENT,
    RISK_CLASS,
    RULE_VALUES,
    TERMS_TOO_LONG,
    WARNING,
    Broken,
    CreditRule,
    Event,
    ForcedHold,
    GroupLimit,
)
from odoo.addons.ar_collections.core.credit.status import CreditStatus, evaluate

from ..core_common import dec
from .core_credit import LIMIT, TODAY, day, exclusion, facts, overdue


class RulesCase(TestCase):
    def holds(self, rule, **values):
        """Return whether a rule holds a customer with these facts."""
        return evaluate(facts(**values), [rule], [], TODAY).status == rule.status


class TestLimits(RulesCase):
    def test_over_the_limit_by_amount_and_percent(self):
        for rule, exposure, expected in [
            ({}, "10000.00", False),
            ({}, "10000.01", True),
            ({"amount": dec(500)}, "10500.00", False),
            ({"amount": dec(500)}, "10500.01", True),
            ({"percent": dec(10)}, "11000.00", False),
            ({"percent": dec(10)}, "11000.01", True),
            ({"amount": dec(500), "percent": dec(10)}, "10800", False),
            ({"amount": dec(500), "percent": dec(10)}, "11000.01", True),
            ({"amount": dec(500), "percent": dec(10), "needs_all": False}, "10500.01", True),
        ]:
            with self.subTest(rule=rule, exposure=exposure):
                self.assertEqual(self.holds(CreditRule(OVER_LIMIT, **rule), exposure=dec(exposure)), expected)

    def test_the_reason_says_by_how_much(self):
        for limit, percent in [(LIMIT, dec(5)), (Limit(CASH_ONLY), None)]:
            over = dec(10500) if limit == LIMIT else dec(500)
            (reason,) = evaluate(facts(limit=limit, exposure=over), [CreditRule(OVER_LIMIT)], [], TODAY).reasons
            self.assertEqual((reason.amount, reason.percent), (dec(500), percent))

    def test_cash_only_and_no_limit(self):
        rule = CreditRule(OVER_LIMIT, percent=dec(10))
        self.assertTrue(self.holds(rule, limit=Limit(CASH_ONLY), exposure=dec("0.01")))
        self.assertFalse(self.holds(rule, limit=Limit(CASH_ONLY), exposure=dec(-50)))
        self.assertFalse(self.holds(rule, limit=Limit(), exposure=dec(10**9)))

    def test_a_third_is_compared_exactly(self):
        """33.3 percent of 3,000 are 999.00, and 999.00 passes."""
        rule = CreditRule(OVER_LIMIT, percent=dec("33.3"))
        limit = Limit(AMOUNT, dec(3000))
        self.assertFalse(self.holds(rule, limit=limit, exposure=dec("3999.00")))
        self.assertTrue(self.holds(rule, limit=limit, exposure=dec("3999.01")))

    def test_the_limit_of_the_group(self):
        rule = CreditRule(OVER_GROUP_LIMIT)
        for own, others, expected in [
            ("4000", "6000.00", False),
            ("4000", "6000.01", True),
            ("-500", "10000.00", False),
            ("-500", "10000.01", True),
        ]:
            with self.subTest(own=own, others=others):
                group = GroupLimit(LIMIT, dec(others))
                self.assertEqual(self.holds(rule, limit=Limit(), exposure=dec(own), group=group), expected)
        self.assertFalse(self.holds(rule, exposure=dec(10**9)))

    def test_a_share_of_the_limit_warns(self):
        rule = CreditRule(LIMIT_USED, WARNING, percent=dec(80))
        self.assertFalse(self.holds(rule, exposure=dec("8000.00")))
        self.assertTrue(self.holds(rule, exposure=dec("8000.01")))
        self.assertFalse(self.holds(rule, exposure=dec(8001), limit=Limit()))

    def test_expired_after_the_days_of_grace(self):
        for code, name in [(LIMIT_EXPIRED, "limit_until"), (INSURANCE_EXPIRED, "insured_until")]:
            for grace, until, expected in [(None, 0, False), (None, -1, True), (5, -5, False), (5, -6, True)]:
                with self.subTest(code=code, grace=grace, until=until):
                    rule = CreditRule(code, days=grace)
                    self.assertEqual(self.holds(rule, **{name: day(until)}), expected)
            self.assertFalse(self.holds(CreditRule(code)))

    def test_a_delivery_that_is_not_insured(self):
        rule = CreditRule(NOT_INSURED)
        self.assertTrue(self.holds(rule, gaps=("beyond_extension",)))
        self.assertFalse(self.holds(rule, gaps=("expired", "above_insured")), "these have rules of their own")


class TestOverdue(RulesCase):
    def test_days_and_amount(self):
        """Both: what is late by more than the days must be more than the amount. Any: one of them."""
        both = CreditRule(OVERDUE, days=30, amount=dec(1000))
        either = replace(both, needs_all=False)
        for items, all_hold, any_holds in [
            ([], False, False),
            ([(30, 5000)], False, True),
            ([(31, "1000.00")], False, True),
            ([(31, "1000.01")], True, True),
            ([(31, 10), (5, 5000)], False, True),
            ([(31, 600), (40, 600)], True, True),
            ([(30, 600), (31, 600)], False, True),
            ([(30, 1000)], False, False),
        ]:
            with self.subTest(items=items):
                self.assertEqual(self.holds(both, overdue=overdue(*items)), all_hold)
                self.assertEqual(self.holds(either, overdue=overdue(*items)), any_holds)

    def test_the_days_alone(self):
        rule = CreditRule(OVERDUE, days=60)
        self.assertFalse(self.holds(rule, overdue=overdue((60, 1))))
        self.assertTrue(self.holds(rule, overdue=overdue((61, "0.01"))))

    def test_a_share_of_the_receivables_or_of_the_limit(self):
        rule = CreditRule(OVERDUE, percent=dec(20))
        self.assertFalse(self.holds(rule, overdue=overdue((5, "1000.00")), receivables=dec(5000)))
        half = replace(rule, percent=dec(50))
        items = overdue((5, 500))
        self.assertFalse(self.holds(half, overdue=items, receivables=dec(600), credits=dec(400)))
        self.assertTrue(self.holds(half, overdue=items, receivables=dec("599.99"), credits=dec(400)))
        self.assertTrue(self.holds(rule, overdue=overdue((5, "1000.01")), receivables=dec(5000)))
        rule = replace(rule, percent_of=OF_LIMIT)
        self.assertFalse(self.holds(rule, overdue=overdue((5, "2000.00"))))
        self.assertTrue(self.holds(rule, overdue=overdue((5, "2000.01"))))
        self.assertTrue(self.holds(rule, overdue=overdue((5, "0.01")), limit=Limit(CASH_ONLY)))
        self.assertFalse(self.holds(rule, overdue=overdue((5, 10**9)), limit=Limit()))

    def test_who_has_paid_is_not_held(self):
        """A payment that nobody has matched yet covers the oldest item."""
        rule = CreditRule(OVERDUE, days=30)
        items = overdue((90, 500), (10, 300))
        self.assertTrue(self.holds(rule, overdue=items, credits=dec("499.99"), receivables=dec(800)))
        self.assertFalse(self.holds(rule, overdue=items, credits=dec(500), receivables=dec(800)))
        self.assertEqual(net_overdue(items, dec(900)), ())

    def test_the_reason_says_what_was_found(self):
        rule = CreditRule(OVERDUE, days=30, amount=dec(100))
        found = evaluate(facts(overdue=overdue((45, 300), (31, 100), (2, 50)), receivables=dec(800)), [rule], [], TODAY)
        (reason,) = found.reasons
        self.assertEqual((reason.days, reason.amount, reason.percent), (45, dec(400), dec(50)))


class TestOtherRules(RulesCase):
    def test_terms_that_the_class_may_not_have(self):
        rule = CreditRule(TERMS_TOO_LONG, terms=(("A", 60), ("C", 14), ("E", 0)))
        for risk_class, terms_days, expected in [
            ("A", 60, False), ("A", 61, True), ("C", 15, True), ("E", 1, True), ("E", 0, False),
            ("B", 365, False), (None, 365, False), ("A", None, False),
        ]:  # fmt: skip
            with self.subTest(risk_class=risk_class, terms_days=terms_days):
                self.assertEqual(self.holds(rule, risk_class=risk_class, terms_days=terms_days), expected)

    def test_a_risk_class(self):
        rule = CreditRule(RISK_CLASS, WARNING, classes=frozenset("DE"))
        self.assertEqual([name for name in "ABCDE" if self.holds(rule, risk_class=name)], ["D", "E"])

    def test_events_count_for_a_time(self):
        for code in (BROKEN_PROMISE, BROKEN_PLAN, RETURNED_PAYMENT, CHARGEBACK):
            rule = CreditRule(code, days=90, count=2)
            for days, expected in [([], False), ([-1], False), ([-1, -90], True), ([-1, -91], False)]:
                with self.subTest(code=code, days=days):
                    events = tuple(Event(code, day(offset)) for offset in days)
                    self.assertEqual(self.holds(rule, events=events), expected)
            others = (Event("other", TODAY), Event("other", TODAY))
            self.assertFalse(self.holds(rule, events=others))

    def test_it_is_known_when_events_no_longer_count(self):
        rule = CreditRule(RETURNED_PAYMENT, days=90, count=2)
        events = tuple(Event(RETURNED_PAYMENT, day(offset)) for offset in (-3, -10, -80))
        (reason,) = evaluate(facts(events=events), [rule], [], TODAY).reasons
        self.assertEqual((reason.count, reason.until), (3, day(81)))
        self.assertTrue(evaluate(facts(events=events), [rule], [], day(80)).reasons)
        self.assertFalse(evaluate(facts(events=events), [rule], [], day(81)).reasons)

    def test_a_hold_by_a_person_ends_on_its_last_day(self):
        forced = facts(forced=ForcedHold("fraud suspected", day(5)))
        (reason,) = evaluate(forced, [], [], day(5)).reasons
        self.assertEqual((reason.code, reason.until), ("forced", day(6)))
        self.assertEqual(evaluate(forced, [], [], day(6)).status, GOOD)


class TestStatus(TestCase):
    def test_the_most_severe_rule_decides_and_all_are_listed(self):
        rules = [
            CreditRule(LIMIT_USED, WARNING, percent=dec(80)),
            CreditRule(OVERDUE, WARNING, days=10),
            CreditRule(OVERDUE, days=60),
            CreditRule(OVER_LIMIT),
        ]
        found = evaluate(facts(exposure=dec(9000), overdue=overdue((61, 100))), rules, [], TODAY)
        self.assertEqual((found.status, found.codes), (HOLD, (OVERDUE, LIMIT_USED)))
        found = evaluate(facts(exposure=dec(9000), overdue=overdue((60, 100))), rules, [], TODAY)
        self.assertEqual((found.status, found.codes), (WARNING, (LIMIT_USED, OVERDUE)))
        self.assertEqual(evaluate(facts(), rules, [], TODAY), CreditStatus(GOOD))

    def test_a_rule_about_documents_is_not_about_the_customer(self):
        rules = [CreditRule(OVER_LIMIT, documents=frozenset({"order"}))]
        over = facts(exposure=dec(10001))
        self.assertEqual(
            [evaluate(over, rules, [], TODAY, document).status for document in (None, "order", "invoice")],
            [GOOD, HOLD, GOOD],
        )

    def test_every_rule_can_be_evaluated(self):
        for code in RULE_VALUES:
            with self.subTest(code=code):
                rule = CreditRule(
                    code, days=1, amount=dec(1), percent=dec(1), classes=frozenset("E"), terms=(("E", 1),)
                )
                self.assertIsNone(find_reason(rule, facts(), TODAY))


class TestBroken(TestCase):
    """A rule that cannot be evaluated holds nobody: it is reported."""

    def check(self, expected, *rules, **values):
        found = evaluate(facts(**values), rules, [], TODAY)
        self.assertEqual((found.status, [(b.code, b.cause) for b in found.broken]), (GOOD, expected))

    def test_rules_without_threshold(self):
        for rule in (
            CreditRule(OVERDUE),
            CreditRule(LIMIT_USED),
            CreditRule(RISK_CLASS),
            CreditRule(TERMS_TOO_LONG),
            CreditRule(CHARGEBACK, count=0),
        ):
            with self.subTest(rule=rule.code):
                values = {"overdue": overdue((90, 10**6)), "exposure": dec(9999), "terms_days": 90, "risk_class": "E"}
                self.check([(rule.code, "no_threshold")], rule, **values)

    def test_a_rule_of_another_version(self):
        self.check([("weather", "unknown_rule")], CreditRule("weather"))

    def test_they_are_refused_when_they_are_entered(self):
        for rule, expected in [
            (CreditRule(OVER_LIMIT), None),
            (CreditRule(OVERDUE, days=0), None),
            (CreditRule(OVERDUE), "no_threshold"),
            (CreditRule(CHARGEBACK, count=0), "no_threshold"),
            (CreditRule("weather"), "unknown_rule"),
            (CreditRule(OVERDUE, days=-1), "negative"),
            (CreditRule(OVER_LIMIT, amount=dec("-0.01")), "negative"),
            (CreditRule(OVER_LIMIT, percent=dec("NaN")), "not_a_number"),
        ]:
            with self.subTest(rule=rule):
                try:
                    check_rule(rule)
                    self.assertIsNone(expected)
                except CreditRefused as refused:
                    self.assertEqual(refused.code, expected)

    def test_amounts_that_are_no_numbers(self):
        nan = dec("NaN")
        self.check([(OVER_LIMIT, "not_a_number")], CreditRule(OVER_LIMIT), exposure=nan)
        self.check([(OVER_LIMIT, "not_a_number")], CreditRule(OVER_LIMIT), limit=Limit(AMOUNT, nan), exposure=dec(1))
        self.check([(OVERDUE, "not_a_number")], CreditRule(OVERDUE, amount=nan), overdue=overdue((5, 5)))

    def test_facts_that_could_not_be_read(self):
        broken = (Broken(OVERDUE, "unreadable", "no such field"),)
        rules = CreditRule(OVERDUE, days=1), CreditRule(OVER_LIMIT)
        self.check([(OVERDUE, "unreadable")], *rules, overdue=overdue((90, 10)), broken=broken)

    def test_the_other_rules_still_hold(self):
        rules = [CreditRule("weather"), CreditRule(OVERDUE), CreditRule(OVER_LIMIT)]
        found = evaluate(facts(exposure=dec(10001)), rules, [], TODAY)
        self.assertEqual((found.status, len(found.broken)), (HOLD, 2))

    def test_a_currency_without_rate_is_reported_and_what_is_known_counts(self):
        unknown = (UnknownAmount("orders", "XAU", dec(5)), UnknownAmount("drafts", "XAU", dec(9)))
        for exposure, expected in [("10000.00", GOOD), ("10000.01", HOLD)]:
            with self.subTest(exposure=exposure):
                found = evaluate(facts(exposure=dec(exposure), unknown=unknown), [CreditRule(OVER_LIMIT)], [], TODAY)
                self.assertEqual(found.status, expected)
                self.assertEqual(found.broken, (Broken(OVER_LIMIT, "missing_rate", "XAU"),))

    def test_an_exclusion_with_a_limit_that_is_no_number_lifts(self):
        lifted = [exclusion(OVER_LIMIT, amount=dec("NaN"))]
        self.assertEqual(evaluate(facts(exposure=dec(10001)), [CreditRule(OVER_LIMIT)], lifted, TODAY).status, GOOD)
