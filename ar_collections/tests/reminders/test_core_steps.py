"""How one item follows the schedule: which step it reaches on which day."""

from dataclasses import replace

from odoo.addons.ar_collections.core.facts import INSTALLMENT, Rules, Step
from odoo.addons.ar_collections.core.reminders.steps import last_sent_step, next_change_day, next_step, reached_step

from ..core_common import CALL, FIRM, FORMAL, FRIENDLY, NOTICE, STEPS, CoreCase


class TestReachedStep(CoreCase):
    def reached(self, late, *sent_steps, rules=None, resumed_ago=None):
        """Return the days of the step that an item reaches that is that many days late today."""
        resumed = None if resumed_ago is None else self.day(-resumed_ago)
        step = reached_step(self.item(late, sent_steps=sent_steps), rules or self.rules, self.TODAY, resumed)
        return step and step.days

    def test_steps_come_in_their_time(self):
        no_entry = self.with_rules(entry_step_id=FORMAL.step_id)
        for late, days in [
            (-6, None), (-5, -5), (-1, -5), (0, -5),
            (1, None), (2, None), (3, 3), (9, 3), (10, 10), (19, 10), (20, 20), (29, 20), (30, 30), (365, 30),
        ]:  # fmt: skip
            with self.subTest(late=late):
                self.assertEqual(self.reached(late, rules=no_entry), days)

    def test_an_item_seen_late_for_the_first_time_enters_at_the_entry_step(self):
        for late in (3, 10, 30, 60, 400):
            with self.subTest(late=late):
                self.assertEqual(self.reached(late), 3)

    def test_a_notice_before_the_due_date_is_no_entry(self):
        self.assertEqual(self.reached(60, (NOTICE, 64)), 3)

    def test_an_item_on_schedule_takes_the_highest_step_and_never_one_below(self):
        for late, sent_steps, days in [
            (10, [(FRIENDLY, 7)], 10),
            (30, [(FRIENDLY, 27)], 30),  # firm and call were missed while nothing ran: not sent later
            (31, [(FRIENDLY, 28), (FORMAL, 1)], None),
            (31, [(FORMAL, 1)], None),
            (12, [(FIRM, 2)], None),
            (12, [(FIRM, 2), (FRIENDLY, 9)], None),  # in any order
        ]:
            with self.subTest(late=late, sent_steps=sent_steps):
                self.assertEqual(self.reached(late, *sent_steps), days)

    def test_a_step_is_never_sent_twice(self):
        for step in STEPS.values():
            with self.subTest(step=step.days):
                self.assertIsNone(self.reached(step.days, (step, 0)))

    def test_a_notice_is_not_repeated_and_stays_excluded_after_the_due_date(self):
        self.assertIsNone(self.reached(-2, (NOTICE, 3)))
        self.assertIsNone(self.reached(1, (NOTICE, 6)))

    def test_after_a_late_entry_the_item_progresses_at_the_pace_of_the_schedule(self):
        # entered 60 days late; firm follows 7 days after friendly, as from +3 to +10, and so on
        for ago, days in [(0, None), (6, None), (7, 10), (16, 10), (17, 20), (27, 30)]:
            with self.subTest(ago=ago):
                self.assertEqual(self.reached(60 + ago, (FRIENDLY, ago)), days)

    def test_entered_on_the_very_day_of_the_step_above_it_waits_for_it_all_the_same(self):
        for ago, days in [(1, None), (6, None), (7, 10)]:
            with self.subTest(ago=ago):
                self.assertEqual(self.reached(10 + ago, (FRIENDLY, ago)), days)

    def test_a_step_on_the_due_date_is_no_entry(self):
        rules = self.with_rules(steps=(Step(80, 0), *self.rules.steps[1:]))
        self.assertEqual(self.reached(60, (Step(80, 0), 60), rules=rules), 3)

    def test_one_day_late_to_a_step_does_not_start_a_new_clock(self):
        # friendly went out on Monday, two days after its day: firm keeps its own date
        self.assertEqual(self.reached(10, (FRIENDLY, 5)), 10)

    def test_back_from_a_pause_the_very_next_step_is_sent(self):
        self.assertEqual(self.reached(60, (FRIENDLY, 57), resumed_ago=0), 10)
        self.assertEqual(self.reached(60, (FIRM, 50), resumed_ago=0), 20)

    def test_back_from_a_pause_an_item_never_reminded_enters_at_the_entry_step(self):
        self.assertEqual(self.reached(60, resumed_ago=0), 3)

    def test_a_pause_before_the_last_reminder_changes_nothing(self):
        self.assertEqual(self.reached(30, (FRIENDLY, 27), resumed_ago=28), 30)

    def test_what_was_sent_on_the_day_the_pause_ended_came_after_it(self):
        self.assertEqual(self.reached(30, (FRIENDLY, 27), resumed_ago=27), 30)

    def test_after_the_first_step_back_the_pace_is_the_schedules(self):
        # paused until a week ago, firm sent then at 60 days late: the call follows ten days after it
        self.assertIsNone(self.reached(67, (FRIENDLY, 64), (FIRM, 7), resumed_ago=7))
        self.assertEqual(self.reached(70, (FRIENDLY, 67), (FIRM, 10), resumed_ago=10), 20)

    def returned(self, late, *sent_steps, ago, gap=0):
        """Return the days of the step of such an item, of which a payment came back that many days ago."""
        item = replace(self.item(late, sent_steps=sent_steps), returned_on=self.day(-ago))
        step = reached_step(item, self.with_rules(minimum_gap_days=gap), self.TODAY)
        return step and step.days

    def test_after_a_payment_came_back_the_very_next_step_follows_after_its_interval(self):
        for ago, days in [(0, None), (6, None), (7, 10), (60, 10)]:
            with self.subTest(ago=ago):
                self.assertEqual(self.returned(90, (FRIENDLY, 87), ago=ago), days)
        self.assertIsNone(self.returned(90, (FORMAL, 60), ago=40))

    def test_a_step_after_the_return_goes_on_at_the_pace_of_the_schedule(self):
        self.assertIsNone(self.returned(90, (FRIENDLY, 87), (FIRM, 9), ago=16))
        self.assertEqual(self.returned(90, (FRIENDLY, 87), (FIRM, 10), ago=17), 20)

    def test_never_reminded_it_enters_at_the_entry_step_after_the_gap(self):
        self.assertEqual(self.returned(90, ago=0), 3)
        self.assertEqual([self.returned(90, ago=ago, gap=2) for ago in (0, 1, 2)], [None, None, 3])

    def test_sent_twice_the_last_time_counts(self):
        # the due date was moved on and back: friendly went out yesterday, for the other date
        self.assertIsNone(self.reached(12, (FRIENDLY, 9), (FRIENDLY, 1)))

    def test_history_survives_a_change_of_schedule(self):
        # the sent step is not part of the schedule any more; its days still count
        other = Rules(steps=(Step(71, 7), Step(72, 14)), entry_step_id=71)
        self.assertIsNone(self.reached(10, (FIRM, 0), rules=other))
        self.assertEqual(self.reached(14, (FIRM, 4), rules=other), 14)

    def test_a_step_on_the_due_date_reaches_the_next_working_day(self):
        # due on a weekend the step comes after the due date; it is shifted, not dropped
        rules = Rules(steps=(Step(80, 0), Step(81, 7)))
        self.assertEqual([self.reached(late, rules=rules) for late in (-1, 0, 1, 2, 7)], [None, 0, 0, 0, 7])
        self.assertIsNone(self.reached(2, (Step(80, 0), 2), rules=rules))

    def test_a_schedule_without_steps_sends_nothing(self):
        self.assertIsNone(self.reached(60, rules=Rules()))

    def test_without_a_usable_entry_step_it_is_the_first_after_the_due_date(self):
        for entry, days in [(None, 3), (999, 3), (NOTICE.step_id, 3), (FIRM.step_id, 10), (FORMAL.step_id, 30)]:
            with self.subTest(entry=entry):
                self.assertEqual(self.reached(60, rules=self.with_rules(entry_step_id=entry)), days)
        archived = tuple(step for step in self.rules.steps if step != FRIENDLY)
        self.assertEqual(self.reached(60, rules=self.with_rules(steps=archived)), 10)

    def test_installments_enter_at_the_first_step_of_their_own_schedule(self):
        rules = self.with_rules(installment_steps=(Step(91, 1), Step(92, 30)))
        item = replace(self.item(60), kind=INSTALLMENT)
        self.assertEqual(reached_step(item, rules, self.TODAY).step_id, 91)

    def test_the_most_severe_step_counts_as_the_last(self):
        item = self.item(40, sent_steps=[(FORMAL, 9), (FRIENDLY, 2)])
        self.assertEqual(last_sent_step(item).step_id, FORMAL.step_id)
        self.assertIsNone(last_sent_step(self.item(40)))


