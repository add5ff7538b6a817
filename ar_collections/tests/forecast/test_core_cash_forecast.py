"""When money is expected: the rules at their limits; the examples are doctests beside them."""

from datetime import date, timedelta
from decimal import Decimal
from unittest import TestCase

from odoo.addons.ar_collections.core.forecast import cash_forecast as rules

from ..core_common import dec

TODAY = date(2026, 6, 10)  # a Wednesday


def day(offset):
    return TODAY + timedelta(days=offset)


class TestDays(TestCase):
    def test_the_running_week_is_what_is_left_of_it_then_thirteen_in_all(self):
        for offset in range(7):
            with self.subTest(offset=offset):
                starts = rules.week_starts(day(offset))
                self.assertEqual((starts[0], len(starts)), (day(offset), rules.WEEKS))
                self.assertEqual({start.weekday() for start in starts[1:]}, {0})
                self.assertEqual((starts[-1] - starts[1]).days, 7 * (rules.WEEKS - 2))

    def test_on_sunday_one_day_is_left(self):
        sunday = day(4)
        self.assertEqual(rules.week_starts(sunday, 2), [sunday, day(5)])
        (first, _second) = rules.add_up([], sunday, 2).weeks
        self.assertEqual((first.first, first.last), (sunday, sunday))

    def test_what_is_late_by_its_own_measure_stays_away_as_long_again(self):
        cases = {5: 5, 0: 0, -1: 1, -10: 10, -400: 400}
        self.assertEqual({o: rules.still_expected(day(o), TODAY) for o in cases}, {o: day(n) for o, n in cases.items()})

    def test_the_delay_is_weighted_and_rounded_half_away_from_zero(self):
        cases = [
            ([(1, 3)], 3),
            ([(1, 1), (1, 2)], 2),
            ([(1, -1), (1, -2)], -2),
            ([(1, 0), (999, 30)], 30),
            ([(999, 0), (1, 30)], 0),
        ]
        for paid, expected in cases:
            with self.subTest(paid=paid):
                self.assertEqual(rules.usual_delay((dec(amount), days) for amount, days in paid), expected)


class TestSplit(TestCase):
    """An item of 100, usually paid in a month."""

    USUAL = day(30)

    def _split(self, covered=0, agreed=(), disputed=0, amount=100):
        agreed = [(kind, when, dec(part)) for kind, when, part in agreed]
        parts = rules.split(dec(amount), dec(covered), agreed, dec(disputed), self.USUAL, TODAY)
        return [(part.kind, part.day, float(part.amount)) for part in parts]

    def test_without_anything_it_is_payment_behavior(self):
        self.assertEqual(self._split(), [(rules.BEHAVIOR, self.USUAL, 100)])

    def test_what_was_agreed_replaces_payment_behavior_for_its_amount(self):
        agreed = [(rules.PLAN, day(5), 20), (rules.PLAN, day(12), 30)]
        self.assertEqual(
            self._split(agreed=agreed),
            [(rules.PLAN, day(12), 30), (rules.PLAN, day(5), 20), (rules.BEHAVIOR, self.USUAL, 50)],
        )
        self.assertEqual(self._split(agreed=agreed[::-1]), self._split(agreed=agreed))

    def test_the_latest_installments_are_cut_in_whatever_order_they_are_read(self):
        latest, first = (rules.PLAN, day(12), 30), (rules.PLAN, day(5), 60)
        for agreed in ([latest, first], [first, latest]):
            with self.subTest(agreed=agreed):
                parts = self._split(agreed=agreed, disputed=30)
                self.assertEqual(parts, [(rules.DISPUTED, None, 30), (rules.PLAN, day(12), 10), first])

    def test_an_agreed_date_that_has_passed_is_late_like_anything_else(self):
        parts = self._split(agreed=[(rules.PROMISE, day(-2), 100)])
        self.assertEqual(parts, [(rules.PROMISE, day(2), 100)])

    def test_what_is_contested_is_not_expected_whatever_was_agreed(self):
        parts = self._split(agreed=[(rules.PROMISE, day(5), 100)], disputed=40)
        self.assertEqual(parts, [(rules.DISPUTED, None, 40), (rules.PROMISE, day(5), 60)])
        self.assertEqual(self._split(disputed=150), [(rules.DISPUTED, None, 100)])

    def test_credits_take_away_what_would_come_first(self):
        agreed = [(rules.PLAN, day(5), 20), (rules.PLAN, day(12), 30)]
        latest, first, behavior = (rules.PLAN, day(12), 30), (rules.PLAN, day(5), 20), (rules.BEHAVIOR, self.USUAL, 50)
        cases = {
            0: [latest, first, behavior],
            10: [latest, first, (rules.BEHAVIOR, self.USUAL, 40)],
            50: [latest, first],
            60: [latest, (rules.PLAN, day(5), 10)],
            75: [(rules.PLAN, day(12), 25)],
            100: [],
        }
        for covered, expected in cases.items():
            with self.subTest(covered=covered):
                self.assertEqual(self._split(covered, agreed), expected)

    def test_nothing_is_lost_and_nothing_is_expected_twice(self):
        for covered in range(0, 101, 7):
            for disputed in range(0, 131, 13):
                for promised in range(0, 131, 11):
                    parts = self._split(covered, [(rules.PROMISE, day(5), promised)], disputed)
                    self.assertEqual(sum(amount for _kind, _day, amount in parts), 100 - covered)
                    self.assertTrue(all(amount > 0 for _kind, _day, amount in parts))


