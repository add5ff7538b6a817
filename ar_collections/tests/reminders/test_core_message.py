"""What the one message of the day lists. The examples of the reminder rules, one after the other."""

from dataclasses import replace

from odoo.addons.ar_collections.core.decision import NO_CONTACT, Decision
from odoo.addons.ar_collections.core.facts import OUR_PAYMENT, Rules, Step
from odoo.addons.ar_collections.core.reminders.decide import decide
from odoo.addons.ar_collections.core.reminders.early import decide_early

from ..core_common import FIRM, FORMAL, FRIENDLY, NOTICE, CoreCase, dec

DECISION = Decision(NO_CONTACT, "already_sent")


class TestThreeInvoices(CoreCase):
    """A 40 days late, B 10 days late, C not due."""

    def setUp(self):
        super().setUp()
        self.a = self.item(40, 400, item_id=1, sent_steps=[(FIRM, 30)])
        self.b = self.item(10, 100, item_id=2, sent_steps=[(FRIENDLY, 7)])
        self.c = self.item(-10, 50, item_id=3)

    def test_the_tone_is_that_of_the_oldest_and_the_one_not_due_is_not_listed(self):
        decision = self.decide(self.c, self.b, self.a)
        self.assertContacted(decision, FORMAL, {"EUR": 500})
        self.assertEqual([entry.item.item_id for entry in decision.items], [1, 2])

    def test_every_item_is_logged_at_its_own_step(self):
        self.assertEqual(self.listed(self.decide(self.a, self.b, self.c)), {1: 30, 2: 10})

    def test_an_item_without_a_new_step_is_listed_all_the_same(self):
        b = self.item(5, 100, item_id=2, sent_steps=[(FRIENDLY, 2)])
        decision = self.decide(self.a, b)
        self.assertContacted(decision, FORMAL, {"EUR": 500})
        self.assertEqual(self.listed(decision), {1: 30, 2: None})

    def test_no_separate_courtesy_note_for_what_falls_due_in_ten_days(self):
        rules = self.with_rules(steps=(Step(10, -10), *self.rules.steps[1:]))
        self.assertContacted(self.decide(self.a, self.c, rules=rules), FORMAL, {"EUR": 400})
        # nor on a day on which the late one has reached no new step
        reminded = self.item(40, 400, sent_steps=[(FORMAL, 10)])
        self.assertNotContacted(self.decide(reminded, self.c, rules=rules), "already_sent")

    def test_a_notice_lists_only_what_it_is_about(self):
        decision = self.decide(self.item(-5, 10), self.item(-4, 20, item_id=2, sent_steps=[(NOTICE, 1)]))
        self.assertEqual((self.listed(decision), dict(decision.amounts_due)), ({1: -5}, {"EUR": dec(10)}))

    def test_what_is_due_today_and_notified_is_not_listed_in_a_notice_for_the_next(self):
        decision = self.decide(self.item(-5, 10), self.item(0, 20, item_id=2, sent_steps=[(NOTICE, 5)]))
        self.assertEqual(self.listed(decision), {1: -5})

    def test_two_notices_of_one_day_are_one_message(self):
        decision = self.decide(self.item(-5, 10), self.item(-4, 20, item_id=2))
        self.assertEqual(self.listed(decision), {1: -5, 2: -5})
        self.assertEqual(dict(decision.amounts_due), {"EUR": dec(30)})

    def test_a_level_may_list_only_what_is_late_enough(self):
        steps = (FRIENDLY, Step(3, 10, minimum_days_overdue=10))
        items = self.item(12, 100, sent_steps=[(FRIENDLY, 9)]), self.item(4, 50, item_id=2)
        decision = self.decide(*items, rules=self.with_rules(steps=steps))
        self.assertContacted(decision, steps[1], {"EUR": 100})
        self.assertEqual(self.listed(decision), {1: 10})  # the other item keeps its step for another day

    def test_a_message_that_would_use_up_no_step_is_not_sent_day_after_day(self):
        # a step whose list starts later than the step itself: one item too young to be listed, one reminded before
        steps = (Step(2, 3, minimum_days_overdue=15), FORMAL)
        items = self.item(5, 100), self.item(40, 50, item_id=2, sent_steps=[(FORMAL, 9)])
        self.assertNotContacted(self.decide(*items, rules=self.with_rules(steps=steps)), "already_sent")
        self.assertNotContacted(self.decide(items[0], rules=self.with_rules(steps=steps)), "already_sent")

    def test_items_are_listed_by_due_date(self):
        items = [self.item(late, item_id=number) for number, late in enumerate((4, 9, 3, 9))]
        self.assertEqual([s.item.item_id for s in self.decide(*items).items], [1, 3, 0, 2])


