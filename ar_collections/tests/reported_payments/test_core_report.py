from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from unittest import TestCase

from odoo.addons.ar_collections.core.facts import Exclusion
from odoo.addons.ar_collections.core.reminders.upcoming import forecast
from odoo.addons.ar_collections.core.reported_payments import report
from odoo.addons.ar_collections.core.reported_payments.report import ReportedPart, ReportRefused, check, judge, last_day
from odoo.addons.ar_collections.core.workdays import WorkCalendar

from ..core_common import FRIENDLY, CoreCase, dec

TODAY = date(2026, 6, 10)


def part(amount=100, left=100, currency="EUR", **known):
    return ReportedPart(dec(amount), dec(left), currency, **known)


class TestCheck(TestCase):
    def _code(self, parts, day=TODAY, is_bound=True):
        try:
            check(parts, day, TODAY, is_bound)
        except ReportRefused as refused:
            return refused.code
        return None

    def test_what_is_accepted(self):
        self.assertIsNone(self._code([part()]))
        self.assertIsNone(self._code([part("0.01"), part("99.99")], TODAY - timedelta(days=366)))

    def test_each_refusal(self):
        yen = Decimal(1)
        cases = [
            (report.NOTHING_SELECTED, [], TODAY),
            (report.MIXED_CURRENCIES, [part(), part(currency="USD")], TODAY),
            (report.ALREADY_REPORTED, [part(is_reported=True)], TODAY),
            (report.NOTHING_LEFT, [part(left=0)], TODAY),
            (report.BAD_AMOUNT, [part(0)], TODAY),
            (report.BAD_AMOUNT, [part(-1)], TODAY),
            (report.BAD_AMOUNT, [part("NaN")], TODAY),
            (report.BAD_AMOUNT, [part("Infinity")], TODAY),
            (report.BAD_AMOUNT, [part("10.001")], TODAY),
            (report.BAD_AMOUNT, [part("10.5", unit=yen)], TODAY),
            (report.TOO_MUCH, [part("100.01")], TODAY),
            (report.BAD_DATE, [part()], None),
            (report.BAD_DATE, [part()], TODAY - timedelta(days=367)),
            (report.FUTURE_DATE, [part()], TODAY + timedelta(days=1)),
            (report.REPORTED_BEFORE, [part(), part(not_found=1)], TODAY),
        ]
        for code, parts, day in cases:
            with self.subTest(code=code, parts=parts, day=day):
                self.assertEqual(self._code(parts, day), code)

    def test_all_that_is_left_may_have_more_decimals_than_the_currency(self):
        self.assertIsNone(self._code([part("10.005", "10.005")]))

    def test_staff_repeat_a_report_but_enter_no_nonsense(self):
        self.assertIsNone(self._code([part(not_found=3)], is_bound=False))
        self.assertEqual(self._code([part(0)], is_bound=False), report.BAD_AMOUNT)


class TestLastDay(TestCase):
    def test_weekends_and_holidays_do_not_count(self):
        friday = date(2026, 6, 12)
        self.assertEqual(last_day(friday, 1, WorkCalendar()), date(2026, 6, 15))
        holiday = WorkCalendar(holidays=frozenset({date(2026, 6, 15)}))
        self.assertEqual(last_day(friday, 1, holiday), date(2026, 6, 16))

    def test_a_report_on_a_weekend(self):
        self.assertEqual(last_day(date(2026, 6, 13), 2, WorkCalendar()), date(2026, 6, 16))


class TestJudge(TestCase):
    def test_the_books_come_first(self):
        self.assertEqual(judge([dec(0)], TODAY, TODAY + timedelta(days=30)), report.SETTLED)

    def test_one_open_item_keeps_it_open(self):
        self.assertEqual(judge([dec(0), dec("0.01")], TODAY, TODAY), report.OPEN)

    def test_the_day_after_the_last(self):
        self.assertEqual(judge([dec(1)], TODAY, TODAY + timedelta(days=1)), report.NOT_FOUND)

    def test_a_report_without_items_is_settled(self):
        self.assertEqual(judge([], TODAY, TODAY), report.SETTLED)


class TestDecision(CoreCase):
    """What is reported is not reminded of; afterwards the next step follows."""

    def test_reminders_wait_until_the_day_after(self):
        until = self.day(6)
        item = self.item(12)
        held = replace(item, exclusions=(Exclusion("payment_reported", item.residual_currency, until),))
        self.assertContacted(self.decide(item), FRIENDLY)
        self.assertNotContacted(self.decide(held), "payment_reported")
        contacts = list(forecast(self.facts(held), self.rules, self.TODAY, self.day(10)))
        self.assertEqual(contacts[0].day, until)

    def test_the_rest_of_the_item_is_asked_for(self):
        decision = self.decide(self.item(12, excluded=[("payment_reported", 60)]))
        self.assertContacted(decision, FRIENDLY, {"EUR": 40})

    def test_an_item_that_is_promised_and_reported_counts_once(self):
        held = self.item(12, excluded=[("payment_reported", 100), ("promise_open", 100)])
        self.assertNotContacted(self.decide(held), "payment_reported")
