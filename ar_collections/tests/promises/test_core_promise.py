from dataclasses import replace
from datetime import date, timedelta
from unittest import TestCase

from odoo.addons.ar_collections.core.agreements.settlement import Settlement, settled_since
from odoo.addons.ar_collections.core.facts import Exclusion
from odoo.addons.ar_collections.core.promises import judgement as rules
from odoo.addons.ar_collections.core.promises.judgement import PromisedPart, judge, note_day, number_of, reliability
from odoo.addons.ar_collections.core.promises.request import (
    PastPromise,
    PromiseRefused,
    PromiseRules,
    PromiseStatus,
    RequestedPart,
    check,
    counted_from,
)
from odoo.addons.ar_collections.core.reminders.upcoming import forecast
from odoo.addons.ar_collections.core.workdays import EVERY_DAY, WorkCalendar

from ..core_common import FRIENDLY, CoreCase, dec

#: A Friday; two days of tolerance end on Sunday.
PROMISED = date(2026, 6, 12)


def day(offset):
    """Return the promised day plus that number of days."""
    return PROMISED + timedelta(days=offset)


class TestJudge(TestCase):
    """kpi: all paid by date + tolerance: kept; some: partly kept; none: broken."""

    def _judge(self, *payments, today=3, promised=100, tolerance=2):
        settled = tuple(Settlement(day(offset), dec(amount)) for offset, amount in payments)
        return judge([PromisedPart(dec(promised), settled)], PROMISED, tolerance, day(today))

    def test_after_the_deadline(self):
        cases = [
            ("kept", [(0, 100)]),
            ("kept", [(2, 100)]),
            ("kept", [(-5, 40), (1, 60)]),
            ("kept", [(0, 250)]),  # the whole invoice, of which a part was promised
            ("partly", [(0, "99.99")]),
            ("partly", [(0, "0.01")]),
            ("partly", [(0, 40), (3, 60)]),  # the rest came a day late
            ("broken", [(3, 100)]),
            ("broken", []),
        ]
        for code, payments in cases:
            with self.subTest(code=code, payments=payments):
                self.assertEqual(self._judge(*payments), code)

    def test_before_the_deadline_it_is_open_until_all_is_paid(self):
        for today in (-10, 0, 1, 2):
            with self.subTest(today=today):
                self.assertEqual(self._judge(today=today), "open")
                self.assertEqual(self._judge((-10, "99.99"), today=today), "open")
                self.assertEqual(self._judge((-10, 100), today=today), "kept")

    def test_without_tolerance_the_date_is_the_last_day(self):
        self.assertEqual(self._judge((0, 100), tolerance=0, today=1), "kept")
        self.assertEqual(self._judge((1, 100), tolerance=0, today=1), "broken")
        self.assertEqual(self._judge(tolerance=0, today=0), "open")

    def test_an_item_paid_twice_over_does_not_make_up_for_another(self):
        paid = PromisedPart(dec(100), (Settlement(day(0), dec(200)),))
        self.assertEqual(judge([paid, PromisedPart(dec(50))], PROMISED, 2, day(3)), "partly")
        self.assertEqual(rules.amount_kept([paid, PromisedPart(dec(50))], PROMISED, 2), 100)

    def test_the_order_of_items_and_payments_does_not_matter(self):
        first, second = Settlement(day(-1), dec(30)), Settlement(day(2), dec(70))
        for settled in ((first, second), (second, first)):
            self.assertEqual(judge([PromisedPart(dec(100), settled)], PROMISED, 2, day(9)), "kept")

    def test_what_was_paid_before_the_promise_keeps_nothing(self):
        """600 were open when 100 were promised; 400 had been paid earlier."""
        old, new = Settlement(day(-20), dec(400)), Settlement(day(0), dec(100))
        self.assertEqual(
            judge([PromisedPart(dec(100), settled_since(dec(600), dec(600), [old]))], PROMISED, 2, day(3)), "broken"
        )
        self.assertEqual(
            judge([PromisedPart(dec(100), settled_since(dec(600), dec(500), [old, new]))], PROMISED, 2, day(3)), "kept"
        )

    def test_the_answer_changes_with_the_ledger_and_back(self):
        for _round in range(2):
            self.assertEqual(self._judge((1, 100)), "kept")
            self.assertEqual(self._judge(), "broken")

    def test_a_small_promise_is_judged_like_a_large_one(self):
        for paid, state in (("0.50", "kept"), ("0.49", "partly"), ("0.01", "partly"), (0, "broken")):
            with self.subTest(paid=paid):
                self.assertEqual(self._judge((1, paid), promised="0.50"), state)

    def test_what_is_contested_later(self):
        def judged(paid, contested, promised="0.50", today=3):
            settled = (Settlement(day(0), dec(paid)),) if paid else ()
            return judge([PromisedPart(dec(promised), settled, dec(contested))], PROMISED, 2, day(today))

        table = [
            (0, "0.50", "open"),  # all of it
            (0, "0.60", "open"),
            (0, "0.49", "broken"),
            ("0.10", "0.40", "kept"),
            ("0.10", "0.39", "partly"),
            ("0.50", "0.50", "kept"),
        ]
        for paid, contested, state in table:
            with self.subTest(paid=paid, contested=contested):
                self.assertEqual(judged(paid, contested), state)
        self.assertEqual(judged(0, "0.40", today=2), "open")

    def test_a_loss_is_neither_paid_nor_owed(self):
        def judged(paid, lost):
            settled = (Settlement(day(0), dec(paid)), Settlement(day(0), dec(lost), loss=True))
            return judge([PromisedPart(dec(100), settled)], PROMISED, 2, day(3))

        for paid, lost, state in ((60, 40, "kept"), (60, "39.99", "partly"), (0, 40, "broken"), (0, 100, "broken"),
                                  (60, 200, "kept")):  # fmt: skip
            with self.subTest(paid=paid, lost=lost):
                self.assertEqual(judged(paid, lost), state)


