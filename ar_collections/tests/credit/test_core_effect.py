"""What a status means for documents: each for itself, together never above the limit, and never for what is paid."""

import inspect
from dataclasses import fields, replace
from datetime import date
from random import Random
from unittest import TestCase

from odoo.addons.ar_collections.core.credit.effect import (
    BLOCK,
    DELIVERED_INVOICE,
    DELIVERY,
    INFORM,
    INVOICE,
    NOTHING,
    ORDER,
    WARN,
    Document,
    EffectRules,
    Release,
    Standing,
    check,
)
from odoo.addons.ar_collections.core.credit.limit import AMOUNT, CASH_ONLY, Limit
from odoo.addons.ar_collections.core.credit.release import StoredStatus
from odoo.addons.ar_collections.core.credit.rules import (
    CUSTOMER,
    GOOD,
    HOLD,
    LIMIT_USED,
    OVER_GROUP_LIMIT,
    OVER_LIMIT,
    OVERDUE,
    TERMS_TOO_LONG,
    WARNING,
    CreditFacts,
    CreditRule,
    ForcedHold,
    GroupLimit,
    OverdueItem,
    RuleExclusion,
)

from ..core_common import dec

TODAY = date(2026, 6, 10)

THOUSAND = CreditFacts(Limit(AMOUNT, dec(1000)))

#: Held, whatever its documents are.
LATE = CreditFacts(Limit(), overdue=(OverdueItem(90, dec(500)),))

RULES = (CreditRule(OVER_LIMIT), CreditRule(OVERDUE, days=30))


def document(amount, document_id=1, kind=INVOICE, **values):
    """Return a document; amounts may be texts."""
    amounts = {name: dec(values.pop(name)) for name in ("counted", "covered") if name in values}
    return Document(document_id, kind, dec(amount), **amounts, **values)


def effects(standing, *documents):
    numbered = [replace(entry, document_id=number) for number, entry in enumerate(documents)]
    return [result.effect for result in check(numbered, standing, TODAY)]


class EffectCase(TestCase):
    small = Standing(THOUSAND, RULES)
    late = Standing(LATE, RULES)


class TestKinds(EffectCase):
    def test_a_hold_by_kind_of_document(self):
        for kind, expected in [(ORDER, BLOCK), (DELIVERY, BLOCK), (INVOICE, BLOCK), (DELIVERED_INVOICE, WARN)]:
            with self.subTest(kind=kind):
                self.assertEqual(effects(self.late, document(10, kind=kind)), [expected])

    def test_settings_of_the_policy(self):
        for setting in (NOTHING, INFORM, WARN, BLOCK):
            with self.subTest(setting=setting):
                standing = replace(self.late, effects=EffectRules(delivered_invoice=setting))
                self.assertEqual(effects(standing, document(10, kind=DELIVERED_INVOICE)), [setting])

    def test_a_warning_never_blocks(self):
        standing = Standing(THOUSAND, (CreditRule(LIMIT_USED, WARNING, percent=dec(50)),))
        self.assertEqual(effects(standing, document(500)), [NOTHING])
        self.assertEqual(effects(standing, document("500.01")), [WARN])
        quiet = replace(standing, effects=EffectRules(invoice=INFORM))
        self.assertEqual(effects(quiet, document("500.01")), [INFORM])

    def test_a_rule_about_orders_alone(self):
        rules = (CreditRule(OVER_LIMIT, documents=frozenset({ORDER}), percent=dec(10)),)
        standing = Standing(THOUSAND, rules)
        self.assertEqual(effects(standing, document("1100.01", kind=INVOICE)), [NOTHING])
        self.assertEqual(effects(standing, document("1100.00", kind=ORDER)), [NOTHING])
        self.assertEqual(effects(standing, document("1100.01", kind=ORDER)), [BLOCK])

    def test_the_terms_of_the_document_count(self):
        facts = CreditFacts(Limit(), risk_class="C", terms_days=14)
        standing = Standing(facts, (CreditRule(TERMS_TOO_LONG, terms=(("C", 14),)),))
        for terms_days, expected in [(None, NOTHING), (14, NOTHING), (30, BLOCK)]:
            with self.subTest(terms_days=terms_days):
                self.assertEqual(effects(standing, document(10, terms_days=terms_days)), [expected])

    def test_who_waits_for_a_release_is_held(self):
        waiting = replace(self.small, stored=StoredStatus(HOLD, TODAY, is_waiting=True), releases_itself=False)
        self.assertEqual(effects(waiting, document(10)), [BLOCK])
        released = replace(waiting, stored=StoredStatus(GOOD, TODAY))
        self.assertEqual(effects(released, document(10)), [NOTHING])

    def test_a_payment_that_was_just_booked_releases_or_waits_for_a_person(self):
        """The customer is stored as held; what was overdue is paid since."""
        held = replace(self.small, stored=StoredStatus(HOLD, date(2026, 6, 1)))
        self.assertEqual(effects(held, document(10)), [NOTHING])
        (result,) = check([document(10)], replace(held, releases_itself=False), TODAY)
        self.assertEqual((result.effect, result.status.codes), (BLOCK, ("ready_to_release",)))

    def test_a_hold_by_a_person(self):
        forced = Standing(replace(THOUSAND, forced=ForcedHold("fraud suspected", TODAY)), RULES)
        self.assertEqual(effects(forced, document(10)), [BLOCK])