class TestInvoiceInstallments(CoreCase):
    def test_each_installment_of_a_term_ages_by_its_own_date(self):
        decision = self.decide(
            self.item(33, 300, item_id=11, sent_steps=[(FIRM, 23)]),
            self.item(3, 300, item_id=12),
            self.item(-27, 300, 13),
        )
        self.assertContacted(decision, FORMAL, {"EUR": 600})
        self.assertEqual(self.listed(decision), {11: 30, 12: 3})


class TestMinimum(CoreCase):
    def items(self, rest):
        """Return 100 at the second step and the rest at the first."""
        return self.item(10, 100, sent_steps=[(FRIENDLY, 7)]), self.item(3, rest, item_id=2)

    def test_ten_percent_of_the_balance_pass(self):
        rules = self.with_rules(minimum_balance=dec(10), minimum_share=dec(10))
        self.assertContacted(self.decide(*self.items(900), rules=rules), FIRM, {"EUR": 1000})

    def test_nine_percent_take_the_tone_of_the_level_below(self):
        rules = self.with_rules(minimum_balance=dec(10), minimum_share=dec(10))
        decision = self.decide(*self.items(1000), rules=rules)
        self.assertContacted(decision, FRIENDLY, {"EUR": 1100})
        self.assertEqual(self.listed(decision), {1: None, 2: 3})  # firm stays unused, for its own day

    def test_the_balance_counts_what_is_not_due_too(self):
        rules = self.with_rules(minimum_share=dec(10))
        late = self.item(3, 100)
        self.assertContacted(self.decide(late, self.item(-60, 900, item_id=2), rules=rules), FRIENDLY)
        self.assertNotContacted(self.decide(late, self.item(-60, 1000, item_id=2), rules=rules), "below_minimum")

    def test_what_we_paid_to_the_customer_is_no_balance_whatever_is_selected(self):
        rules = self.with_rules(minimum_share=dec(10))
        paid_back = self.item(30, 5000, item_id=2, excluded=[(OUR_PAYMENT, 5000)])
        late, ahead = self.item(3, 100), self.item(-1, 100, item_id=3)
        facts = self.facts(late, paid_back, ahead)
        self.assertContacted(decide(facts, rules, self.TODAY), FRIENDLY, {"EUR": 100})
        self.assertContacted(decide(facts.only({1}), rules, self.TODAY), FRIENDLY, {"EUR": 100})
        self.assertContacted(decide(facts.only({1, 2}), rules, self.TODAY), FRIENDLY, {"EUR": 100})
        refund = replace(paid_back, due_date=self.day(1))
        early = decide_early(self.facts(self.item(2, 100), refund), rules, DECISION, self.TODAY, self.day(1))
        self.assertContacted(early, FRIENDLY, {"EUR": 100})

    def test_what_is_not_selected_gives_no_reason(self):
        disputed = self.item(10, 50, item_id=2, excluded=[("disputed", 50)])
        paid_back = self.item(30, 50, item_id=3, excluded=[(OUR_PAYMENT, 50)])
        promised = self.item(3, 100, excluded=[("promise_open", 100)])
        facts = self.facts(promised, disputed, paid_back)
        found = [decide(facts.only(ids), self.rules, self.TODAY).code for ids in ({1}, {1, 2}, {3}, {9})]
        self.assertEqual(found, ["promise_open", "disputed", OUR_PAYMENT, "nothing_due"])

    def test_credits_count_against_the_minimum(self):
        rules = self.with_rules(minimum_balance=dec(10))
        self.assertNotContacted(
            self.decide(self.item(3, 100), credits=(self.credit(95),), rules=rules), "below_minimum"
        )

    def test_the_minimum_is_in_company_currency(self):
        rules = self.with_rules(minimum_balance=dec(100))
        self.assertNotContacted(self.decide(self.item(3, 110, currency="USD", booked=99), rules=rules), "below_minimum")
        self.assertContacted(self.decide(self.item(3, 90, currency="KWD", booked=290), rules=rules), FRIENDLY)

    def test_a_credit_counts_against_the_minimum_in_its_own_currency_alone(self):
        rules = self.with_rules(minimum_balance=dec(150))
        items = self.item(5, 100), self.item(5, 100, item_id=2, currency="USD")
        self.assertContacted(self.decide(*items, credits=(self.credit(90, currency="CHF"),), rules=rules), FRIENDLY)
        self.assertNotContacted(self.decide(*items, credits=(self.credit(90),), rules=rules), "below_minimum")

    def test_a_late_item_is_never_lowered_to_a_notice(self):
        rules = self.with_rules(minimum_share=dec(10))
        reminded = self.item(1, 1000, item_id=2, sent_steps=[(NOTICE, 6)])
        self.assertNotContacted(self.decide(self.item(3, 100), reminded, rules=rules), "below_minimum")

    def test_a_level_that_passes_again_is_not_notified_again(self):
        rules = self.with_rules(minimum_share=dec(10))
        items = (
            self.item(10, 100, sent_steps=[(FRIENDLY, 7)]),
            self.item(9, 1000, item_id=2, sent_steps=[(FRIENDLY, 6)]),
        )
        self.assertNotContacted(self.decide(*items, rules=rules), "below_minimum")

    def test_a_lowered_item_is_not_reminded_again_of_what_it_was_reminded(self):
        rules = self.with_rules(minimum_balance=dec(200))
        self.assertNotContacted(
            self.decide(self.item(10, 100, sent_steps=[(FRIENDLY, 7)]), rules=rules), "below_minimum"
        )