class TestNoteDay(TestCase):
    def test_the_working_day_before(self):
        thursday, friday, monday, tuesday = (date(2026, 6, number) for number in (11, 12, 15, 16))
        holiday = WorkCalendar(holidays=frozenset({friday}))
        cases = [
            (friday, WorkCalendar(), thursday),
            (monday, WorkCalendar(), friday),
            (tuesday, WorkCalendar(), monday),
            (monday, holiday, thursday),
            (monday, EVERY_DAY, date(2026, 6, 14)),
            (monday, WorkCalendar(weekdays=frozenset()), date(2026, 6, 14)),
        ]
        for promised, calendar, expected in cases:
            with self.subTest(promised=promised):
                self.assertEqual(note_day(promised, calendar), expected)


class TestNumber(TestCase):
    """kpi: broken then a new one: second promise on the item; withdrawn then a new one: first."""

    def test_table(self):
        cases = [([], 1), (["broken"], 2), (["withdrawn"], 1), (["partly", "withdrawn", "broken"], 3), (["kept"], 2)]
        for earlier, number in cases:
            with self.subTest(earlier=earlier):
                self.assertEqual(number_of(earlier), number)


class TestCountedFrom(TestCase):
    """The days of a promise count from the first that the customer withdrew; what staff withdrew is passed over."""

    def test_who_withdrew_it(self):
        def made(offset, state="withdrawn", **how):
            return PastPromise(day(offset), state, **how)

        mine = {"by_customer": True}
        table = [
            ([made(-9)], 0),
            ([made(-9, **mine)], -9),
            ([made(-9, **mine), made(-5)], -9),
            ([made(-9), made(-5, **mine)], -5),
            ([made(-9, "open")], -9),
            ([made(-9, "kept"), made(-5)], 0),
            ([made(-9, by_staff=True)], 0),
        ]
        for past, first in table:
            with self.subTest(past=past):
                self.assertEqual(counted_from(past, day(0)), day(first))


class TestReliability(TestCase):
    def test_partly_kept_is_not_kept(self):
        found = reliability([("kept", 2, dec(300)), ("partly", 1, dec(500)), ("broken", 1, dec(200))])
        self.assertEqual((found.due, found.kept, found.rate, found.amount_rate), (4, 2, 50, 30))

    def test_open_and_withdrawn_do_not_count(self):
        found = reliability([("kept", 1, dec(10)), ("open", 5, dec(999)), ("withdrawn", 5, dec(999))])
        self.assertEqual((found.due, found.rate, found.amount_rate), (1, 100, 100))

    def test_nothing_due_divides_by_nothing(self):
        self.assertEqual((reliability([]).rate, reliability([]).amount_rate), (0, 0))
        self.assertEqual(reliability([]), rules.Reliability())

    def test_rates_are_exact(self):
        found = reliability([("kept", 1, dec("0.10")), ("broken", 2, dec("0.20"))])
        self.assertEqual(round(found.rate, 4), dec("33.3333"))
        self.assertEqual(round(found.amount_rate, 4), dec("33.3333"))


