"""Interest for late payment, to the cent: the examples that the countries' own sources compute."""

from dataclasses import replace
from datetime import date, timedelta
from unittest import TestCase

from odoo.addons.ar_collections.core.late_charges.charge import (
    BELOW_MINIMUM,
    DUE,
    NOTHING,
    PAID_IN_TIME,
    WAITING,
    ChargeRules,
    judge,
    set_off,
)
from odoo.addons.ar_collections.core.late_charges.days import ACT_ACT, THIRTY_360
from odoo.addons.ar_collections.core.late_charges.interest import (
    AT_DEFAULT,
    AT_PAYMENT,
    COMPOUND,
    SPLIT,
    Change,
    Debt,
    Terms,
    accrue,
)
from odoo.addons.ar_collections.core.late_charges.lump_sum import LumpSum, check_lump_sums, get_lump_sum
from odoo.addons.ar_collections.core.late_charges.rates import Rate, make_table
from odoo.addons.ar_collections.core.late_charges.refusal import NO_RATE, ChargeRefused
from odoo.addons.ar_collections.core.workdays import WorkCalendar

from ..core_common import dec

#: The first day of each half-year with its rate: European Central Bank, Germany, Bank of England.
HALF_YEARS = [date(year, month, 1) for year in (2023, 2024, 2025, 2026) for month in (1, 7)]
ECB = ("2.50", "4.00", "4.50", "4.25", "3.15", "2.15", "2.15", "2.40")
GERMANY = ("1.62", "3.12", "3.62", "3.37", "2.27", "1.27", "1.27", "1.52")
ENGLAND = ("3.50", "5.00", "5.25", "5.25", "4.75", "4.25", "3.75", "3.75")


def make(percents, points):
    return make_table([Rate(day, dec(p)) for day, p in zip(HALF_YEARS, percents, strict=True)], points=dec(points))


def fixed(percent):
    return make_table([Rate(date(2000, 1, 1), dec(percent))])


EU = Terms(make(ECB, 8))
UK = Terms(make(ENGLAND, 8), AT_DEFAULT)


def paid(amount, due, day, *others):
    """Return a debt that was paid in full on a day."""
    return Debt(dec(amount), due, (*others, Change(day, dec(amount) - sum(change.amount for change in others))))


def interest(debt, terms, until=date(2026, 11, 28), calendar=None):
    return accrue(debt, terms, until, calendar)


class TestRates(TestCase):
    debt = paid(5000, date(2025, 5, 15), date(2025, 8, 13))

    def test_a_change_of_the_rate_splits_the_delay(self):
        found = interest(self.debt, EU)
        self.assertEqual(found.amount, dec("131.44"))
        self.assertEqual([period.days for period in found.periods], [46, 44])

    def test_the_rate_at_default_holds_for_the_whole_delay(self):
        self.assertEqual(interest(self.debt, replace(EU, convention=AT_DEFAULT)).amount, dec("137.47"))

    def test_the_rate_at_payment_holds_for_the_whole_delay(self):
        self.assertEqual(interest(self.debt, replace(EU, convention=AT_PAYMENT)).amount, dec("125.14"))

    def test_germany_has_its_own_reference_and_points(self):
        self.assertEqual(interest(self.debt, Terms(make(GERMANY, 9))).amount, dec("132.92"))

    def test_the_united_kingdom_takes_the_rate_of_the_half_year_of_default(self):
        debt = paid("9999.99", date(2025, 5, 31), date(2025, 9, 30))
        self.assertEqual(interest(debt, UK).amount, dec("426.16"))
        self.assertEqual(interest(debt, Terms(UK.table)).amount, dec("413.56"))

    def test_a_day_in_the_united_kingdom(self):
        self.assertEqual(interest(paid(10000, date(2026, 3, 1), date(2026, 3, 2)), UK).amount, dec("3.22"))

    def test_france_and_switzerland(self):
        france = paid(2500, date(2025, 7, 10), date(2025, 8, 26))
        self.assertEqual(interest(france, Terms(make(ECB, 10))).amount, dec("39.11"))
        swiss = paid(18000, date(2025, 1, 31), date(2025, 4, 16))
        self.assertEqual(interest(swiss, Terms(fixed(5))).amount, dec("184.93"))
        thirty = paid(18000, date(2025, 2, 1), date(2025, 4, 16))
        self.assertEqual(interest(thirty, Terms(fixed(5), day_count=THIRTY_360)).amount, dec("187.50"))

    def test_the_examples_of_the_conventions(self):
        half = make_table([Rate(date(2026, 1, 1), dec("10.15")), Rate(date(2026, 7, 1), dec("10.40"))])
        debt = paid(10000, date(2026, 6, 1), date(2026, 7, 31))
        for convention, amount in [(SPLIT, "168.97"), (AT_PAYMENT, "170.96"), (AT_DEFAULT, "166.85")]:
            with self.subTest(convention=convention):
                self.assertEqual(interest(debt, Terms(half, convention)).amount, dec(amount))

    def test_the_examples_of_a_fixed_rate(self):
        due = date(2026, 1, 1)
        for amount, rate, days, expected in [
            (4500, "11", 30, "40.68"), (1000, "12.5", 30, "10.27"), (1000, "12.5", 90, "30.82"),
        ]:  # fmt: skip
            with self.subTest(amount=amount, days=days):
                debt = paid(amount, due, due + timedelta(days=days))
                self.assertEqual(interest(debt, Terms(fixed(rate))).amount, dec(expected))

    def test_a_rate_that_is_not_known_yet_is_told(self):
        table = make_table([Rate(date(2026, 1, 1), dec(5), date(2026, 6, 30))])
        late = Debt(dec(100), date(2026, 6, 20))
        self.assertTrue(interest(late, Terms(table), date(2026, 6, 30)).is_known)
        self.assertFalse(interest(late, Terms(table), date(2026, 7, 1)).is_known)
        self.assertTrue(interest(late, Terms(table, AT_DEFAULT), date(2026, 7, 1)).is_known)

    def test_before_the_first_rate_nothing_is_computed(self):
        with self.assertRaises(ChargeRefused) as caught:
            interest(Debt(dec(100), date(2022, 5, 1)), EU)
        self.assertEqual((caught.exception.code, caught.exception.day), (NO_RATE, date(2022, 5, 2)))


