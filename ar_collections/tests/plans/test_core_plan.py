"""Payment plans: amounts to the cent, dates without drift, limits, and judging by the ledger."""

from datetime import date, timedelta
from decimal import Decimal
from unittest import TestCase

from odoo.addons.ar_collections.core.agreements.settlement import Settlement
from odoo.addons.ar_collections.core.plans.plan import BreachRules, Installment, fill, judge
from odoo.addons.ar_collections.core.plans.schedule import (
    MONTH,
    TWO_WEEKS,
    WEEK,
    PlanCheck,
    PlanLimits,
    PlannedItem,
    check,
    dates,
    read_first,
    read_split,
    split,
    split_by_amount,
)
from odoo.addons.ar_collections.core.workdays import WorkCalendar

D = Decimal

TODAY = date(2026, 6, 10)


def texts(amounts):
    return [str(amount) for amount in amounts]


class TestSplit(TestCase):
    #: total, payments, down payment, smallest unit -> amounts
    TABLE = [
        ("100.00", 3, "0", "0.01", ["33.34", "33.33", "33.33"]),
        ("100.00", 6, "0", "0.01", ["16.67"] * 4 + ["16.66"] * 2),
        ("100.00", 1, "0", "0.01", ["100.00"]),
        ("0.01", 3, "0", "0.01", ["0.01"]),
        ("0.02", 3, "0", "0.01", ["0.01", "0.01"]),
        ("0.04", 3, "0", "0.01", ["0.02", "0.01", "0.01"]),
        ("1000", 3, "0", "1", ["334", "333", "333"]),
        ("2", 3, "0", "1", ["1", "1"]),
        ("10.000", 3, "0", "0.001", ["3.334", "3.333", "3.333"]),
        ("10.00", 3, "0", "0.05", ["3.35", "3.35", "3.30"]),
        ("100.00", 3, "40.00", "0.01", ["40.00", "30.00", "30.00"]),
        ("100.00", 4, "0.01", "0.01", ["0.01", "33.33", "33.33", "33.33"]),
        ("100.00", 1, "100.00", "0.01", ["100.00"]),
        ("100.00", 5, "100.00", "0.01", ["100.00"]),
    ]

    def test_the_table(self):
        for total, count, down, rounding, expected in self.TABLE:
            with self.subTest(total=total, count=count, down=down, rounding=rounding):
                self.assertEqual(texts(split(D(total), count, D(down), D(rounding))), expected)

    def test_it_always_adds_up_and_no_two_differ_by_more_than_a_unit(self):
        for cents in (1, 2, 99, 100, 101, 9999, 123457, 10_000_000):
            for count in range(1, 25):
                amounts = split(D(cents) / 100, count)
                self.assertEqual(sum(amounts), D(cents) / 100)
                self.assertLessEqual(max(amounts) - min(amounts), D("0.01"))
                self.assertGreater(min(amounts), 0)

    def test_an_amount_rounded_by_another_rule_still_adds_up(self):
        amounts = split(D("10.03"), 2, rounding=D("0.05"))
        self.assertEqual(sum(amounts), D("10.03"))

    def test_what_cannot_be_split(self):
        for total, count, down in (("0", 3, "0"), ("-5", 3, "0"), ("10", 3, "11"), ("10", 3, "-1"), ("10", 0, "0")):
            with self.subTest(total=total, count=count, down=down), self.assertRaises(ValueError):
                split(D(total), count, D(down))
        with self.assertRaises(ValueError):  # one payment, and it is not all
            split(D(10), 1, D(5))


class TestSplitByAmount(TestCase):
    TABLE = [
        ("100.00", "30.00", "0", ["30.00", "30.00", "30.00", "10.00"]),
        ("90.00", "30.00", "0", ["30.00", "30.00", "30.00"]),
        ("100.00", "30.00", "20.00", ["20.00", "30.00", "30.00", "20.00"]),
        ("20.00", "30.00", "0", ["20.00"]),
        ("0.01", "0.01", "0", ["0.01"]),
        ("100.00", "33.33", "0", ["33.33", "33.33", "33.33", "0.01"]),
    ]

    def test_the_table(self):
        for total, amount, down, expected in self.TABLE:
            with self.subTest(total=total, amount=amount, down=down):
                self.assertEqual(texts(split_by_amount(D(total), D(amount), D(down))), expected)

    def test_what_cannot_be_split(self):
        for total, amount, down in (("10", "0", "0"), ("10", "-1", "0"), ("0", "5", "0"), ("10", "5", "20")):
            with self.subTest(total=total, amount=amount, down=down), self.assertRaises(ValueError):
                split_by_amount(D(total), D(amount), D(down))

    def test_thousands_of_payments_are_a_slip_of_the_finger(self):
        with self.assertRaises(ValueError):
            split_by_amount(D(1_000_000), D("0.01"))


