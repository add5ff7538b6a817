"""Limits and exposure: three kinds of limits, what counts, and the boundary to the cent."""

from datetime import date
from itertools import product
from unittest import TestCase

from odoo.addons.ar_collections.core.credit.exposure import (
    DRAFTS,
    GUARANTEE,
    INSURED,
    ORDERS,
    PREPAID,
    UNSETTLED,
    ExposureParts,
    ExposureRules,
    Security,
    UnknownAmount,
    calculate,
    group_exposure,
    order_amount,
    order_line_amount,
)
from odoo.addons.ar_collections.core.credit.limit import (
    AMOUNT,
    CASH_ONLY,
    NO_LIMIT,
    CreditRefused,
    Limit,
    LimitTerms,
    check_end,
    check_limit,
    check_reason,
    excess,
    room_left,
    utilization,
)

from ..core_common import dec

TODAY = date(2026, 6, 10)


def amount(value):
    return Limit(AMOUNT, dec(value))


def total(parts, today=TODAY, **rules):
    return calculate(parts, ExposureRules(**rules), today).total


class TestLimit(TestCase):
    def test_three_kinds_are_three_things(self):
        self.assertEqual(
            [excess(limit, dec(500)) for limit in (Limit(NO_LIMIT), Limit(CASH_ONLY), amount(400))],
            [dec(0), dec(500), dec(100)],
        )

    def test_the_boundary_equal_passes_and_one_cent_more_does_not(self):
        for limit, exposure, expected in [
            (amount("15000.00"), "15000.00", "0"),
            (amount("15000.00"), "15000.01", "0.01"),
            (Limit(CASH_ONLY), "0.00", "0"),
            (Limit(CASH_ONLY), "0.01", "0.01"),
            (Limit(NO_LIMIT), "1e12", "0"),
        ]:
            with self.subTest(limit=limit, exposure=exposure):
                self.assertEqual(excess(limit, dec(exposure)), dec(expected))

    def test_room_and_excess_agree(self):
        for limit, exposure, others in product((0, 100, 250), (-50, 0, 80, 100, 300), (0, 60, 120)):
            with self.subTest(limit=limit, exposure=exposure, others=others):
                room = room_left(amount(limit), dec(exposure), dec(others))
                over = excess(amount(limit), dec(exposure), dec(others))
                if exposure >= 0:
                    self.assertEqual(over, max(-room, 0))
                    self.assertEqual(excess(amount(limit), dec(exposure) + max(room, dec(0)), dec(others)), over)

    def test_what_is_paid_in_advance_is_room(self):
        self.assertEqual(room_left(Limit(CASH_ONLY), dec(-500)), dec(500))
        self.assertIsNone(room_left(Limit(), dec(10**9)))

    def test_a_temporary_limit_ends_by_itself(self):
        for temporary in (amount(250), amount(50), Limit(CASH_ONLY), Limit(NO_LIMIT)):
            terms = LimitTerms(amount(100), temporary, until=TODAY)
            with self.subTest(temporary=temporary):
                self.assertEqual(terms.on(TODAY), temporary)
                self.assertEqual(terms.on(date(2026, 6, 11)), amount(100))

    def test_only_the_limit_that_applies_can_be_expired(self):
        terms = LimitTerms(amount(100), amount(250), until=TODAY, valid_until=date(2026, 5, 31))
        self.assertIsNone(terms.end(TODAY))
        self.assertEqual(terms.end(date(2026, 6, 11)), date(2026, 5, 31))

    def test_a_temporary_limit_without_end_does_not_apply(self):
        self.assertEqual(LimitTerms(amount(100), amount(250)).on(TODAY), amount(100))

    def test_utilization(self):
        self.assertEqual(utilization(amount(200), dec(150)), dec(75))
        self.assertEqual(utilization(amount(200), dec(-10)), dec(0))
        self.assertIsNone(utilization(Limit(CASH_ONLY), dec(150)))
        self.assertIsNone(utilization(Limit(), dec(150)))


class TestEntries(TestCase):
    def refusal(self, function, *values):
        try:
            return function(*values)
        except CreditRefused as refused:
            return refused.code

    def test_a_limit_that_nobody_can_mean(self):
        for kind, value, expected in [
            (AMOUNT, "0.01", None),
            (AMOUNT, "0", "zero_amount"),
            (AMOUNT, "-0.01", "negative"),
            (AMOUNT, "NaN", "not_a_number"),
            (AMOUNT, "-Infinity", "not_a_number"),
            (CASH_ONLY, "0", None),
            (CASH_ONLY, "1", "unused_amount"),
            (NO_LIMIT, "1", "unused_amount"),
            ("", "1", "unknown_kind"),
        ]:
            with self.subTest(kind=kind, value=value):
                self.assertEqual(self.refusal(check_limit, Limit(kind, dec(value))), expected)

    def test_ends_and_reasons(self):
        self.assertEqual(self.refusal(check_end, None, TODAY), "no_end")
        self.assertEqual(self.refusal(check_end, date(2026, 6, 9), TODAY), "ended")
        self.assertIsNone(self.refusal(check_end, TODAY, TODAY))
        self.assertEqual(self.refusal(check_reason, " \n"), "no_reason")