class TestAddUp(TestCase):
    def test_each_week_has_its_days(self):
        last = rules.week_starts(TODAY)[-1] + timedelta(days=6)
        parts = [
            rules.ForecastPart(rules.BEHAVIOR, TODAY, dec(1)),
            rules.ForecastPart(rules.PROMISE, day(4), dec(2)),
            rules.ForecastPart(rules.PLAN, day(5), dec(4)),
            rules.ForecastPart(rules.BEHAVIOR, last, dec(8)),
            rules.ForecastPart(rules.BEHAVIOR, last + timedelta(days=1), dec(16)),
            rules.ForecastPart(rules.DISPUTED, None, dec(32)),
            rules.ForecastPart(rules.CLAIMED, None, dec(1)),
            rules.ForecastPart(rules.RELEASED, None, dec(1)),
            rules.ForecastPart(rules.SETTLEMENT, day(5), dec(3)),
            rules.ForecastPart(rules.CREDIT, None, dec(-64)),
        ]
        found = rules.add_up(parts, TODAY)
        weeks = [(found.weeks[n].expected, found.weeks[n].agreed) for n in (0, 1, 12)]
        self.assertEqual(weeks, [(3, 2), (7, 7), (8, 0)])
        self.assertEqual((found.expected, found.later, found.not_expected, found.credits), (18, 16, 34, -64))
        self.assertEqual(found.receivable, 4)

    def test_an_empty_ledger(self):
        found = rules.add_up([], TODAY)
        self.assertEqual((found.receivable, found.expected, len(found.weeks)), (0, 0, rules.WEEKS))

    def test_the_deviation_is_not_available_where_nothing_was_expected(self):
        check = rules.Check(TODAY, day(6), Decimal(0), dec(50))
        self.assertIsNone(check.deviation)
        self.assertIsNone(rules.combine([check, check]).deviation)

    def test_weeks_together_last_from_the_first_to_the_last(self):
        weeks = [rules.Check(day(7 * n), day(7 * n + 6), dec(100), dec(80 + n)) for n in range(4)]
        self.assertEqual(rules.combine(weeks), rules.Check(day(0), day(27), dec(400), dec(326)))
        self.assertEqual(rules.combine(weeks[2:3]), weeks[2])