class TestNextStep(CoreCase):
    def next(self, late, *sent_steps, rules=None, resumed_ago=None):
        resumed = None if resumed_ago is None else self.day(-resumed_ago)
        found = next_step(self.item(late, sent_steps=sent_steps), rules or self.rules, self.TODAY, resumed)
        return found and ((found[0] - self.TODAY).days, found[1].days)

    def test_the_next_step_and_its_day(self):
        for late, sent_steps, expected in [
            (-10, [], (5, -5)),  # 15 June, a Monday
            (1, [], (2, 3)),
            (3, [], (0, 3)),
            (3, [(FRIENDLY, 0)], (7, 10)),
            (12, [(FIRM, 2)], (8, 20)),
            (60, [(FRIENDLY, 0)], (7, 10)),
            (60, [(FORMAL, 30)], None),
        ]:
            with self.subTest(late=late):
                self.assertEqual(self.next(late, *sent_steps), expected)

    def test_the_day_is_shifted_off_the_weekend(self):
        # one day late today: +3 is Friday; nothing late: +3 of 10 June is Saturday the 13th -> Monday
        self.assertEqual(self.next(0, (NOTICE, 5)), (5, 3))

    def test_what_is_due_today_counts_as_today(self):
        self.assertEqual(self.next(400), (0, 3))

    def test_days_of_change_hold_every_day_on_which_the_step_changes(self):
        for sent_steps in ([], [(FRIENDLY, 0)], [(FIRM, 3)], [(NOTICE, 50)]):
            item = self.item(45, sent_steps=sent_steps)
            for offset in range(1, 60):
                before = reached_step(item, self.rules, self.day(offset - 1))
                after = reached_step(item, self.rules, self.day(offset))
                if before != after:
                    change = next_change_day(item, self.rules, self.day(offset - 1))
                    self.assertEqual(change, self.day(offset), sent_steps)

    def test_a_call_is_a_step_like_any_other(self):
        self.assertEqual(self.next(19, (FIRM, 9)), (1, CALL.days))