class TestReadSplit(TestCase):
    def test_what_made_the_payments_is_found_again(self):
        for total, count, down, rounding, _ in TestSplit.TABLE:
            payments = split(D(total), count, D(down), D(rounding))
            with self.subTest(payments=texts(payments)):
                number, amount, first = read_split(payments, D(rounding))
                self.assertEqual(amount, 0)
                self.assertEqual(split(D(total), number, first, D(rounding)), payments)
        for total, amount, down in (("100", "30", "20"), ("100", "45", "0"), ("635", "60.5", "200")):
            payments = split_by_amount(D(total), D(amount), D(down))
            with self.subTest(payments=texts(payments)):
                self.assertEqual(read_split(payments), (0, D(amount), D(down)))

    def test_others_count_by_their_number(self):
        self.assertEqual(read_split([D(10), D(70), D(20), D(5)]), (4, 0, 0))
        self.assertEqual(read_split([]), (0, 0, 0))

    def test_the_first_date_before_it_was_shifted(self):
        for first, frequency in ((date(2026, 6, 13), MONTH), (date(2026, 6, 10), MONTH), (date(2027, 1, 31), MONTH)):
            days = dates(first, 4, frequency, WorkCalendar())
            with self.subTest(first=first):
                self.assertEqual(read_first(days, frequency, WorkCalendar()), first)
        self.assertEqual(read_first([date(2026, 6, 15), date(2026, 8, 1)], MONTH, WorkCalendar()), date(2026, 6, 15))
        self.assertEqual(read_first([date(2026, 6, 14)], WEEK), date(2026, 6, 14))
        self.assertIsNone(read_first([], WEEK, WorkCalendar()))


class TestDates(TestCase):
    #: first, payments, frequency -> dates
    TABLE = [
        ("2026-06-10", 3, WEEK, ["2026-06-10", "2026-06-17", "2026-06-24"]),
        ("2026-06-10", 3, TWO_WEEKS, ["2026-06-10", "2026-06-24", "2026-07-08"]),
        ("2026-01-31", 4, MONTH, ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]),
        ("2028-01-31", 3, MONTH, ["2028-01-31", "2028-02-29", "2028-03-31"]),
        ("2028-02-29", 2, MONTH, ["2028-02-29", "2028-03-29"]),
        ("2027-01-29", 2, MONTH, ["2027-01-29", "2027-02-28"]),
        ("2026-10-30", 4, MONTH, ["2026-10-30", "2026-11-30", "2026-12-30", "2027-01-30"]),
        ("2026-12-31", 3, MONTH, ["2026-12-31", "2027-01-31", "2027-02-28"]),
    ]

    def test_the_table(self):
        for first, count, frequency, expected in self.TABLE:
            with self.subTest(first=first, frequency=frequency):
                self.assertEqual(texts(dates(date.fromisoformat(first), count, frequency)), expected)

    def test_a_year_after_the_leap_day(self):
        self.assertEqual(dates(date(2028, 2, 29), 13, MONTH)[-1], date(2029, 2, 28))

    def test_weekends_shift_to_monday_and_do_not_drift(self):
        saturday = date(2026, 6, 13)
        shifted = dates(saturday, 3, WEEK, WorkCalendar())
        self.assertEqual(texts(shifted), ["2026-06-15", "2026-06-22", "2026-06-29"])
        months = dates(date(2026, 7, 31), 4, MONTH, WorkCalendar())  # 31 October is a Saturday
        self.assertEqual(texts(months), ["2026-07-31", "2026-08-31", "2026-09-30", "2026-11-02"])
        self.assertEqual(str(dates(date(2026, 7, 31), 6, MONTH, WorkCalendar())[-1]), "2026-12-31")

    def test_holidays_shift_too(self):
        calendar = WorkCalendar(holidays=frozenset({date(2026, 12, 25)}))
        self.assertEqual(texts(dates(date(2026, 12, 25), 1, WEEK, calendar)), ["2026-12-28"])


