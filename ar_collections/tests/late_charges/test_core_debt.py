"""What was owed on which day: parts, losses and credit notes, and the lines of the computation."""

from dataclasses import replace
from datetime import date
from unittest import TestCase

from odoo.addons.ar_collections.core.late_charges.days import THIRTY_360, count_days
from odoo.addons.ar_collections.core.late_charges.interest import (
    AT_DEFAULT,
    AT_PAYMENT,
    COMPOUND,
    SPLIT,
    Change,
    Debt,
    Interest,
    Terms,
    accrue,
)
from odoo.addons.ar_collections.core.late_charges.rates import Rate, make_table

from ..core_common import dec

#: 36,500 at 10 % bear 10 a day until the end of June, 20 a day from July on.
TABLE = make_table([Rate(date(2026, 1, 1), dec(10), date(2026, 6, 30)), Rate(date(2026, 7, 1), dec(20))])

DUE = date(2026, 6, 20)


def june(day):
    return date(2026, 6, day)


def july(day):
    return date(2026, 7, day)


def debt(*changes, amount=36500, **values):
    """Return a debt with its changes, (day, amount) or (day, amount, name of a flag)."""
    made = [Change(day, dec(part), **dict.fromkeys(flags, True)) for day, part, *flags in changes]
    return Debt(dec(amount), DUE, tuple(made), **values)


class TestDebt(TestCase):
    def test_payments_count_in_the_order_of_their_days_up_to_the_debt(self):
        paid = debt((july(20), 80), (july(10), 60), (july(25), 10), amount=100)
        self.assertEqual([(step.day.day, step.amount) for step in paid.steps], [(10, 60), (20, 40)])
        self.assertEqual(paid.paid_on, july(20))

    def test_the_last_cents_decide_when_it_was_paid(self):
        self.assertIsNone(debt((july(1), "99.99"), amount=100).paid_on)
        self.assertEqual(debt((july(1), "99.50"), (july(9), "0.50"), amount=100).paid_on, july(9))
        self.assertEqual(debt((july(9), "0.50"), amount="0.50").paid_on, july(9))
        self.assertIsNone(debt(amount="0.50").paid_on)

    def test_what_was_never_owed_counts_as_paid_when_due(self):
        never = debt((july(5), 100, "works_back"), amount=100)
        self.assertEqual((never.principal, never.paid_on), (0, DUE))
        more = debt((july(5), 120, "works_back"), amount=100)
        self.assertEqual((more.paid_on, more.steps), (DUE, []))

    def test_a_loss_is_no_payment(self):
        self.assertIsNone(debt((july(5), 100, "is_loss"), amount=100).paid_on)
        self.assertIsNone(debt((july(1), 90), (july(5), 10, "is_loss"), amount=100).paid_on)
        self.assertIsNone(debt((july(1), 10, "is_loss"), (july(5), 90), amount=100).paid_on)


class TestLines(TestCase):
    def lines(self, found):
        return [(line.days, line.balance, line.percent) for line in found.periods]

    def test_nothing_is_late_up_to_the_due_date(self):
        for convention in (SPLIT, AT_DEFAULT, AT_PAYMENT, COMPOUND):
            for day in (june(1), DUE):
                with self.subTest(convention=convention, day=day):
                    self.assertEqual(accrue(debt(), Terms(TABLE, convention), day), Interest())
        nothing = Interest()
        self.assertEqual((nothing.days, nothing.amount, nothing.is_known), (0, 0, True))

    def test_nothing_is_late_without_a_principal(self):
        for convention in (SPLIT, AT_DEFAULT, AT_PAYMENT, COMPOUND):
            for amount in (100, 120):
                with self.subTest(convention=convention, amount=amount):
                    never = debt((july(5), amount, "works_back"), amount=100)
                    self.assertEqual(accrue(never, Terms(TABLE, convention), july(31)), Interest())

    def test_as_of_a_day_before_the_payment(self):
        paid = debt((july(20), 36500))
        found = [accrue(paid, Terms(TABLE), day).amount for day in (june(25), june(30), july(5), july(20), july(31))]
        self.assertEqual(found, [50, 100, 200, 500, 500])

    def test_half_a_euro_is_a_debt(self):
        for convention in (SPLIT, AT_DEFAULT, AT_PAYMENT, COMPOUND):
            with self.subTest(convention=convention):
                found = accrue(debt(amount="0.50"), Terms(TABLE, convention), date(2026, 10, 18))
                self.assertEqual((found.days, found.amount > 0), (120, True))

    def test_the_first_rate_holds_for_all_balances(self):
        found = accrue(debt((july(10), 18250)), Terms(TABLE, AT_DEFAULT), july(20))
        self.assertEqual(self.lines(found), [(20, 36500, 10), (10, 18250, 10)])
        self.assertEqual(found.amount, 250)

    def test_the_rate_at_payment_looks_at_payments_in_delay_alone(self):
        changes = (june(10), 6500), (DUE, 1000), (june(30), 9000), (july(10), 20000)
        found = accrue(debt(*changes), Terms(TABLE, AT_PAYMENT), july(5))
        self.assertEqual(self.lines(found), [(10, 9000, 10), (15, 20000, 20)])

    def test_what_was_written_off_bears_interest_until_then(self):
        for convention in (SPLIT, AT_DEFAULT, COMPOUND):
            with self.subTest(convention=convention):
                found = accrue(debt((june(25), 36500, "is_loss")), Terms(TABLE, convention), july(20))
                self.assertEqual(found.periods[-1].last, june(25))
        self.assertEqual(accrue(debt((june(25), 36500, "is_loss")), Terms(TABLE), july(20)).amount, 50)

    def test_the_days_of_several_lines(self):
        self.assertEqual(accrue(debt((june(25), 500), (july(2), 500)), Terms(TABLE), july(9)).days, 19)

    def test_a_rate_that_ended_after_the_payment_was_known(self):
        ended = make_table([Rate(date(2026, 1, 1), dec(10), june(30))])
        paid = debt((june(28), 36500))
        self.assertTrue(accrue(paid, Terms(ended), july(31)).is_known)
        self.assertFalse(accrue(replace(paid, changes=()), Terms(ended), july(31)).is_known)
        self.assertTrue(accrue(debt(), Terms(ended), DUE).is_known)

    def test_without_a_calendar_no_due_date_moves(self):
        terms = Terms(TABLE, moves_to_workday=True)  # 20 June 2026 is a Saturday
        self.assertEqual(accrue(debt(), terms, june(22)).amount, 20)


class TestDays(TestCase):
    def test_years_of_thirty_day_months(self):
        table = [
            (date(2025, 12, 30), date(2026, 1, 1), 1),
            (date(2025, 12, 31), date(2026, 12, 31), 360),
            (date(2024, 2, 29), date(2025, 2, 28), 359),
            (date(2023, 6, 15), date(2026, 6, 15), 1080),
        ]
        for after, last, days in table:
            with self.subTest(after=after, last=last):
                self.assertEqual(count_days(after, last, THIRTY_360), days)