class TestCredits(CoreCase):
    def test_an_invoice_and_two_credit_notes(self):
        decision = self.decide(self.item(5, 500), credits=(self.credit(100, 91), self.credit(200, 92)))
        self.assertContacted(decision, FRIENDLY, {"EUR": 200})
        self.assertEqual([credit.item_id for credit in decision.credits], [91, 92])
        self.assertEqual(self.listed(decision), {1: 3})

    def test_credits_that_cover_everything(self):
        for amount in (500, 501):
            self.assertNotContacted(self.decide(self.item(5, 500), credits=(self.credit(amount),)), "covered_by_credit")

    def test_one_cent_more_than_the_credits_is_asked_for(self):
        decision = self.decide(self.item(5, "500.01"), credits=(self.credit(500),))
        self.assertContacted(decision, FRIENDLY, {"EUR": "0.01"})

    def test_credits_that_cover_what_a_level_lists_leave_the_tone_to_the_next(self):
        # the final notice lists the old item only, which the credit covers; the friendly reminder lists both
        rules = self.with_rules(steps=(FRIENDLY, Step(5, 30, minimum_days_overdue=30)))
        items = self.item(40, 100, sent_steps=[(FRIENDLY, 37)]), self.item(5, 50, item_id=2)
        self.assertContacted(self.decide(*items, credits=(self.credit(100),), rules=rules), FRIENDLY, {"EUR": 50})

    def test_credits_that_cover_the_late_items_leave_the_next_notice(self):
        decision = self.decide(self.item(40, 100), self.item(-5, 300, item_id=2), credits=(self.credit(100),))
        self.assertEqual((decision.action, self.listed(decision)), ("send", {2: -5}))


class TestCurrencies(CoreCase):
    def test_money_is_asked_for_per_currency(self):
        decision = self.decide(
            self.item(5, 100), self.item(4, 200, item_id=2, currency="USD", booked=180), self.item(3, 50, item_id=3)
        )
        self.assertContacted(decision, FRIENDLY, {"EUR": 150, "USD": 200})

    def test_a_credit_covers_its_own_currency_only(self):
        items = self.item(5, 100), self.item(4, 200, item_id=2, currency="USD", booked=180)
        decision = self.decide(*items, credits=(self.credit(1000, currency="USD", booked=900),))
        self.assertContacted(decision, FRIENDLY, {"EUR": 100})
        self.assertEqual((self.listed(decision), decision.credits), ({1: 3}, ()))

    def test_a_credit_in_a_currency_without_items_is_not_set_off(self):
        decision = self.decide(self.item(5, 100), credits=(self.credit(100, currency="CHF"),))
        self.assertContacted(decision, FRIENDLY, {"EUR": 100})
        self.assertFalse(decision.credits)

    def test_a_covered_currency_lends_its_age_to_no_other(self):
        usd = self.item(40, 200, currency="USD", sent_steps=[(FIRM, 30)])
        decision = self.decide(usd, self.item(5, 100, item_id=2), credits=(self.credit(200, currency="USD"),))
        self.assertContacted(decision, FRIENDLY, {"EUR": 100})


class TestAStepOnTheDueDate(CoreCase):
    def test_it_is_sent_on_the_due_date_and_after_a_weekend_on_the_next_working_day(self):
        rules = Rules(steps=(Step(1, 0), Step(2, 7)))
        sunday = self.item(-4)  # due on 14 June
        self.assertNotContacted(self.decide(sunday, today=self.day(4), rules=rules), "not_a_workday")
        self.assertContacted(self.decide(sunday, today=self.day(5), rules=rules), rules.steps[0], {"EUR": 100})