class TestCheck(TestCase):
    LIMITS = PlanLimits(D(100), 4, 100, D(25), D(20))

    def _check(self, amounts=("50", "50"), first=TODAY, step=30, limits=LIMITS, today=TODAY, **item):
        installments = [Installment(n + 1, first + timedelta(days=n * step), D(a)) for n, a in enumerate(amounts)]
        total = sum(D(amount) for amount in amounts)
        item = {"item_id": 1, "currency": "EUR", "free": total, "amount": total, **item}
        return check([PlannedItem(**item)], installments, limits, today)

    def test_within_the_limits_nothing_stands_against_it(self):
        self.assertEqual(self._check(), PlanCheck())
        self.assertEqual(self._check(("25", "25", "25", "25")), PlanCheck())  # each limit is still inside

    def test_each_limit(self):
        table = [
            ("below_minimum", {"amounts": ("49.99", "50")}),
            ("too_many", {"amounts": ("30",) * 5, "step": 7}),
            ("too_long", {"step": 101}),
            ("too_small", {"amounts": ("80", "24.99", "50")}),
            ("low_down_payment", {"amounts": ("30", "60", "61")}),
            ("starts_late", {"first": TODAY + timedelta(days=32)}),
            ("no_policy", {"limits": None}),
        ]
        for code, values in table:
            with self.subTest(code=code):
                self.assertEqual(self._check(**values), PlanCheck((), (code,)))

    def test_the_last_one_may_be_a_small_rest(self):
        self.assertEqual(self._check(("60", "60", "5")), PlanCheck())

    def test_several_limits_at_once(self):
        self.assertEqual(self._check(("5",) * 5).beyond, ("below_minimum", "too_many", "too_long", "too_small"))

    def test_each_error(self):
        table = [
            ("not_free", {"free": D(99), "amount": D(100)}),
            ("not_free", {"free": D(0), "amount": D(100)}),
            ("bad_sum", {"free": D(500), "amount": D(101)}),
            ("bad_count", {"amounts": (), "free": D(5), "amount": D(5)}),
            ("past_date", {"first": TODAY - timedelta(days=1)}),
        ]
        for code, values in table:
            with self.subTest(code=code, **values):
                self.assertEqual(self._check(**values).errors, (code,))
        self.assertEqual(self._check(("150", "-50")).errors, ("bad_amount",))

    def test_nothing_selected_and_two_currencies(self):
        self.assertEqual(check([], [], self.LIMITS, TODAY).errors, ("nothing_selected",))
        items = [PlannedItem(1, "EUR", D(50), D(50)), PlannedItem(2, "USD", D(50), D(50))]
        installments = [Installment(1, TODAY, D(100))]
        self.assertEqual(check(items, installments, self.LIMITS, TODAY).errors, ("mixed_currencies",))

    def test_an_error_is_reported_before_any_limit(self):
        self.assertEqual(self._check(("5",) * 9, first=TODAY - timedelta(days=9)).beyond, ())


class TestFill(TestCase):
    def test_payments_go_to_the_oldest(self):
        amounts = [D(100), D(100), D(50)]
        table = {"0": [0, 0, 0], "99.99": ["99.99", 0, 0], "100": [100, 0, 0], "130": [100, 30, 0], "250": amounts}
        for paid, filled in table.items():
            with self.subTest(paid=paid):
                self.assertEqual(fill(amounts, D(paid)), [D(amount) for amount in filled])
        self.assertEqual(fill(amounts, D(-5)), [0, 0, 0])  # more is open than before
        self.assertEqual(fill(amounts, D(999)), amounts)


