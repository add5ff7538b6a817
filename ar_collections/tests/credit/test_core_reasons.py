"""Reasons of a status that a person reads, what a release excludes, and values that are not set."""

from datetime import date
from unittest import TestCase

from odoo.addons.ar_collections.core.credit.effect import DELIVERED_INVOICE, INVOICE, ORDER, Document, Standing, check
from odoo.addons.ar_collections.core.credit.exceptions import get_end
from odoo.addons.ar_collections.core.credit.insurance import HAND_OVER, NOTIFY, Clock, Insurance, find_gaps
from odoo.addons.ar_collections.core.credit.limit import AMOUNT, CASH_ONLY, Limit, LimitTerms
from odoo.addons.ar_collections.core.credit.reasons import Reason, find_reason
from odoo.addons.ar_collections.core.credit.recommendation import CreditHistory, RecommendationRules, recommend
from odoo.addons.ar_collections.core.credit.release import StoredStatus, effective, release
from odoo.addons.ar_collections.core.credit.rules import (
    HOLD,
    INSOLVENT,
    OF_LIMIT,
    OVER_LIMIT,
    OVERDUE,
    RETURNED_PAYMENT,
    RISK_CLASS,
    TERMS_TOO_LONG,
    WARNING,
    CreditRule,
    Event,
)
from odoo.addons.ar_collections.core.credit.status import CreditStatus, evaluate

from ..core_common import dec
from .core_credit import TODAY, day, exclusion, facts, overdue


class TestReasons(TestCase):
    def test_the_days_of_a_reason_grow_by_themselves(self):
        (reason,) = evaluate(facts(overdue=overdue((61, 500))), [CreditRule(OVERDUE, days=60)], [], TODAY).reasons
        self.assertEqual((reason.days, reason.since), (61, day(-61)))
        self.assertEqual([reason.on(day(days)).days for days in (0, 1, 30)], [61, 62, 91])
        self.assertEqual(reason.on(day(-61)).days, 0)
        self.assertEqual(reason.on(day(-100)).days, 0)
        limit = Reason(OVER_LIMIT, HOLD, amount=dec(5))
        self.assertIs(limit.on(TODAY), limit)

    def test_without_a_limit_there_is_no_percentage_of_it(self):
        rule = CreditRule(OVERDUE, days=60, percent_of=OF_LIMIT)
        for limit in (Limit(), Limit(CASH_ONLY)):
            with self.subTest(limit=limit):
                reason = find_reason(rule, facts(limit=limit, overdue=overdue((61, 500))), TODAY)
                self.assertEqual((reason.amount, reason.percent), (500, None))

    def test_a_rule_without_thresholds_holds_from_the_first_cent(self):
        for needs_all in (True, False):
            rule = CreditRule(OVER_LIMIT, needs_all=needs_all)
            for exposure, status in ((10000, "good"), ("10000.01", HOLD)):
                with self.subTest(needs_all=needs_all, exposure=exposure):
                    self.assertEqual(evaluate(facts(exposure=dec(exposure)), [rule], [], TODAY).status, status)

    def test_events_without_a_time_count_for_ever(self):
        events = tuple(Event(RETURNED_PAYMENT, day(-days)) for days in (3000, 10))
        reason = find_reason(CreditRule(RETURNED_PAYMENT, count=2), facts(events=events), TODAY)
        self.assertEqual((reason.count, reason.until), (2, None))
        self.assertIsNone(find_reason(CreditRule(RETURNED_PAYMENT, count=3), facts(events=events), TODAY))

    def test_the_events_that_leave_first_end_the_reason(self):
        rule = CreditRule(RETURNED_PAYMENT, days=90, count=2)
        for offsets in ((-80, -60, -10, -3), (-3, -10, -60, -80), (-10, -80, -3, -60)):
            with self.subTest(offsets=offsets):
                events = tuple(Event(RETURNED_PAYMENT, day(offset)) for offset in offsets)
                self.assertEqual(find_reason(rule, facts(events=events), TODAY).until, day(-10 + 91))

    def test_insolvency_holds_without_any_rule_and_whatever_is_excluded(self):
        found = evaluate(facts(insolvent_since=date(2026, 6, 1)), [], [exclusion(INSOLVENT)], TODAY)
        self.assertEqual((found.status, found.codes), (HOLD, (INSOLVENT,)))
        self.assertEqual(found.reasons[0].detail, ("2026-06-01",))

    def test_an_exclusion_by_a_value_that_the_reason_has_not_lifts(self):
        rule = CreditRule(RISK_CLASS, classes=frozenset({"E"}))
        for value in ({}, {"days": 5}, {"count": 1}):
            with self.subTest(**value):
                lifted = evaluate(facts(risk_class="E"), [rule], [exclusion(RISK_CLASS, **value)], TODAY)
                self.assertEqual((lifted.status, len(lifted.excluded)), ("good", 1))