class TestDays(TestCase):
    def test_leap_years(self):
        debt = paid(12000, date(2023, 12, 15), date(2024, 3, 14))
        self.assertEqual(interest(debt, EU).amount, dec("367.23"))
        self.assertEqual(interest(debt, replace(EU, day_count=ACT_ACT)).amount, dec("366.40"))

    def test_months_of_thirty_days(self):
        debt = paid(12000, date(2024, 1, 31), date(2024, 3, 31))
        self.assertEqual(interest(debt, Terms(fixed(12), day_count=THIRTY_360)).amount, dec("240.00"))
        self.assertEqual(interest(debt, Terms(fixed(12))).amount, dec("236.71"))

    def test_the_day_of_payment_counts_and_the_due_date_does_not(self):
        found = interest(paid(36500, date(2026, 4, 1), date(2026, 5, 16)), Terms(fixed(10)))
        self.assertEqual((found.days, found.amount), (45, dec("450.00")))
        self.assertEqual(interest(paid(36500, date(2026, 4, 1), date(2026, 4, 1)), Terms(fixed(10))).amount, 0)

    def test_a_due_date_on_a_weekend_moves_where_the_rules_say_so(self):
        terms, calendar = Terms(fixed(10), moves_to_workday=True), WorkCalendar(holidays=frozenset({date(2026, 4, 6)}))
        good_saturday = Debt(dec(36500), date(2026, 4, 4))
        self.assertEqual(interest(good_saturday, terms, date(2026, 4, 7), calendar).amount, 0)
        self.assertEqual(interest(good_saturday, terms, date(2026, 4, 8), calendar).amount, 10)
        self.assertEqual(interest(good_saturday, Terms(fixed(10)), date(2026, 4, 8), calendar).amount, 40)

    def test_contracts_with_free_days(self):
        debt = paid(7300, date(2026, 1, 1), date(2026, 2, 15))
        self.assertEqual(interest(debt, Terms(fixed(18))).amount, dec("162.00"))
        self.assertEqual(interest(debt, Terms(fixed(18), free_days=10)).amount, dec("126.00"))
        self.assertEqual(interest(debt, Terms(fixed(18), COMPOUND)).amount, dec("164.86"))


class TestCompound(TestCase):
    def test_monthly_rests(self):
        debt = paid(100000, date(2025, 3, 31), date(2025, 6, 30))
        found = interest(debt, Terms(fixed("19.5"), COMPOUND))
        self.assertEqual([round(p.interest, 2) for p in found.periods], [dec("1625"), dec("1651.41"), dec("1678.24")])
        self.assertEqual(found.amount, dec("4954.65"))

    def test_each_rest_has_the_rate_in_force(self):
        table = make_table([Rate(date(2025, 1, 1), dec("6.75")), Rate(date(2025, 3, 5), dec("6.5"))], factor=dec(3))
        debt = paid(100000, date(2025, 1, 4), date(2025, 4, 4))
        self.assertEqual(interest(debt, Terms(table, COMPOUND)).amount, dec("5083.78"))

    def test_a_payment_within_a_month(self):
        half = Change(date(2025, 4, 15), dec(50000))
        found = interest(paid(100000, date(2025, 3, 31), date(2025, 4, 30), half), Terms(fixed("12"), COMPOUND))
        self.assertEqual([(p.days, round(p.balance, 2)) for p in found.periods], [(15, 100000), (15, dec("50498.76"))])