class TestBoundary(EffectCase):
    def test_equal_passes_and_one_cent_more_does_not(self):
        standing = Standing(CreditFacts(Limit(AMOUNT, dec(15000)), exposure=dec(14000)), RULES)
        self.assertEqual(effects(standing, document("1000.00", kind=ORDER)), [NOTHING])
        self.assertEqual(effects(standing, document("1000.01", kind=ORDER)), [BLOCK])

    def test_cash_only_takes_what_was_paid_in_advance(self):
        standing = Standing(CreditFacts(Limit(CASH_ONLY), exposure=dec(-500)), RULES)
        self.assertEqual(effects(standing, document("500.00"), document("0.01")), [NOTHING, BLOCK])

    def test_what_is_part_of_the_exposure_is_not_counted_twice(self):
        full = Standing(replace(THOUSAND, exposure=dec(1000)), RULES)
        self.assertEqual(effects(full, document(600, counted=600)), [NOTHING])
        self.assertEqual(effects(full, document("600.01", counted=600)), [BLOCK])


class TestBatch(EffectCase):
    def test_together_they_are_within_the_limit(self):
        self.assertEqual(effects(self.small, document(600), document(600)), [NOTHING, BLOCK])

    def test_a_blocked_document_takes_no_room_and_stops_no_other(self):
        documents = [document(amount) for amount in (2000, 600, 500, 400)]
        self.assertEqual(effects(self.small, *documents), [BLOCK, NOTHING, BLOCK, NOTHING])

    def test_a_document_with_a_warning_takes_room(self):
        standing = Standing(THOUSAND, (CreditRule(OVER_LIMIT),), effects=EffectRules(invoice=WARN))
        documents = document(1200), document(10, kind=ORDER)
        self.assertEqual(effects(standing, *documents), [WARN, BLOCK])

    def test_what_reduces_the_debt_counts_first(self):
        self.assertEqual(effects(self.small, document(1200), document(-200)), [NOTHING, NOTHING])
        self.assertEqual(effects(self.small, document("1200.01"), document(-200)), [BLOCK, NOTHING])

    def test_a_draft_credit_note_that_counts_already_makes_no_further_room(self):
        self.assertEqual(effects(self.small, document(1200), document(-200, counted=200)), [BLOCK, NOTHING])

    def test_it_is_known_what_each_document_takes(self):
        documents = [document(700, 1), document(700, 2), document(-50, 3), document(90, 4, counted=30, covered=40)]
        taken = [result.taken for result in check(documents, self.small, TODAY)]
        self.assertEqual(taken, [dec(700), dec(0), dec(-50), dec(20)])

    def test_the_group_limit_is_cumulative_as_well(self):
        facts = CreditFacts(Limit(), group=GroupLimit(Limit(AMOUNT, dec(1000)), dec(300)))
        standing = Standing(facts, (CreditRule(OVER_GROUP_LIMIT),))
        self.assertEqual(effects(standing, document(600), document(200)), [NOTHING, BLOCK])

    def test_random_batches_never_exceed_the_limit(self):
        random = Random(15)
        for _round in range(200):
            amounts = [dec(random.randint(-30000, 60000)) / 100 for _n in range(random.randint(1, 12))]
            results = check([document(a, n) for n, a in enumerate(amounts)], self.small, TODAY)
            self.assertEqual([result.document_id for result in results], list(range(len(amounts))))
            self.assertLessEqual(sum(result.taken for result in results), dec(1000))
            for result in results:
                if result.effect == BLOCK:
                    self.assertEqual(result.taken, dec(0))
                    self.assertEqual(result.status.codes, (OVER_LIMIT,))


class TestNeverHeld(EffectCase):
    def test_credit_notes_and_free_documents(self):
        for amount in ("-100", "0"):
            (result,) = check([document(amount)], self.late, TODAY)
            self.assertEqual((result.effect, result.exemption), (INFORM, "no_debt"))

    def test_what_is_paid_authorized_or_pending(self):
        (result,) = check([document(5000, kind=ORDER, covered=5000, is_paid=True)], self.late, TODAY)
        self.assertEqual((result.effect, result.exemption), (INFORM, "paid"))

    def test_a_paid_down_payment_is_enough_and_the_rest_is_exposure(self):
        down_paid = document(1000, kind=ORDER, covered=300, is_paid=True)
        self.assertEqual(effects(self.small, down_paid, document(300), document("0.01")), [NOTHING, NOTHING, BLOCK])

    def test_a_part_that_is_paid_is_no_exposure(self):
        self.assertEqual(effects(self.small, document(1200, covered=200)), [NOTHING])
        self.assertEqual(effects(self.small, document("1200.01", covered=200)), [BLOCK])

    def test_a_released_document_up_to_its_amount(self):
        released = document(5000, release=Release(dec(5000), "director agreed"))
        (result,) = check([released], self.late, TODAY)
        self.assertEqual((result.effect, result.exemption), (INFORM, "released"))
        self.assertEqual(effects(self.late, replace(released, amount=dec("5000.01"))), [BLOCK])

    def test_a_released_document_takes_room(self):
        released = document(1000, release=Release(dec(1000), "director agreed"))
        self.assertEqual(effects(self.small, released, document("0.01")), [NOTHING, BLOCK])


