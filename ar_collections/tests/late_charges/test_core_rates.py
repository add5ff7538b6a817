"""Tables of reference rates: the first and last days, gaps and overlaps."""

from datetime import date
from unittest import TestCase

from odoo.addons.ar_collections.core.late_charges.interest import Change, Debt, Terms, accrue
from odoo.addons.ar_collections.core.late_charges.rates import Rate, check_rates, make_table
from odoo.addons.ar_collections.core.late_charges.refusal import BAD_RATE, GAP, NO_RATE, OVERLAP, ChargeRefused

from ..core_common import dec

#: The base rate of Germany, which was negative for years.
SPRING = Rate(date(2022, 7, 1), dec("-0.88"), date(2022, 12, 31))
SUMMER = Rate(date(2023, 1, 1), dec("1.62"), date(2023, 6, 30))
AUTUMN = Rate(date(2023, 7, 1), dec("3.12"), date(2023, 12, 31))


def refusal(make, *rates):
    """Return (code, day) with which the rates are refused."""
    try:
        make(rates)
    except ChargeRefused as refused:
        return refused.code, refused.day
    return None


class TestTable(TestCase):
    def test_the_order_in_which_rates_are_entered_does_not_matter(self):
        table = make_table([AUTUMN, SPRING, SUMMER], points=dec(9))
        days = (date(2022, 7, 1), date(2022, 12, 31), date(2023, 1, 1), date(2023, 6, 30), date(2023, 7, 1))
        self.assertEqual([str(table.get(day)) for day in days], ["8.12", "8.12", "10.62", "10.62", "12.12"])
        with self.assertRaises(ChargeRefused) as caught:
            table.get(date(2022, 6, 30))
        self.assertEqual((caught.exception.code, caught.exception.day), (NO_RATE, date(2022, 6, 30)))

    def test_known_from_the_first_to_the_last_day(self):
        table = make_table([SPRING, SUMMER, AUTUMN])
        days = (date(2022, 6, 30), date(2022, 7, 1), date(2023, 6, 30), date(2023, 12, 31), date(2024, 1, 1))
        self.assertEqual([table.covers(day) for day in days], [False, True, True, True, False])
        self.assertTrue(make_table([SPRING, Rate(date(2023, 1, 1), dec(5))]).covers(date(2030, 1, 1)))

    def test_the_days_on_which_a_rate_changes_within_a_delay(self):
        table = make_table([SPRING, SUMMER, AUTUMN])
        changes = [
            (date(2022, 12, 31), date(2023, 1, 1), [date(2023, 1, 1)]),
            (date(2023, 1, 1), date(2023, 6, 30), []),
            (date(2022, 7, 1), date(2023, 12, 31), [date(2023, 1, 1), date(2023, 7, 1)]),
        ]
        for first, last, days in changes:
            with self.subTest(first=first, last=last):
                self.assertEqual(table.get_change_days(first, last), days)

    def test_a_rate_that_changes_on_the_day_of_payment_counts_for_that_day(self):
        table = make_table([Rate(date(2023, 1, 1), dec(10)), Rate(date(2023, 7, 1), dec(20))])
        paid = Debt(dec(36500), date(2023, 6, 20), (Change(date(2023, 7, 1), dec(36500)),))
        self.assertEqual(accrue(paid, Terms(table), date(2023, 8, 1)).amount, 10 * 10 + 20)


class TestRefusals(TestCase):
    def test_each_way_to_enter_a_table_is_checked(self):
        gap = Rate(date(2023, 1, 2), dec(2), date(2023, 6, 30))
        late_start = (OVERLAP, date(2022, 12, 31)), Rate(date(2022, 12, 31), dec(2))
        table = [
            (None, (AUTUMN, SUMMER, SPRING)),
            ((GAP, date(2023, 1, 1)), (gap, SPRING)),
            (late_start[0], (late_start[1], SPRING)),
            ((OVERLAP, SUMMER.first), (Rate(SUMMER.first, dec(3)), Rate(SUMMER.first, dec(4)))),
            ((OVERLAP, SUMMER.first), (SPRING, SUMMER, SUMMER)),
            ((BAD_RATE, date(2023, 1, 1)), (Rate(date(2023, 1, 1), dec("Infinity")),)),
            ((BAD_RATE, date(2023, 1, 2)), (Rate(date(2023, 1, 2), dec(1), date(2023, 1, 1)),)),
        ]
        for expected, rates in table:
            for make in (check_rates, make_table):
                with self.subTest(rates=rates, make=make.__name__):
                    self.assertEqual(refusal(make, *rates), expected)

    def test_a_rate_may_hold_for_one_day(self):
        self.assertIsNone(refusal(check_rates, Rate(date(2023, 1, 1), dec(1), date(2023, 1, 1))))
