"""Cents that are disputed and granted, and customers whom no policy limits."""

from datetime import date
from decimal import Decimal
from unittest import TestCase

from odoo.addons.ar_collections.core.disputes.dispute import (
    PARTLY,
    REVIEW,
    Disputable,
    DisputedPart,
    accept,
    check,
    excluded_parts,
)
from odoo.addons.ar_collections.core.disputes.limits import DisputeRules, PastDisputes, check_limits
from odoo.addons.ar_collections.core.portal.allocation import RequestRefused

CENT, HALF = Decimal("0.01"), Decimal("0.50")


class TestCents(TestCase):
    def test_half_a_unit_may_be_disputed_and_granted(self):
        self.assertEqual(check([Disputable(1, "EUR", HALF)], {1: None}), {1: HALF})
        for accepted in (Decimal(0), CENT, HALF):
            with self.subTest(accepted=accepted):
                self.assertEqual(accept(HALF, accepted), accepted)
        for accepted in (-CENT, HALF + CENT):
            with self.subTest(accepted=accepted), self.assertRaises(RequestRefused):
                accept(HALF, accepted)

    def test_cents_are_excluded(self):
        today = date(2026, 6, 12)
        self.assertEqual(excluded_parts(DisputedPart(REVIEW, CENT), HALF, today), [(CENT, None)])
        partly = DisputedPart(PARTLY, HALF, accepted=CENT, grace_until=date(2026, 6, 13))
        self.assertEqual(excluded_parts(partly, HALF, today), [(CENT, None), (HALF - CENT, date(2026, 6, 13))])


class TestLimits(TestCase):
    item = Disputable(1, "EUR", Decimal(9))

    def refusal(self, rules, amount=CENT, open_count=0, **past):
        try:
            check_limits(
                [self.item], {1: Decimal(amount)}, rules, open_count, {1: PastDisputes(**past)} if past else {}
            )
        except RequestRefused as refused:
            return refused.code
        return None

    def test_without_limits_a_customer_may_dispute_again_and_again(self):
        rules = DisputeRules()
        self.assertIsNone(self.refusal(rules))
        self.assertIsNone(self.refusal(rules, open_count=99, open=99, refused=99, withdrawn=99))

    def test_each_limit_alone(self):
        table = [
            (DisputeRules(open_max=2), {"open_count": 1}, None),
            (DisputeRules(open_max=2), {"open_count": 2}, "too_many_open"),
            (DisputeRules(item_open_max=2), {"open": 1}, None),
            (DisputeRules(item_open_max=2), {"open": 2}, "too_many_on_item"),
            (DisputeRules(item_rejected_max=2), {"refused": 1, "withdrawn": 1}, None),
            (DisputeRules(item_rejected_max=2), {"refused": 1, "withdrawn": 2}, "withdrawn_before"),
            (DisputeRules(item_rejected_max=2), {"refused": 2}, "rejected_before"),
            (DisputeRules(minimum=Decimal(5)), {"amount": "4.99"}, "below_minimum"),
            (DisputeRules(minimum=Decimal(50)), {"amount": "8.99"}, "below_minimum"),
            (DisputeRules(minimum=Decimal(50)), {"amount": 9}, None),  # all that is left
        ]
        for rules, values, code in table:
            with self.subTest(rules=rules, **values):
                self.assertEqual(self.refusal(rules, **values), code)
        self.assertIsNone(self.refusal(DisputeRules(1, 1, Decimal(5), 1), amount=5))  # nothing so far
