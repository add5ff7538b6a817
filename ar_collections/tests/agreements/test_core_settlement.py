"""What was paid since something was agreed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from unittest import TestCase

from odoo.addons.ar_collections.core.agreements.settlement import (
    Settlement,
    open_part,
    settled_by,
    settled_of_part,
    settled_since,
    without_credits,
)
from odoo.addons.ar_collections.core.plans.plan import fill


def paid(*pairs):
    return [Settlement(date(2026, 6, day), Decimal(amount)) for day, amount in pairs]


class TestSettledSince(TestCase):
    def _since(self, before, now, *pairs):
        return [(s.day.day, s.amount) for s in settled_since(Decimal(before), Decimal(now), paid(*pairs))]

    def test_what_was_paid_before_does_not_count(self):
        self.assertEqual(self._since(60, 10, (1, 40), (5, 50)), [(5, 50)])

    def test_nothing_was_paid(self):
        self.assertEqual(self._since(60, 60, (1, 40)), [])

    def test_a_payment_that_was_undone_is_gone(self):
        self.assertEqual(self._since(60, 50, (1, 40), (5, 10)), [(5, 10)])
        self.assertEqual(self._since(60, 100), [])

    def test_whatever_the_order(self):
        self.assertEqual(self._since(60, 0, (9, 20), (5, 40), (7, 0)), [(5, 40), (9, 20)])

    def test_never_more_than_the_difference(self):
        for now in range(0, 101, 10):
            counted = settled_since(Decimal(100), Decimal(now), paid((1, 30), (2, 30), (3, 40), (4, 7)))
            self.assertEqual(sum(s.amount for s in counted), 100 - now)

    def test_up_to_a_day(self):
        settlements = paid((5, 40), (9, 20))
        found = [settled_by(settlements, date(2026, 6, day)) for day in (4, 5, 8, 9, 30)]
        self.assertEqual(found, [0, 40, 40, 60, 60])


class TestOpenPart(TestCase):
    def test_the_agreed_part_is_paid_first_and_never_more_than_is_left(self):
        cases = [
            # agreed, before, now, open
            ("70", "100", "100", "70"),
            ("70", "100", "99.99", "69.99"),
            ("70", "100", "30", "0"),
            ("70", "70", "0.01", "0.01"),
            ("70", "100", "0", "0"),
            ("70", "100", "150", "70"),
            ("0.01", "0.01", "0.01", "0.01"),
        ]
        for agreed, before, now, expected in cases:
            with self.subTest(agreed=agreed, before=before, now=now):
                self.assertEqual(open_part(Decimal(agreed), Decimal(before), Decimal(now)), Decimal(expected))


class TestFill(TestCase):
    def test_the_oldest_unpaid_installment_first(self):
        amounts = [Decimal(40), Decimal(40), Decimal(20)]
        cases = {"0": [0, 0, 0], "0.01": [Decimal("0.01"), 0, 0], "40": [40, 0, 0], "95": [40, 40, 15]}
        for total, expected in cases.items():
            with self.subTest(total=total):
                self.assertEqual(fill(amounts, Decimal(total)), expected)

    def test_more_than_agreed_fills_all_and_no_more(self):
        self.assertEqual(fill([Decimal(40), Decimal(40)], Decimal(500)), [40, 40])

    def test_a_payment_taken_back_fills_nothing(self):
        self.assertEqual(fill([Decimal(40)], Decimal(-10)), [0])


class TestSettledOfPart(TestCase):
    """An item of 100, of which 70 were agreed; what is credited concerns the other 30 first."""

    def part(self, now, outside, *settlements):
        found = [Settlement(date(2026, 6, day), Decimal(str(amount)), credit=credit)
                 for day, amount, credit in settlements]  # fmt: skip
        counted = settled_of_part(Decimal(70), Decimal(100), Decimal(now), found, Decimal(outside))
        return [(one.day.day, str(one.amount)) for one in counted]

    def test_nothing_is_counted_beyond_the_agreed_part(self):
        self.assertEqual(self.part(0, 0, (1, 70, False), (9, 30, False)), [(1, "70")])
        self.assertEqual(self.part(0, 0, (1, "69.50", False), (9, "30.50", False)), [(1, "69.50"), (9, "0.50")])

    def test_a_payment_made_before_the_agreement_is_not_counted_in_place_of_a_credit_note(self):
        earlier = (1, 40, False)
        self.assertEqual(self.part(50, 30, earlier, (5, 30, True), (9, 20, False)), [(9, "20")])

    def test_credit_notes_beyond_the_rest_reduce_the_agreed_part(self):
        self.assertEqual(self.part(50, 30, (5, 50, True)), [(5, "20")])


class TestWithoutCredits(TestCase):
    def without(self, amount):
        settlements = [*paid((1, 60)), *(replace(one, credit=True) for one in paid((5, 20), (9, 30)))]
        return [(one.day.day, str(one.amount)) for one in without_credits(settlements, Decimal(amount))]

    def test_the_latest_credits_are_left_out_first_and_payments_never(self):
        cases = {
            "0": [(1, "60"), (5, "20"), (9, "30")],
            "29.99": [(1, "60"), (5, "20.00"), (9, "0.01")],
            "30": [(1, "60"), (5, "20")],
            "45": [(1, "60"), (5, "5")],
            "50": [(1, "60")],
            "99": [(1, "60")],
        }
        for amount, left in cases.items():
            with self.subTest(amount=amount):
                self.assertEqual(self.without(amount), left)


class TestCents(TestCase):
    def test_a_few_cents_are_settled_too(self):
        found = settled_since(Decimal("100.50"), Decimal(100), paid((1, 40), (5, 7)))
        self.assertEqual([(one.day.day, str(one.amount)) for one in found], [(5, "0.50")])
