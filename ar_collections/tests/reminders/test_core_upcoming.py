"""What comes next if nothing is paid is what the run would do, day after day."""

from dataclasses import replace
from random import Random
from unittest.mock import patch

from odoo.addons.ar_collections.core.facts import Exclusion, Rules, Step
from odoo.addons.ar_collections.core.reminders.decide import decide
from odoo.addons.ar_collections.core.reminders.early import decide_early, early_day
from odoo.addons.ar_collections.core.reminders.upcoming import HORIZON_DAYS, after, forecast, next_contact
from odoo.addons.ar_collections.core.workdays import EVERY_DAY, WorkCalendar

from ..core_common import CALL, FIRM, FORMAL, FRIENDLY, NOTICE, STEPS, CoreCase, dec


class TestEarly(CoreCase):
    """A step before its day: nothing that is not late yet is reminded of."""

    def early(self, *items, rules=None, **values):
        """Return the days until the step that may be sent early, and {item id: days of its step} of the message."""
        facts = self.facts(*items, **values)
        rules = rules or self.rules
        day = early_day(facts, rules, self.TODAY)
        if day is None:
            return None, {}
        decision = decide_early(facts, rules, decide(facts, rules, self.TODAY), self.TODAY, day)
        return (day - self.TODAY).days, self.listed(decision) if decision.has_message else {}

    def test_an_invoice_that_is_not_due_gets_no_reminder(self):
        self.assertEqual(self.early(self.item(-60), rules=self.with_rules(steps=(FRIENDLY, FIRM, FORMAL))), (None, {}))
        self.assertEqual(self.early(self.item(-2, sent_steps=[(NOTICE, 3)])), (None, {}))
        self.assertEqual(self.early(self.item(0)), (None, {}))

    def test_a_notice_may_be_sent_before_its_day(self):
        self.assertEqual(self.early(self.item(-20)), (15, {1: -5}))

    def test_only_what_is_late_today_is_listed(self):
        self.assertEqual(self.early(self.item(1), self.item(-1, item_id=2)), (2, {1: 3}))
        self.assertEqual(self.early(self.item(5, sent_steps=[(FRIENDLY, 2)]), self.item(-5, item_id=2)), (5, {1: 10}))

    def test_the_same_for_installments_of_plans(self):
        rules = self.with_rules(installment_steps=(NOTICE, FRIENDLY, FIRM))
        due = replace(self.item(-2, sent_steps=[(NOTICE, 3)]), kind="installment")
        self.assertEqual(self.early(rules=rules, installments=(due,)), (None, {}))
        late = replace(self.item(1, item_id=2), kind="installment")
        self.assertEqual(self.early(rules=rules, installments=(due, late)), (2, {2: 3}))

    def test_a_day_that_the_client_made_up_lists_nothing_that_is_not_late(self):
        facts = self.facts(self.item(-1), self.item(5, item_id=2))
        decision = decide_early(facts, self.rules, decide(facts, self.rules, self.TODAY), self.TODAY, self.day(90))
        self.assertEqual(list(self.listed(decision)), [2])


