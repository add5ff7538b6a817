"""Installments of payment plans follow a schedule of their own, in the customer's one message of the day."""

from dataclasses import replace

from odoo.addons.ar_collections.core import decision as codes
from odoo.addons.ar_collections.core.facts import INSTALLMENT, SentStep, Step
from odoo.addons.ar_collections.core.reminders.steps import next_step, reached_step
from odoo.addons.ar_collections.core.reminders.upcoming import after, forecast

from ..core_common import FIRM, FORMAL, FRIENDLY, STEPS, CoreCase, dec

AHEAD = Step(11, -3)

MISSED = Step(12, 2)

STEPS.update({step.step_id: step for step in (AHEAD, MISSED)})


class InstallmentCase(CoreCase):
    rules = replace(CoreCase.rules, installment_steps=(AHEAD, MISSED))

    def installment(self, late, amount=50, item_id=1, **values):
        """Return an unpaid installment; its id may be that of a ledger line, too."""
        return replace(self.item(late, amount, item_id, **values), kind=INSTALLMENT)

    def planned(self, late, amount=100, item_id=1):
        """Return an invoice that is under a plan with all of its open amount."""
        return self.item(late, amount, item_id, excluded=((codes.PLAN_ACTIVE, amount),))


class TestInstallments(InstallmentCase):
    def test_the_notice_comes_before_and_the_reminder_after_the_date(self):
        expected = {-4: None, -3: AHEAD, -1: AHEAD, 0: AHEAD, 1: None, 2: MISSED, 40: MISSED}
        for late, step in expected.items():
            with self.subTest(late=late):
                self.assertEqual(reached_step(self.installment(late), self.rules, self.TODAY), step)

    def test_nothing_but_the_installment_is_asked_for(self):
        decision = self.decide(self.planned(60), installments=(self.installment(2),))
        self.assertContacted(decision, MISSED, {"EUR": 50})
        self.assertEqual([entry.item.kind for entry in decision.items], [INSTALLMENT])

    def test_a_plan_without_a_due_installment_is_excluded_and_states_it(self):
        self.assertNotContacted(self.decide(self.planned(60), installments=(self.installment(-10),)), codes.PLAN_ACTIVE)

    def test_one_message_for_an_installment_and_another_late_invoice(self):
        other = self.item(10, 30, item_id=2, sent_steps=((FRIENDLY, 7),))
        decision = self.decide(self.planned(60), other, installments=(self.installment(2),))
        self.assertContacted(decision, FIRM, {"EUR": 80})
        self.assertEqual(
            {entry.item.key: entry.step_id for entry in decision.items},
            {("ledger", 2): FIRM.step_id, (INSTALLMENT, 1): MISSED.step_id},
        )

    def test_an_upcoming_installment_is_not_mentioned_beside_a_late_invoice(self):
        decision = self.decide(self.item(3, item_id=2), installments=(self.installment(-3),))
        self.assertContacted(decision, FRIENDLY, {"EUR": 100})

    def test_sent_once(self):
        sent = replace(self.installment(5), sent_steps=(SentStep(MISSED.step_id, MISSED.days, self.day(-3)),))
        self.assertNotContacted(self.decide(self.planned(60), installments=(sent,)), codes.ALREADY_SENT)

    def test_no_minimum_for_what_was_agreed_one_by_one(self):
        rules = replace(self.rules, minimum_balance=dec(500), minimum_share=dec(90))
        self.assertContacted(self.decide(self.planned(60), installments=(self.installment(2),), rules=rules), MISSED)
        self.assertNotContacted(self.decide(self.item(3), rules=rules), codes.BELOW_MINIMUM)

    def test_open_credits_count_against_installments(self):
        installments = (self.installment(2, 50),)
        decision = self.decide(self.planned(60), credits=(self.credit(20),), installments=installments)
        self.assertContacted(decision, MISSED, {"EUR": 30})
        covered = self.decide(self.planned(60), credits=(self.credit(50),), installments=installments)
        self.assertNotContacted(covered, codes.COVERED_BY_CREDIT)

    def test_caps_and_weekends_defer_installments_too(self):
        installments = (self.installment(2),)
        self.assertNotContacted(self.decide(installments=installments, contacts=(self.TODAY,)), codes.TOO_SOON)
        self.assertNotContacted(self.decide(installments=installments, today=self.day(3)), codes.NOT_A_WORKDAY)

    def test_without_a_schedule_installments_are_never_mentioned(self):
        rules = replace(self.rules, installment_steps=())
        self.assertNotContacted(self.decide(installments=(self.installment(2),), rules=rules), codes.ALREADY_SENT)


class TestForecast(InstallmentCase):
    def test_the_forecast_lists_each_installment(self):
        facts = self.facts(
            self.planned(60), installments=(self.installment(-5, item_id=1), self.installment(-35, item_id=2))
        )
        steps = [planned.decision.step for planned in forecast(facts, self.rules, self.TODAY, self.day(60))]
        self.assertEqual(steps, [AHEAD, MISSED, MISSED])

    def test_what_was_sent_today_is_not_sent_tomorrow(self):
        facts = self.facts(installments=(self.installment(2),))
        decision = self.decide(installments=facts.installments)
        updated = after(facts, self.rules, decision, self.TODAY)
        self.assertEqual(updated.installments[0].sent_steps[0].step_id, MISSED.step_id)

    def test_the_next_step_of_an_installment(self):
        day, step = next_step(self.installment(-20), self.rules, self.TODAY)
        self.assertEqual((step, (day - self.TODAY).days), (AHEAD, 19))  # the seventeenth day ahead is a Saturday


class TestAfterAnAgreement(CoreCase):
    """After a broken agreement the very next step follows, not the one that the days overdue have reached."""

    def test_the_very_next_step(self):
        item = self.item(60, sent_steps=((FRIENDLY, 57),))
        self.assertEqual(reached_step(item, self.rules, self.TODAY), FORMAL)
        back = replace(item, resumed_on=self.TODAY)
        self.assertEqual(reached_step(back, self.rules, self.TODAY), FIRM)

    def test_the_later_of_pause_and_agreement_counts(self):
        item = replace(self.item(60, sent_steps=((FRIENDLY, 30),)), resumed_on=self.day(-40))
        self.assertEqual(reached_step(item, self.rules, self.TODAY), FORMAL)
        self.assertEqual(reached_step(item, self.rules, self.TODAY, resumed_on=self.day(-1)), FIRM)

    def test_an_agreement_from_before_the_last_contact_changes_nothing(self):
        item = replace(self.item(60, sent_steps=((FRIENDLY, 57),)), resumed_on=self.day(-58))
        self.assertEqual(reached_step(item, self.rules, self.TODAY), FORMAL)
