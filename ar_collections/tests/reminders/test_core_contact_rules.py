"""When a customer may be contacted: caps, gaps, working days. The examples of the contact rules."""

from datetime import date

from odoo.addons.ar_collections.core.communications.contact_rules import exceeds_caps
from odoo.addons.ar_collections.core.facts import Rules
from odoo.addons.ar_collections.core.workdays import EVERY_DAY, LONGEST_CLOSURE_DAYS, WorkCalendar

from ..core_common import CALL, FIRM, FORMAL, FRIENDLY, CoreCase


class TestCaps(CoreCase):
    def capped(self, *days_ago, **rules):
        return exceeds_caps([self.day(-ago) for ago in days_ago], Rules(**rules), self.TODAY)

    def test_the_defaults_are_one_a_day_two_in_seven_days_six_in_thirty(self):
        for days_ago, expected in [
            ((), False),
            ((0,), True),
            ((1,), False),
            ((1, 6), True),
            ((1, 7), False),
            ((6, 6), True),
            ((8, 12, 16, 20, 24, 29), True),
            ((8, 12, 16, 20, 24, 30), False),
            ((8, 12, 16, 20, 24), False),
        ]:
            with self.subTest(days_ago=days_ago):
                self.assertIs(self.capped(*days_ago), expected)

    def test_zero_switches_a_limit_off(self):
        off = {"contacts_per_day": 0, "contacts_per_7_days": 0, "contacts_per_30_days": 0}
        self.assertFalse(self.capped(0, 0, 1, 1, 2, 2, 3, 3, **off))

    def test_a_gap_counts_days_between_contacts(self):
        for gap, days_ago, expected in [(2, 1, True), (2, 2, False), (1, 0, True), (0, 1, False), (9, 8, True)]:
            with self.subTest(gap=gap, days_ago=days_ago):
                self.assertIs(self.capped(days_ago, minimum_gap_days=gap), expected)

    def test_the_last_contact_alone_counts_for_the_gap(self):
        self.assertTrue(exceeds_caps([self.day(-20), self.day(-1)], Rules(minimum_gap_days=2), self.TODAY))

    def test_contacts_that_lie_ahead_do_not_count(self):
        self.assertFalse(self.capped(-1, -2, minimum_gap_days=5))

    def test_all_channels_count_together(self):
        # a call was made today: no e-mail on the same day
        self.assertNotContacted(self.decide(self.item(5), contacts=(self.TODAY,)), "too_soon")

    def test_never_two_automatic_messages_on_one_day_whatever_the_policy_allows(self):
        rules = self.with_rules(contacts_per_day=3)
        self.assertNotContacted(self.decide(self.item(5), rules=rules, automatic_today=True), "too_soon")
        self.assertContacted(self.decide(self.item(5), rules=rules), FRIENDLY)

    def test_a_contact_deferred_comes_on_the_next_day_that_allows_it(self):
        contacts = (self.day(-5), self.day(-1))
        codes = [self.decide(self.item(5), today=self.day(offset), contacts=contacts).code for offset in range(3)]
        self.assertEqual(codes, ["too_soon", "too_soon", "step_reached"])


