"""Insolvency: which debts are claimed, from when until when they are held, and which dates cannot be."""

from datetime import date, timedelta
from unittest import TestCase

from odoo.addons.ar_collections.core.recovery.insolvency import (
    CLOSED,
    DEADLINE_EARLY,
    EXPIRED,
    FUTURE_OPENING,
    LAST_DAY_EARLY,
    LIFTED,
    LIQUIDATION,
    MORATORIUM,
    NO_LAST_DAY,
    NO_REASON,
    OPEN,
    REORGANIZATION,
    WRONG_OUTCOME,
    InsolvencyRefused,
    Proceedings,
    arose_on,
    charge_arose_on,
    check_end,
    check_start,
    follow_debts,
    get_task_days,
)

OPENED = date(2026, 5, 10)

TODAY = date(2026, 6, 1)


def day(offset):
    """Return the opening plus that number of days."""
    return OPENED + timedelta(days=offset)


class TestProceedings(TestCase):
    def test_from_the_opening_until_they_end(self):
        table = {OPEN: [False, True, True], CLOSED: [False, True, True], LIFTED: [False] * 3, EXPIRED: [False] * 3}
        for state, held in table.items():
            with self.subTest(state=state):
                found = Proceedings(LIQUIDATION, state, OPENED)
                self.assertEqual([found.holds(day(days)) for days in (-1, 0, 1000)], held)

    def test_a_moratorium_holds_up_to_its_last_day(self):
        space = Proceedings(MORATORIUM, OPEN, OPENED, until=day(60))
        self.assertEqual([space.holds(day(days)) for days in (-1, 0, 60, 61)], [False, True, True, False])

    def test_from_when_the_debts_are_asked_for_again(self):
        until, ended = day(60), day(30)
        table = [
            (Proceedings(LIQUIDATION, OPEN, OPENED), None),
            (Proceedings(LIQUIDATION, CLOSED, OPENED, ended_on=ended), None),
            (Proceedings(REORGANIZATION, LIFTED, OPENED, ended_on=ended), ended),
            (Proceedings(MORATORIUM, LIFTED, OPENED, until, ended), ended),
            (Proceedings(MORATORIUM, OPEN, OPENED, until), day(61)),
            (Proceedings(MORATORIUM, EXPIRED, OPENED, until, day(61)), day(61)),
        ]
        for proceedings, resumed in table:
            with self.subTest(proceedings=proceedings):
                self.assertEqual(proceedings.resumed_on, resumed)

    def test_interest_ends_with_the_opening_unless_it_was_lifted(self):
        for state, last in ((OPEN, OPENED), (CLOSED, OPENED), (EXPIRED, OPENED), (LIFTED, None)):
            with self.subTest(state=state):
                self.assertEqual(Proceedings(MORATORIUM, state, OPENED).charged_until, last)


class TestArose(TestCase):
    def test_the_supply_counts_where_it_was_earlier(self):
        table = [
            ((day(10), None, None), day(10)),
            ((day(10), day(9), None), day(9)),
            ((day(9), day(10), None), day(10)),  # invoiced, then booked back
            ((day(10), day(9), day(-1)), day(-1)),
            ((day(10), day(9), day(20)), day(9)),
            ((day(10), None, day(-1)), day(-1)),
        ]
        for days, expected in table:
            with self.subTest(days=days):
                self.assertEqual(arose_on(*days), expected)

    def test_charges_share_the_fate_of_the_latest_debt(self):
        table = [
            ([], 20),
            ([(None, None)], 20),
            ([(day(-5), None)], -5),
            ([(day(-5), None), (day(5), None)], 5),
            ([(day(-5), None), (None, None)], -5),
            ([(day(5), day(-5))], -5),  # a cost from before the debt
            ([(day(-5), day(5))], -5),  # a later cost of an old debt
            ([(None, day(5))], 5),
            ([(day(30), None)], 20),  # never later than the invoice itself
        ]
        for about, expected in table:
            with self.subTest(about=about):
                self.assertEqual(charge_arose_on(day(20), about), day(expected))

    def test_charges_of_charges(self):
        days = {1: day(-30), 2: day(10), 3: day(20), 4: day(25)}
        about = {2: [(1, None)], 3: [(2, None)], 4: [(3, None), (99, None)]}
        self.assertEqual([follow_debts(key, days, about) for key in (1, 2, 3, 4)], [day(-30)] * 4)
        circle = {2: [(3, None)], 3: [(2, None)]}
        self.assertEqual([follow_debts(key, days, circle) for key in (2, 3)], [day(10)] * 2)
        self.assertEqual(follow_debts(4, days, {4: [(99, None)]}), day(25))  # what it is about is not known


class TestChecks(TestCase):
    def refusal(self, check, *values):
        try:
            check(*values)
        except InsolvencyRefused as refused:
            return refused.code
        return None

    def test_dates_that_cannot_be(self):
        table = [
            ((LIQUIDATION, TODAY, None, None), None),
            ((LIQUIDATION, TODAY + timedelta(days=1), None, None), FUTURE_OPENING),
            ((MORATORIUM, OPENED, None, None), NO_LAST_DAY),
            ((MORATORIUM, OPENED, OPENED, OPENED), None),
            ((MORATORIUM, OPENED, day(-1), None), LAST_DAY_EARLY),
            ((REORGANIZATION, OPENED, None, None), None),
            ((REORGANIZATION, OPENED, None, day(-1)), DEADLINE_EARLY),
        ]
        for values, code in table:
            with self.subTest(values=values):
                self.assertEqual(self.refusal(check_start, *values, TODAY), code)

    def test_an_end_has_a_reason_and_comes_once(self):
        for outcome in (CLOSED, LIFTED, EXPIRED):
            with self.subTest(outcome=outcome):
                self.assertIsNone(self.refusal(check_end, OPEN, outcome, "Court order"))
                self.assertEqual(self.refusal(check_end, OPEN, outcome, " "), NO_REASON)
                self.assertEqual(self.refusal(check_end, outcome, CLOSED, "Court order"), WRONG_OUTCOME)
        self.assertEqual(self.refusal(check_end, OPEN, OPEN, "Court order"), WRONG_OUTCOME)

    def test_tasks_before_the_deadline_and_on_it(self):
        for left, tasks in ((8, [-7, 0]), (7, [0]), (6, [0]), (0, [0]), (-3, [0])):
            with self.subTest(left=left):
                deadline = TODAY + timedelta(days=left)
                self.assertEqual(get_task_days(deadline, TODAY), tuple(deadline + timedelta(days=n) for n in tasks))