class TestJudge(TestCase):
    """Three installments of 100 on the first of June, July and August; three days of grace."""

    PLAN = [Installment(number, date(2026, 5 + number, 1), D(100)) for number in (1, 2, 3)]
    BREACH_RULES = BreachRules(grace_days=3, missed_max=2)

    def _judge(self, today, *paid, **breach_rules):
        settlements = [Settlement(date.fromisoformat(day), D(amount)) for day, amount in paid]
        own = BreachRules(**{"grace_days": 3, "missed_max": 2, **breach_rules})
        judgement = judge(self.PLAN, settlements, date.fromisoformat(today), own)
        return judgement.missed, judgement.state(own)

    def test_nothing_is_missed_before_the_days_of_grace_are_over(self):
        self.assertEqual(self._judge("2026-06-04"), ((), "active"))
        self.assertEqual(self._judge("2026-06-05"), ((1,), "active"))

    def test_paid_within_grace_is_in_time(self):
        self.assertEqual(self._judge("2026-06-30", ("2026-06-04", 100)), ((), "active"))

    def test_paid_late_stays_missed(self):
        self.assertEqual(self._judge("2026-06-30", ("2026-06-05", 100)), ((1,), "active"))

    def test_a_cent_short_is_missed(self):
        self.assertEqual(self._judge("2026-06-30", ("2026-06-01", "99.99")), ((1,), "active"))

    def test_recorded_late_but_dated_in_time_is_in_time(self):
        before, after = self._judge("2026-06-20"), self._judge("2026-06-20", ("2026-06-02", 100))
        self.assertEqual((before[0], after[0]), ((1,), ()))

    def test_paying_early_covers_what_comes(self):
        self.assertEqual(self._judge("2026-08-30", ("2026-05-20", 250), ("2026-08-02", 50)), ((), "completed"))

    def test_two_missed_break_it(self):
        self.assertEqual(self._judge("2026-07-05"), ((1, 2), "broken"))
        self.assertEqual(self._judge("2026-07-05", ("2026-06-20", 200)), ((1,), "active"))

    def test_the_last_one_missed_ends_the_plan(self):
        paid = ("2026-06-01", 200)
        self.assertEqual(self._judge("2026-08-04", paid), ((), "active"))  # grace
        self.assertEqual(self._judge("2026-08-05", paid), ((3,), "broken"))
        self.assertEqual(self._judge("2027-08-05", paid, ("2026-08-05", "99.99")), ((3,), "broken"))
        contested = judge(
            self.PLAN, [Settlement(date(2026, 6, 1), D(200))], date(2027, 8, 5), self.BREACH_RULES, contested=D(100)
        )
        self.assertEqual(contested.state(self.BREACH_RULES), "active")

    def test_arrears_are_missed_with_every_date(self):
        # The first was never paid: 100 in July pay June's, and July's is missed as well.
        self.assertEqual(self._judge("2026-07-05", ("2026-07-01", 100)), ((1, 2), "broken"))

    def test_all_paid_is_completed_however_late(self):
        self.assertEqual(self._judge("2026-09-30", ("2026-09-20", 300))[1], "completed")

    def test_forgiven_does_not_count_but_stays_to_be_paid(self):
        self.assertEqual(self._judge("2026-07-10", forgiven_until=date(2026, 7, 5)), ((), "active"))
        self.assertEqual(self._judge("2026-08-05", forgiven_until=date(2026, 7, 5)), ((3,), "broken"))
        paid_only_the_last = ("2026-08-01", 100)
        self.assertEqual(self._judge("2026-08-05", paid_only_the_last, forgiven_until=date(2026, 7, 5))[0], (3,))

    def test_after_a_payment_was_taken_back_grace_starts_anew(self):
        reopened = {"reopened_on": date(2026, 9, 1)}
        self.assertEqual(self._judge("2026-09-04", ("2026-06-01", 100), **reopened), ((), "active"))
        self.assertEqual(self._judge("2026-09-05", ("2026-06-01", 100), **reopened), ((2, 3), "broken"))

    def test_the_same_ledger_gives_the_same_answer(self):
        paid = [("2026-06-01", 100), ("2026-07-20", 50)]
        self.assertEqual(self._judge("2026-07-25", *paid), self._judge("2026-07-25", *reversed(paid)))

    def test_how_much_is_left(self):
        judgement = judge(self.PLAN, [Settlement(TODAY, D(130))], TODAY, self.BREACH_RULES)
        self.assertEqual((judgement.filled, judgement.left), ((D(100), D(30), D(0)), D(170)))