class TestForecast(CoreCase):
    def ahead(self, facts, rules=None, days=60):
        """Return [(days from today, days of the step)] of the upcoming contacts."""
        found = forecast(facts, rules or self.rules, self.TODAY, self.day(days))
        return [((planned.day - self.TODAY).days, planned.decision.step.days) for planned in found]

    def test_a_whole_schedule(self):
        # due on 20 June, a Saturday: notice on Monday 15, then 23 June, 30 June, 10 July, 20 July
        facts = self.facts(self.item(-10))
        self.assertEqual(self.ahead(facts), [(5, -5), (13, 3), (20, 10), (30, 20), (40, 30)])

    def test_it_ends_on_the_day_given(self):
        facts = self.facts(self.item(-10))
        self.assertEqual(self.ahead(facts, days=13), [(5, -5), (13, 3)])
        self.assertEqual(self.ahead(facts, days=12), [(5, -5)])

    def test_what_goes_out_today_is_not_part_of_it(self):
        facts = self.facts(self.item(3))
        self.assertEqual(self.ahead(facts)[0], (1, 3))  # as if it had not gone out today
        decision = decide(facts, self.rules, self.TODAY)
        planned = next_contact(facts, self.rules, decision, self.TODAY)
        self.assertEqual((planned.day, planned.decision.step), (self.day(7), FIRM))

    def test_a_pause_shifts_it_and_the_schedule_resumes_at_a_mild_step(self):
        until = self.day(20)  # 30 June
        facts = self.facts(self.item(10, sent_steps=[(FRIENDLY, 7)]), paused_until=until, resumed_on=until)
        self.assertEqual(self.ahead(facts), [(20, 10), (30, 20), (40, 30)])

    def test_a_contact_deferred_is_forecast_on_the_next_day_that_allows_it(self):
        facts = self.facts(self.item(3), contacts=(self.TODAY, self.day(-1)))
        self.assertEqual(self.ahead(facts)[0], (6, 3))

    def test_what_was_sent_today_is_forgotten_tomorrow(self):
        facts = self.facts(self.item(3, sent_steps=[(FRIENDLY, 0)]), contacts=(self.TODAY,), automatic_today=True)
        self.assertEqual(self.ahead(facts)[0], (7, 10))
        late_comer = self.facts(self.item(3), contacts=(self.TODAY,), automatic_today=True)
        self.assertEqual(self.ahead(late_comer)[0], (1, 3))

    def test_nobody_is_contacted_who_owes_nothing_or_is_excluded(self):
        for facts in (
            self.facts(),
            self.facts(self.item(3), excluded=True),
            self.facts(self.item(3), credits=(self.credit(100),)),
            self.facts(self.item(60, sent_steps=[(FORMAL, 30)])),
            self.facts(self.item(3), channels=frozenset()),
        ):
            with self.subTest(facts=facts):
                self.assertEqual(self.ahead(facts), [])
                decision = decide(facts, self.rules, self.TODAY)
                self.assertIsNone(next_contact(facts, self.rules, decision, self.TODAY))

    def test_a_level_that_lists_only_older_items_is_forecast_when_they_are_old_enough(self):
        rules = Rules(steps=(Step(1, 3, minimum_days_overdue=15),), calendar=EVERY_DAY)
        self.assertEqual(self.ahead(self.facts(self.item(5)), rules), [(10, 3)])

    def test_an_exclusion_that_ends_is_over_on_its_day(self):
        excluded = Exclusion("payment_pending", dec(100), until=self.day(5))
        facts = self.facts(replace(self.item(4), exclusions=(excluded,)))
        planned = next(forecast(facts, self.rules, self.TODAY, self.day(30)))
        self.assertEqual((planned.day, planned.decision.step.step_id), (self.day(5), FRIENDLY.step_id))

    def test_a_payment_that_came_back_is_part_of_it(self):
        back = replace(self.item(90, sent_steps=[(FRIENDLY, 87)]), returned_on=self.day(-2))
        self.assertEqual(self.ahead(self.facts(back)), [(5, 10), (15, 20), (26, 30)])

    def test_a_step_far_ahead_is_found_and_costs_no_more(self):
        rules = Rules(steps=(Step(1, 3), Step(2, 1500)), calendar=EVERY_DAY)
        facts = self.facts(self.item(4, sent_steps=[(Step(1, 3), 1)]))
        with patch(f"{forecast.__module__}.decide", side_effect=decide) as decisions:
            planned = next_contact(facts, rules, decide(facts, rules, self.TODAY), self.TODAY)
        self.assertEqual(planned.day, self.day(1496))
        self.assertLess(decisions.call_count, 10)

    def test_a_calendar_without_working_days_shifts_nothing(self):
        rules = self.with_rules(calendar=WorkCalendar(weekdays=frozenset()))
        facts = self.facts(self.item(4))
        planned = next_contact(facts, rules, decide(facts, rules, self.TODAY), self.TODAY)
        self.assertEqual(planned.day, self.day(6))

    def test_an_exclusion_without_an_end_stays(self):
        facts = self.facts(self.item(4, excluded=[("excluded", 100)]))
        self.assertEqual(list(forecast(facts, self.rules, self.TODAY, self.day(60))), [])

    def test_a_review_counts_as_a_contact(self):
        rules = self.with_rules(review_above=dec(1))
        self.assertEqual(self.ahead(self.facts(self.item(-10)), rules)[:2], [(5, -5), (13, 3)])

    def test_an_excluded_decision_changes_nothing(self):
        facts = self.facts(self.item(1))
        self.assertIs(after(facts, self.rules, decide(facts, self.rules, self.TODAY), self.TODAY), facts)