class TestExposure(TestCase):
    parts = ExposureParts(
        dec(12000), dec(1500), dec(2500), dec(3000), dec(700), (Security(GUARANTEE, dec(2000), TODAY),)
    )

    def test_every_part_by_its_switch(self):
        for rules, expected in [
            ({}, 14700),
            ({"has_unsettled": False}, 14000),
            ({"has_drafts": False}, 12200),
            ({"has_orders": False}, 11700),
            ({"deducted": frozenset()}, 16700),
            ({"deducted": frozenset({INSURED})}, 16700),
            ({"has_drafts": False, "has_orders": False, "has_unsettled": False, "deducted": frozenset()}, 10500),
        ]:
            with self.subTest(rules=rules):
                self.assertEqual(total(self.parts, **rules), dec(expected))

    def test_the_lines_add_up_and_zeros_are_left_out(self):
        exposure = calculate(self.parts, ExposureRules(has_orders=False), TODAY)
        self.assertEqual(sum(value for _code, value in exposure.lines), exposure.total)
        self.assertEqual(
            [code for code, _value in exposure.lines], ["receivables", "credits", "drafts", "unsettled", "guarantee"]
        )
        self.assertEqual(calculate(ExposureParts(), ExposureRules(), TODAY).lines, ())

    def test_a_security_counts_until_its_last_day(self):
        self.assertEqual(total(self.parts, date(2026, 6, 11)) - total(self.parts), dec(2000))
        endless = ExposureParts(dec(100), securities=(Security(PREPAID, dec(30)),))
        self.assertEqual(total(endless, date(2099, 1, 1)), dec(70))

    def test_the_insured_share_is_deducted(self):
        parts = ExposureParts(dec(12000), securities=(Security(INSURED, dec(10000), TODAY, dec(90)),))
        self.assertEqual(total(parts), dec(3000))

    def test_what_is_at_risk_is_never_below_zero_and_knows_the_percentage(self):
        insured = Security(INSURED, dec(10000), percent=dec(90))
        for owed, expected in [(5000, 500), (10000, 1000), (12000, 3000), (0, 0)]:
            with self.subTest(owed=owed):
                parts = ExposureParts(dec(owed), securities=(insured,))
                self.assertEqual(calculate(parts, ExposureRules(), TODAY).at_risk, dec(expected))

    def test_two_securities_do_not_pay_the_same_debt(self):
        parts = ExposureParts(dec(3000), securities=(Security(GUARANTEE, dec(2000)), Security(INSURED, dec(5000))))
        exposure = calculate(parts, ExposureRules(), TODAY)
        self.assertEqual((exposure.at_risk, exposure.total), (dec(0), dec(-4000)))

    def test_a_security_without_further_cover_is_deducted_from_what_is_left_to_secure(self):
        stopped = Security(INSURED, dec(5000), covers_new=False)
        parts = ExposureParts(dec(3000), securities=(Security(GUARANTEE, dec(2000)), stopped))
        exposure = calculate(parts, ExposureRules(), TODAY)
        self.assertEqual((exposure.at_risk, exposure.total), (dec(0), dec(0)))

    def test_an_amount_without_a_rate_is_reported_and_does_not_count(self):
        unknown = tuple(UnknownAmount(part, "XAU", dec(5)) for part in (ORDERS, DRAFTS, UNSETTLED))
        parts = ExposureParts(dec(100), unknown=unknown)
        exposure = calculate(parts, ExposureRules(), TODAY)
        self.assertEqual((exposure.total, exposure.unknown), (dec(100), unknown))
        for number, switch in enumerate(("has_orders", "has_drafts", "has_unsettled")):
            left = calculate(parts, ExposureRules(**{switch: False}), TODAY).unknown
            self.assertEqual(left, unknown[:number] + unknown[number + 1 :])

    def test_a_member_in_credit_does_not_pay_for_the_group(self):
        self.assertEqual(group_exposure([dec(700), dec(-500)]), dec(700))
        self.assertEqual(group_exposure([]), dec(0))


class TestOrders(TestCase):
    #: ordered, delivered, invoiced, price -> amount
    TABLE = [
        (1, 0, 0, 1_000_000, 1_000_000),  # Odoo's amount to invoice is 0 until it is delivered
        (10, 4, 4, 50, 300),
        (10, 12, 10, 50, 100),
        (10, 10, 10, 50, 0),
        (10, 0, 12, 50, 0),  # invoiced more than ordered: no negative exposure
        (0, 3, 0, 50, 150),  # delivered without having been ordered
        (0, 0, 0, 50, 0),
    ]

    def test_lines(self):
        for ordered, delivered, invoiced, price, expected in self.TABLE:
            with self.subTest(ordered=ordered, delivered=delivered, invoiced=invoiced):
                values = (dec(value) for value in (ordered, delivered, invoiced, price))
                self.assertEqual(order_line_amount(*values), dec(expected))

    def test_down_payments_are_counted_once(self):
        self.assertEqual(order_amount([dec(1000)], dec(300)), dec(700))
        self.assertEqual(order_amount([dec(1000)], dec(1200)), dec(0))
        self.assertEqual(order_amount([]), dec(0))