class TestParts(TestCase):
    payment = Change(date(2025, 3, 20), dec(3000))

    def test_interest_is_rounded_once(self):
        note = Change(date(2025, 4, 10), dec(1000))
        found = interest(paid(8000, date(2025, 2, 28), date(2025, 5, 30), self.payment, note), EU)
        self.assertEqual([round(p.interest, 2) for p in found.periods], [dec("48.88"), dec("32.08"), dec("61.10")])
        self.assertEqual(found.amount, dec("142.05"))

    def test_a_credit_note_for_an_error_works_back(self):
        note = Change(date(2025, 4, 10), dec(1000), works_back=True)
        found = interest(paid(8000, date(2025, 2, 28), date(2025, 5, 30), self.payment, note), EU)
        self.assertEqual(found.amount, dec("129.52"))

    def test_an_upheld_dispute_works_back_and_a_rejected_one_counts(self):
        debt = paid(5000, date(2025, 1, 31), date(2025, 4, 1))
        upheld = Change(date(2025, 3, 1), dec(1000), works_back=True)
        self.assertEqual(interest(debt, EU).amount, dec("91.64"))
        right = paid(5000, date(2025, 1, 31), date(2025, 4, 1), upheld)
        self.assertEqual(interest(right, EU).amount, dec("73.32"))

    def test_what_is_disputed_bears_nothing_until_it_is_answered(self):
        debt = Debt(dec(5000), date(2025, 1, 31), excluded=dec(1000))
        self.assertEqual(interest(debt, EU, date(2025, 4, 1)).amount, dec("73.32"))
        self.assertEqual(replace(debt, excluded=dec(5000)).principal, 0)

    def test_what_was_paid_before_the_due_date_bears_nothing(self):
        early = Change(date(2025, 1, 10), dec(4000))
        found = interest(Debt(dec(5000), date(2025, 1, 31), (early,)), EU, date(2025, 4, 1))
        self.assertEqual([p.balance for p in found.periods], [dec(1000)])

    def test_parts_with_the_rate_at_payment(self):
        part = Change(date(2025, 6, 14), dec(2000))
        found = interest(paid(5000, date(2025, 5, 15), date(2025, 8, 13), part), replace(EU, convention=AT_PAYMENT))
        self.assertEqual([(p.days, p.balance, p.percent) for p in found.periods],
                         [(30, 2000, dec("11.15")), (90, 3000, dec("10.15"))])  # fmt: skip

    def test_interest_ends_with_the_payment(self):
        debt = paid(5000, date(2025, 5, 15), date(2025, 8, 13))
        self.assertEqual(interest(debt, EU, date(2025, 8, 13)), interest(debt, EU, date(2026, 8, 13)))

    def test_the_currency_decides_the_rounding(self):
        debt = paid(500000, date(2025, 5, 15), date(2025, 8, 13))
        self.assertEqual(interest(debt, replace(EU, rounding=dec(1))).amount, dec(13144))


class TestCharge(TestCase):
    late = Debt(dec(5000), date(2026, 3, 1))

    def test_lump_sums_by_size(self):
        uk = [LumpSum(dec(0), dec(40)), LumpSum(dec(1000), dec(70)), LumpSum(dec(10000), dec(100))]
        self.assertEqual([get_lump_sum(dec(a), uk) for a in ("9999.99", "10000.00", "0.01", "0")], [70, 100, 40, 0])
        with self.assertRaises(ChargeRefused):
            check_lump_sums([*uk, uk[0]])

    def test_only_after_the_reminder_of_the_policy(self):
        rules, day = ChargeRules(after_reminder=True), date(2026, 5, 1)
        self.assertEqual(judge(dec(50), self.late, rules, None, day), WAITING)
        self.assertEqual(judge(dec(50), self.late, rules, date(2026, 4, 1), day), DUE)
        paid_before = paid(5000, date(2026, 3, 1), date(2026, 3, 10))
        self.assertEqual(judge(dec(50), paid_before, rules, None, day), PAID_IN_TIME)

    def test_the_principal_is_paid_and_the_charge_stays_due(self):
        debt = paid(5000, date(2026, 3, 1), date(2026, 4, 1))
        self.assertEqual(judge(dec(50), debt, ChargeRules(), None, date(2026, 6, 1)), DUE)

    def test_small_amounts(self):
        rules = ChargeRules(minimum=dec(5))
        self.assertEqual(judge(dec("4.99"), self.late, rules, None, date(2026, 6, 1)), BELOW_MINIMUM)
        self.assertEqual(judge(dec(5), self.late, rules, None, date(2026, 6, 1)), DUE)
        self.assertEqual(judge(dec(0), self.late, rules, None, date(2026, 6, 1)), NOTHING)

    def test_money_in_hand_bears_no_interest(self):
        in_time, too_late = Change(date(2026, 2, 20), dec(3000)), Change(date(2026, 4, 1), dec(2000))
        found = set_off({1: self.late}, [too_late, in_time])[1]
        self.assertEqual([(p.days, p.balance) for p in interest(found, EU).periods], [(31, 2000)])
