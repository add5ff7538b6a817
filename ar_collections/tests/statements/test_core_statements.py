"""When statements are sent, and to whom: pure rules."""

from datetime import date, timedelta

from odoo.addons.ar_collections.core.facts import Credit
from odoo.addons.ar_collections.core.statements.contents import (
    BALANCE,
    EITHER,
    MOVEMENTS,
    cap_credits,
    item_status,
    statement_code,
)
from odoo.addons.ar_collections.core.statements.schedule import MONTHLY, WEEKLY, StatementSchedule

from ..core_common import CoreCase, dec


class TestSchedule(CoreCase):
    def test_month_ends(self):
        schedule = StatementSchedule(MONTHLY, month_day=31)
        day, days = date(2027, 12, 31), []
        for _number in range(4):
            days.append(str(day))
            day = schedule.next_day(day)
        self.assertEqual(days, ["2027-12-31", "2028-01-31", "2028-02-29", "2028-03-31"])

    def test_each_day_has_one_scheduled_day_before_and_one_after_it(self):
        for schedule in (
            *(StatementSchedule(MONTHLY, month_day=number) for number in range(1, 32)),
            *(StatementSchedule(WEEKLY, weekday=number) for number in range(7)),
        ):
            day = date(2026, 1, 1)
            for _number in range(90):
                last, following = schedule.last_day(day), schedule.next_day(day)
                self.assertLessEqual(last, day)
                self.assertLess(day, following)
                self.assertEqual(schedule.previous_day(following), last, (schedule, day))
                day += timedelta(days=1)

    def test_a_missed_day_is_caught_up_once(self):
        schedule, done, prepared = StatementSchedule(WEEKLY, weekday=0), date(2026, 6, 1), []
        for day in (date(2026, 6, 5), date(2026, 6, 24), date(2026, 6, 25), date(2026, 6, 29)):
            if due := schedule.due_day(day, done):
                prepared.append(str(due))
                done = due
        self.assertEqual(prepared, ["2026-06-22", "2026-06-29"])


class TestContents(CoreCase):
    def code(self, *items, wanted=BALANCE, has_moved=False, **facts):
        return statement_code(self.facts(*items, **facts), self.TODAY, wanted, has_moved=has_moved)

    def test_who_gets_one(self):
        late, credit = self.item(3), Credit(9, "EUR", dec(5), dec(5))
        self.assertIsNone(self.code(late))
        self.assertIsNone(self.code(credits=(credit,)))
        self.assertEqual(self.code(late, wanted=MOVEMENTS), "nothing_due")
        self.assertIsNone(self.code(wanted=MOVEMENTS, has_moved=True))
        self.assertIsNone(self.code(late, wanted=EITHER))
        self.assertEqual(self.code(self.item(3, excluded=[("small_difference", 100)])), "nothing_due")

    def test_who_gets_none(self):
        self.assertEqual(self.code(self.item(3), excluded=True), "excluded")
        self.assertEqual(self.code(self.item(3), archived=True), "archived")
        self.assertIsNone(self.code(self.item(3), paused_until=self.day(5)))
        for code in ("placed", "insolvent"):
            self.assertEqual(self.code(self.item(3), self.item(1, item_id=2, excluded=[(code, 100)])), code)

    def test_of_a_payer_with_nothing_of_its_own(self):
        def code(**facts):
            return statement_code(self.facts(**facts), self.TODAY, BALANCE, has_moved=False, lists_others=True)

        self.assertIsNone(code())
        self.assertEqual((code(excluded=True), code(archived=True)), ("excluded", "archived"))

    def test_credits_pay_no_more_than_the_account_owes(self):
        credits = [
            Credit(1, "EUR", dec(30), dec(33)),
            Credit(2, "USD", dec(9), dec(9)),
            Credit(3, "EUR", dec(5), dec(5)),
        ]
        (capped,) = cap_credits(credits, {"EUR": dec(10)})
        self.assertEqual((capped.item_id, capped.amount_currency, capped.amount), (1, dec(10), dec(11)))
        self.assertEqual(cap_credits(credits, {"EUR": dec(50), "USD": dec(9)}), tuple(credits))

    def test_status_of_an_item(self):
        self.assertIsNone(item_status(self.item(3)))
        self.assertEqual(item_status(self.item(3, excluded=[("disputed", 40)])), "disputed")
        self.assertIsNone(item_status(self.item(3, excluded=[("before_cutoff", 100)])))