class TestAnyCustomer(CoreCase):
    """Random customers: what must hold for each of them, whatever they owe."""

    SEEDS = range(80)

    def customer(self, seed):
        random = Random(seed)
        credits = tuple(
            self.credit(random.choice((20, 150, 600)), 90 + number, random.choice(("EUR", "USD")))
            for number in range(random.choice((0, 0, 1, 2)))
        )
        items = []
        for number in range(random.randint(1, 4)):
            late = random.randint(-20, 70)
            reached = sorted((s for s in STEPS.values() if s.days <= late), key=lambda s: s.days)
            reached = reached[: random.randint(0, len(reached))] if random.random() < 0.6 else []
            sent = [(step, random.randint(0, late - step.days)) for step in reached]
            excluded = [("disputed", random.choice((30, 100)))] if random.random() < 0.2 else []
            currency = random.choice(("EUR", "EUR", "USD"))
            items.append(
                self.item(late, random.choice((5, 100, 400)), number, currency, sent_steps=sent, excluded=excluded)
            )
        pause = self.day(random.randint(-20, 15)) if random.random() < 0.3 else None
        contacts = tuple({day for item in items for day in (sent.day for sent in item.sent_steps)})
        facts = self.facts(*items, credits=credits, contacts=contacts, paused_until=pause, resumed_on=pause)
        steps = list(STEPS.values())
        if random.random() < 0.3:
            steps = [Step(6, 0), *steps[1:3], Step(7, 33, "letter", minimum_days_overdue=random.choice((10, 40)))]
        rules = self.with_rules(
            steps=tuple(sorted(steps, key=lambda step: step.days)),
            minimum_balance=dec(random.choice((0, 0, 50))),
            minimum_share=dec(random.choice((0, 0, 25))),
            minimum_gap_days=random.choice((0, 2, 5)),
            review_above=dec(300) if random.random() < 0.3 else None,
            calendar=random.choice((EVERY_DAY, WorkCalendar(holidays=frozenset({self.day(5), self.day(6)})))),
        )
        return facts, rules

    def test_the_forecast_is_what_walking_day_by_day_finds(self):
        for seed in self.SEEDS:
            facts, rules = self.customer(seed)
            ahead = list(forecast(facts, rules, self.TODAY, self.day(90)))
            walked = []
            for offset in range(1, 91):
                decision = decide(facts, rules, self.day(offset))
                if decision.has_message:
                    walked.append((self.day(offset), decision))
                    facts = after(facts, rules, decision, self.day(offset))
            self.assertEqual([(planned.day, planned.decision) for planned in ahead], walked, f"seed {seed}")

    def test_no_step_is_sent_twice_about_an_item_and_none_below_one_sent(self):
        for seed in self.SEEDS:
            facts, rules = self.customer(seed)
            heights = {item.item_id: max((s.days for s in item.sent_steps), default=-999) for item in facts.items}
            days = {step.step_id: step.days for step in rules.steps}
            for planned in forecast(facts, rules, self.TODAY, self.day(HORIZON_DAYS)):
                for entry in planned.decision.items:
                    if entry.step_id is not None:
                        self.assertGreater(days[entry.step_id], heights[entry.item.item_id], f"seed {seed}")
                        heights[entry.item.item_id] = days[entry.step_id]

    def test_every_message_asks_for_money_uses_up_a_step_and_keeps_the_contact_rules(self):
        for seed in self.SEEDS:
            facts, rules = self.customer(seed)
            contacts = list(facts.contacts)
            for planned in forecast(facts, rules, self.TODAY, self.day(HORIZON_DAYS)):
                decision = planned.decision
                self.assertTrue(
                    decision.amounts_due and all(amount > 0 for _currency, amount in decision.amounts_due), f"{seed}"
                )
                used = {entry.step_id for entry in decision.items} - {None}
                self.assertIn(decision.step.step_id, used, f"seed {seed}")
                self.assertTrue(rules.calendar.is_workday(planned.day), f"seed {seed}")
                for cap, days in ((1, 1), (2, 7), (6, 30)):
                    near = [day for day in contacts if 0 <= (planned.day - day).days < days]
                    self.assertLess(len(near), cap, f"seed {seed}")
                contacts.append(planned.day)

    def test_the_same_facts_give_the_same_decision(self):
        for seed in self.SEEDS:
            facts, rules = self.customer(seed)
            self.assertEqual(decide(facts, rules, self.TODAY), decide(facts, rules, self.TODAY))

    def test_nobody_is_called_before_a_friendly_reminder(self):
        for late in range(1, 120):
            facts = self.facts(self.item(late))
            steps = [planned.decision.step for planned in forecast(facts, self.rules, self.TODAY, self.day(90))]
            self.assertEqual(steps[:1], [FRIENDLY], late)
            self.assertEqual(steps, [step for step in (FRIENDLY, FIRM, CALL, FORMAL)][: len(steps)])

    def test_a_notice_alone_never_turns_into_a_reminder_of_the_same_day(self):
        facts = self.facts(self.item(-5))
        self.assertEqual(decide(facts, self.rules, self.TODAY).step, NOTICE)