class TestCheck(TestCase):
    TODAY = date(2026, 6, 10)
    NEXT = date(2026, 6, 20)

    def _part(self, amount=100, free=100, **values):
        booked = values.pop("booked", amount)
        return RequestedPart(dec(amount), dec(free), values.pop("currency", "EUR"), dec(booked), **values)

    def _code(self, *parts, day=NEXT, status=None, limits=None):
        try:
            check(parts, day, status or PromiseStatus(balance=dec(100)), limits, self.TODAY)
        except PromiseRefused as refused:
            return refused.code
        return None

    def test_errors_bind_everybody(self):
        cases = [
            (None, [self._part()]),
            (None, [self._part("0.01")]),
            ("nothing_selected", []),
            ("bad_amount", [self._part(0)]),
            ("bad_amount", [self._part("-0.01")]),
            ("bad_amount", [self._part("NaN")]),
            ("bad_amount", [self._part("Infinity")]),
            ("bad_amount", [self._part("-Infinity")]),
            ("bad_amount", [self._part("10.001")]),
            ("too_much", [self._part("100.01")]),
            ("too_much", [self._part("1e30")]),
            ("nothing_free", [self._part(1, free=0)]),
            ("already_promised", [self._part(promised=True)]),
            ("mixed_currencies", [self._part(), self._part(currency="USD")]),
            ("bad_amount", [self._part(), self._part(0)]),
        ]
        for limits in (None, PromiseRules()):
            for code, parts in cases:
                with self.subTest(code=code, parts=parts, bound=limits is not None):
                    status = PromiseStatus(balance=dec(10000))
                    self.assertEqual(self._code(*parts, limits=limits, status=status), code)

    def test_dates(self):
        cases = [
            (None, "bad_date"),
            (self.TODAY - timedelta(days=1), "past_date"),
            (date(1, 1, 1), "past_date"),
            (date(9999, 12, 31), "bad_date"),
            (self.TODAY, None),
            (self.TODAY + timedelta(days=400), None),
        ]
        for when, code in cases:
            with self.subTest(day=when):
                self.assertEqual(self._code(self._part(), day=when), code)

    def test_the_whole_of_an_odd_rest_may_be_promised(self):
        self.assertIsNone(self._code(self._part("33.333", free="33.333")))
        self.assertEqual(self._code(self._part("33.332", free="33.333")), "bad_amount")

    def test_units_of_the_currency(self):
        self.assertEqual(self._code(self._part("10.5", unit=dec(1))), "bad_amount")
        self.assertIsNone(self._code(self._part("10.0", unit=dec("1.0"))))

    def test_limits_bind_those_whom_the_policy_binds(self):
        late = self.TODAY + timedelta(days=31)
        strict = PromiseRules(broken_max=0)
        cases = [
            ("beyond_horizon", PromiseRules(), {"day": late}, {}),
            (None, PromiseRules(), {"day": late - timedelta(days=1)}, {}),
            ("too_many_open", PromiseRules(), {}, {"open_count": 3}),
            (None, PromiseRules(), {}, {"open_count": 2}),
            (None, PromiseRules(open_max=0), {}, {"open_count": 99}),
            ("too_many_broken", PromiseRules(), {}, {"broken_count": 2}),
            (None, PromiseRules(), {}, {"broken_count": 1}),
            ("too_many_broken", strict, {}, {"broken_count": 1}),
            (None, strict, {}, {}),
            ("above_share", PromiseRules(share_max=dec(50)), {}, {}),
            ("above_share", PromiseRules(), {}, {"promised": dec("0.01")}),
        ]
        for code, limits, request, status in cases:
            with self.subTest(code=code, request=request, status=status):
                facts = PromiseStatus(balance=dec(100), **status)
                self.assertEqual(self._code(self._part(), limits=limits, status=facts, **request), code)
                self.assertIsNone(self._code(self._part(), status=facts, **request))

    def test_a_date_that_nobody_means(self):
        far = self.TODAY + timedelta(days=1830)
        self.assertIsNone(self._code(self._part(), day=far))
        self.assertEqual(self._code(self._part(), day=far + timedelta(days=1)), "bad_date")

    def test_half_a_unit_may_be_promised(self):
        self.assertIsNone(self._code(self._part("0.50", "0.50")))

    def test_one_item_with_broken_promises_is_enough(self):
        parts = self._part(50, broken=0, booked=0), self._part(50, broken=1, booked=0)
        for order in (parts, parts[::-1]):
            with self.subTest(order=order):
                self.assertEqual(self._code(*order, limits=PromiseRules()), "too_many_broken")

    def test_broken_promises_on_the_item_itself(self):
        self.assertEqual(self._code(self._part(broken=1), limits=PromiseRules()), "too_many_broken")
        self.assertIsNone(self._code(self._part(broken=1), limits=PromiseRules(broken_max=2)))

    def test_the_share_counts_what_is_promised_already_at_booked_rates(self):
        half = PromiseRules(share_max=dec(50))
        status = PromiseStatus(promised=dec(30), balance=dec(200))
        self.assertIsNone(self._code(self._part(booked=70), limits=half, status=status))
        self.assertEqual(self._code(self._part(booked="70.01"), limits=half, status=status), "above_share")


class TestForecast(CoreCase):
    def test_after_a_promise_the_very_next_step_lies_ahead(self):
        """Twelve days late and promised for three weeks: not the final notice, whose days are reached then."""
        for code, first in (("promise_open", 10), ("disputed", 10), ("payment_pending", 30)):
            with self.subTest(code=code):
                item = replace(
                    self.item(12, sent_steps=[(FRIENDLY, 9)]), exclusions=(Exclusion(code, dec(100), self.day(21)),)
                )
                ahead = list(forecast(self.facts(item), self.rules, self.TODAY, self.day(60)))
                self.assertEqual((ahead[0].day, ahead[0].decision.step.days), (self.day(21), first))

    def test_a_promise_of_a_part_excludes_that_part_only(self):
        item = self.item(12, amount=100, excluded=[("promise_open", 70)])
        self.assertContacted(self.decide(item), FRIENDLY, {"EUR": 30})
        self.assertNotContacted(self.decide(self.item(12, excluded=[("promise_open", 100)])), "promise_open")