class TestFaultsOfOthers(EffectCase):
    """What users of other programs complain about."""

    def test_one_order_over_the_limit_does_not_stop_the_others(self):
        orders = [document(amount, kind=ORDER) for amount in (100, 5000, 200)]
        self.assertEqual(effects(self.small, *orders), [NOTHING, BLOCK, NOTHING])

    def test_an_order_that_is_not_part_of_the_exposure_is_checked_with_its_own_amount(self):
        self.assertEqual(effects(self.small, document("1000.01", kind=ORDER)), [BLOCK])

    def test_an_order_that_is_paid_in_advance_is_not_held(self):
        prepaid = document(5000, kind=ORDER, covered=5000, is_paid=True)
        self.assertNotIn(BLOCK, effects(Standing(CreditFacts(Limit(CASH_ONLY)), RULES), prepaid))

    def test_delivered_goods_are_invoiced(self):
        self.assertEqual(effects(self.late, document(100, kind=DELIVERED_INVOICE)), [WARN])

    def test_an_invoice_without_an_order_is_held(self):
        self.assertEqual(effects(self.late, document(100)), [BLOCK])

    def test_the_number_of_overdue_invoices_alone_holds_nobody(self):
        many = tuple(OverdueItem(5, dec("0.50")) for _n in range(40))
        standing = Standing(CreditFacts(Limit(), overdue=many), (CreditRule(OVERDUE, amount=dec(100)),))
        self.assertEqual(effects(standing, document(10)), [NOTHING])

    def test_orders_may_exceed_the_limit_by_a_percentage(self):
        standing = Standing(THOUSAND, (CreditRule(OVER_LIMIT, percent=dec(5)),))
        self.assertEqual(effects(standing, document("1050.00", kind=ORDER)), [NOTHING])
        self.assertEqual(effects(standing, document("1050.01", kind=ORDER)), [BLOCK])

    def test_an_order_above_the_room_is_held_although_the_balance_is_within_the_limit(self):
        facts = CreditFacts(Limit(AMOUNT, dec(1_000_000)), exposure=dec(573_645))
        self.assertEqual(effects(Standing(facts, RULES), document(1_700_000, kind=ORDER)), [BLOCK])

    def test_what_was_paid_in_advance_is_delivered(self):
        """Cash only; 100 were paid and the order of 100 is confirmed, so both are in the exposure."""
        facts = CreditFacts(Limit(CASH_ONLY), exposure=dec(0), credits=dec(100))
        self.assertEqual(effects(Standing(facts, RULES), document(100, kind=DELIVERY, counted=100)), [NOTHING])

    def test_each_document_is_checked_with_its_own_amount(self):
        """Ordered 51,000 by a limit of 50,000; only 47,000 can be delivered and invoiced."""
        standing = Standing(CreditFacts(Limit(AMOUNT, dec(50000))), RULES)
        self.assertEqual(effects(standing, document(51000, kind=ORDER)), [BLOCK])
        self.assertEqual(effects(standing, document(47000)), [NOTHING])

    def test_a_few_cents_that_are_overdue_hold_nobody(self):
        rules = (CreditRule(OVERDUE, days=1, amount=dec(5)),)
        standing = Standing(CreditFacts(Limit(), overdue=(OverdueItem(200, dec("0.02")),)), rules)
        self.assertEqual(effects(standing, document(10)), [NOTHING])

    def test_an_exclusion_of_one_rule_leaves_the_others(self):
        lifted = RuleExclusion(1, OVERDUE, CUSTOMER, "agreed", TODAY)
        standing = Standing(replace(LATE, limit=Limit(AMOUNT, dec(1000))), RULES, (lifted,))
        self.assertEqual(effects(standing, document(1000)), [NOTHING])
        self.assertEqual(effects(standing, document("1000.01")), [BLOCK])

    def test_nothing_but_facts_lets_a_document_pass(self):
        """There is no switch that a caller could set: a release is stored, and has an amount, a reason and a user."""
        self.assertEqual(list(inspect.signature(check).parameters), ["documents", "standing", "today"])
        self.assertEqual({field.name for field in fields(Release)}, {"amount", "reason", "user_id"})