class TestWorkCalendar(CoreCase):
    def test_so_many_working_days_later(self):
        easter = WorkCalendar(holidays=frozenset({date(2026, 4, 3), date(2026, 4, 6)}))
        thursday = date(2026, 4, 2)
        table = [(0, thursday), (1, date(2026, 4, 7)), (2, date(2026, 4, 8)), (5, date(2026, 4, 13))]
        for number, expected in table:
            with self.subTest(number=number):
                self.assertEqual(easter.add_workdays(thursday, number), expected)

    def test_a_calendar_without_working_days_counts_every_day(self):
        self.assertEqual(WorkCalendar(weekdays=frozenset()).add_workdays(self.TODAY, 6), self.day(6))

    def test_weekends_and_holidays_are_skipped(self):
        easter = WorkCalendar(holidays=frozenset({date(2026, 4, 3), date(2026, 4, 6)}))
        for day, expected in [
            (date(2026, 4, 2), date(2026, 4, 2)),
            (date(2026, 4, 3), date(2026, 4, 7)),
            (date(2026, 4, 4), date(2026, 4, 7)),
            (date(2026, 4, 6), date(2026, 4, 7)),
        ]:
            with self.subTest(day=day):
                self.assertEqual(easter.next_workday(day), expected)

    def test_other_weekends(self):
        gulf = WorkCalendar(weekdays=frozenset({6, 0, 1, 2, 3}))
        self.assertEqual(gulf.next_workday(date(2026, 6, 12)), date(2026, 6, 14))

    def test_every_day(self):
        self.assertTrue(all(EVERY_DAY.is_workday(self.day(offset)) for offset in range(7)))

    def test_a_long_closure_ends(self):
        closed = frozenset(self.day(offset) for offset in range(LONGEST_CLOSURE_DAYS - 1))
        reopened = WorkCalendar(frozenset(range(7)), closed).next_workday(self.TODAY)
        self.assertEqual(reopened, self.day(LONGEST_CLOSURE_DAYS - 1))

    def test_a_calendar_without_working_days_shifts_nothing(self):
        self.assertEqual(WorkCalendar(frozenset()).next_workday(self.TODAY), self.TODAY)


class TestShift(CoreCase):
    def sent_on(self, late, step, rules=None, sent_steps=()):
        """Return the day on which the step is sent about an item that is that many days late today."""
        for offset in range(40):
            decision = self.decide(self.item(late, sent_steps=sent_steps), today=self.day(offset), rules=rules)
            if decision.has_message:
                self.assertEqual(decision.step, step)
                return self.day(offset)
        return None

    def test_a_weekend_shifts_a_reminder_to_monday(self):
        self.assertEqual(self.sent_on(0, FRIENDLY, sent_steps=[(self.rules.steps[0], 5)]), date(2026, 6, 15))

    def test_a_holiday_shifts_it_to_the_day_after(self):
        rules = self.with_rules(calendar=WorkCalendar(holidays=frozenset({date(2026, 6, 15), date(2026, 6, 16)})))
        sent_steps = [(self.rules.steps[0], 5)]
        self.assertEqual(self.sent_on(0, FRIENDLY, rules, sent_steps), date(2026, 6, 17))

    def test_a_step_that_falls_on_the_closing_days_is_not_dropped(self):
        rules = self.with_rules(calendar=WorkCalendar(holidays=frozenset(self.day(offset) for offset in range(16))))
        # firm on the 15th, the call on the 25th, both in the closure: the call is made when it ends, firm is skipped
        self.assertEqual(self.sent_on(5, CALL, rules, [(FRIENDLY, 2)]), date(2026, 6, 26))

    def test_on_every_day_nothing_is_shifted(self):
        rules = self.with_rules(calendar=EVERY_DAY)
        self.assertEqual(self.sent_on(0, FRIENDLY, rules, [(self.rules.steps[0], 5)]), date(2026, 6, 13))

    def test_the_cap_of_seven_days_shifts_the_third_contact(self):
        sent = []
        items = [self.item(-offset, item_id=offset, sent_steps=[(self.rules.steps[0], 5)]) for offset in (0, 1, 5)]
        contacts = ()
        sent_steps = {item.item_id: [(self.rules.steps[0], 5)] for item in items}
        for offset in range(14):
            today = self.day(offset)
            now = [
                self.item(-late, item_id=late, sent_steps=[(step, ago) for step, ago in sent_steps[late]])
                for late in sent_steps
            ]
            decision = self.decide(*now, today=today, contacts=contacts)
            if decision.has_message:
                sent.append((offset, decision.step.days))
                contacts += (today,)
                for number, days in self.listed(decision).items():
                    if days is not None:
                        step = next(step for step in self.rules.steps if step.days == days)
                        sent_steps[number].append((step, -offset))
        # Monday 15: +3 for two items; Thursday 18: +3 for the last; Monday 22: +10 deferred until a week is over
        self.assertEqual(sent[:2], [(5, 3), (8, 3)])
        self.assertEqual(sent[2], (12, 10))
        self.assertIn(FIRM.days, [days for _offset, days in sent])
        self.assertNotIn(FORMAL.days, [days for _offset, days in sent])
