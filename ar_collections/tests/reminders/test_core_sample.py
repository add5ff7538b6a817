"""What one step would say, for a preview: the decision with this step alone."""

from dataclasses import replace
from datetime import timedelta

from odoo.addons.ar_collections.core.facts import Step
from odoo.addons.ar_collections.core.reminders.sample import first_day, is_nothing_reached, sample
from odoo.addons.ar_collections.core.reminders.timeline import timeline

from ..core_common import FIRM, FORMAL, FRIENDLY, NOTICE, CoreCase


class TestSample(CoreCase):
    def sample(self, step, *items, **facts):
        return sample(self.facts(*items, **facts), self.rules, step, self.TODAY)

    def test_what_was_sent_and_when_does_not_count(self):
        item = self.item(40, 400, sent_steps=[(FORMAL, 1)])
        facts = {"contacts": (self.TODAY,), "automatic_today": True, "channels": frozenset()}
        for step in (FRIENDLY, FIRM, FORMAL):
            with self.subTest(step=step):
                decision = self.sample(step, item, **facts)
                self.assertContacted(decision, step, {"EUR": 400})
                self.assertEqual([entry.step_id for entry in decision.items], [None])

    def test_a_step_that_no_item_reaches_yet(self):
        for step, item in ((FORMAL, self.item(10)), (NOTICE, self.item(-20))):
            with self.subTest(step=step):
                decision = self.sample(step, item)
                self.assertFalse(decision.has_message)
                self.assertTrue(is_nothing_reached(decision))

    def test_what_keeps_a_message_back_does_so_here(self):
        late = self.item(10, 100)
        paused = self.sample(FRIENDLY, late, paused_until=self.day(3))
        covered = self.sample(FRIENDLY, late, credits=(self.credit(100),))
        for decision, code in ((paused, "paused"), (covered, "covered_by_credit")):
            with self.subTest(code=code):
                self.assertNotContacted(decision, code)
                self.assertFalse(is_nothing_reached(decision))

    def test_late_items_come_before_what_is_due_later(self):
        self.assertTrue(is_nothing_reached(self.sample(NOTICE, self.item(-3, item_id=1), self.item(9, item_id=2))))
        self.assertContacted(self.sample(NOTICE, self.item(-3, 50)), NOTICE, {"EUR": 50})

    def test_installments_follow_their_own_schedule(self):
        notice = Step(77, -3)
        rules = self.with_rules(installment_steps=(notice,))
        installment = replace(self.item(-2, 30, item_id=2), kind="installment")
        facts = self.facts(self.item(-2, 100, item_id=1), installments=(installment,))
        listed = [entry.item.item_id for entry in sample(facts, rules, notice, self.TODAY).items]
        self.assertEqual(listed, [2])
        alone = sample(replace(facts, installments=()), rules, notice, self.TODAY)
        self.assertEqual([entry.item.item_id for entry in alone.items], [1])

    def test_the_first_day_on_which_a_step_is_reached(self):
        items = [self.item(1, item_id=1), self.item(-20, item_id=2)]
        self.assertEqual(first_day(items, FORMAL, self.TODAY), self.TODAY + timedelta(days=FORMAL.days - 1))
        self.assertEqual(first_day(items, NOTICE, self.TODAY), self.TODAY + timedelta(days=20 + NOTICE.days))
        self.assertIsNone(first_day([self.item(1)], NOTICE, self.TODAY))
        self.assertIsNone(first_day([self.item(1, excluded=[("disputed", 100)])], FORMAL, self.TODAY))


class TestTimeline(CoreCase):
    def test_the_due_date_is_among_the_steps(self):
        self.assertEqual(timeline([3, 10, -5]), [(2, 5), (None, 3), (0, 7), (1, 0)])
        self.assertEqual(timeline([3, 10]), [(None, 3), (0, 7), (1, 0)])
        self.assertEqual(timeline([-5, -1]), [(0, 4), (1, 1), (None, 0)])
        self.assertEqual(timeline([0]), [(0, 0)])