class TestRelease(TestCase):
    def test_a_new_cause_is_told_instead_of_the_waiting(self):
        waiting = StoredStatus(HOLD, day(-5), is_waiting=True)
        over = CreditStatus(HOLD, (Reason(OVER_LIMIT, HOLD),))
        self.assertEqual(effective(waiting, over).codes, ("over_limit",))
        used = CreditStatus(WARNING, (Reason("limit_used", WARNING),))
        self.assertEqual(effective(waiting, used).codes, ("ready_to_release", "limit_used"))

    def test_only_excesses_are_released_up_to_their_amount(self):
        causes = (
            Reason(OVERDUE, HOLD, days=70, amount=dec(500)),
            Reason(OVER_LIMIT, HOLD, amount=dec(800)),
            Reason("forced", HOLD),
            Reason(INSOLVENT, HOLD),
        )
        found = release(CreditStatus(HOLD, causes), "paid by phone", day(7))
        self.assertEqual([(one.code, one.amount, one.until) for one in found],
                         [(OVERDUE, None, day(7)), (OVER_LIMIT, 800, day(7))])  # fmt: skip


class TestDocuments(TestCase):
    def effect(self, standing, **values):
        (result,) = check([Document(1, amount=dec(100), **values)], standing, TODAY)
        return result.effect

    def test_the_terms_of_the_customer_count_for_documents_without_their_own(self):
        rules = (CreditRule(TERMS_TOO_LONG, terms=(("C", 14),)),)
        long = Standing(facts(risk_class="C", terms_days=30), rules)
        self.assertEqual(self.effect(long, kind=ORDER), "block")
        self.assertEqual(self.effect(long, kind=ORDER, terms_days=14), "nothing")
        self.assertEqual(self.effect(long, kind=ORDER, terms_days=0), "nothing")

    def test_a_rule_about_invoices_is_about_invoices_of_delivered_goods(self):
        rule = CreditRule(OVER_LIMIT, documents=frozenset({INVOICE}))
        full = Standing(facts(exposure=dec(10000)), (rule,))
        kinds = (INVOICE, DELIVERED_INVOICE, ORDER)
        self.assertEqual([self.effect(full, kind=kind) for kind in kinds], ["block", "warn", "nothing"])


class TestNotSet(TestCase):
    def test_a_temporary_limit_without_amount_or_end_is_none(self):
        limit, other = Limit(AMOUNT, dec(100)), Limit(AMOUNT, dec(500))
        for terms in (LimitTerms(limit, None, day(9)), LimitTerms(limit, other, None), LimitTerms(limit)):
            with self.subTest(terms=terms):
                self.assertEqual((terms.on(TODAY), terms.end(TODAY)), (limit, None))

    def test_a_limit_is_valid_as_long_as_nothing_temporary_replaces_it(self):
        limit = Limit(AMOUNT, dec(100))
        terms = LimitTerms(limit, Limit(AMOUNT, dec(500)), until=day(0), valid_until=day(30))
        self.assertEqual([terms.end(day(days)) for days in (0, 1)], [None, day(30)])

    def test_an_insurer_that_names_no_longest_terms_covers_any(self):
        self.assertEqual(find_gaps(Insurance(dec(10000), day(99)), None, dec(100), 365, TODAY), ())

    def test_nothing_is_done_for_the_insurer_until_it_is_said(self):
        clock = Clock(TODAY, day(60), day(90), day(95))
        self.assertEqual(clock.deadlines[1:], ((NOTIFY, day(90)), (HAND_OVER, day(95))))

    def test_an_exception_ends_after_its_last_day_or_today(self):
        for until, end in ((day(-1), TODAY), (TODAY, TODAY), (day(1), TODAY), (day(-2), day(-1))):
            with self.subTest(until=until):
                self.assertEqual(get_end(until, TODAY), end)

    def test_what_was_paid_on_time_counts_above_the_share_of_the_class(self):
        # of 73,000 a year at 40 days 8,000 are needed, of which class B may have 125 percent
        for proven, amount in ((7000, 10000), (9000, 10000), (10000, 10000), (10100, 10100)):
            with self.subTest(proven=proven):
                history = CreditHistory("B", dec(73000), 40, proven=dec(proven))
                self.assertEqual(recommend(history, RecommendationRules()).limit.amount, amount)
