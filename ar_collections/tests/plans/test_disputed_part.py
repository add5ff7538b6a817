from datetime import date
from decimal import Decimal

from .common_plans import ArDisputedPlanCommon


class TestDisputedPart(ArDisputedPlanCommon):
    """The uncontested part of a plan or promise is judged as agreed.

    Plan: 100 each on 17 June, 17 July, 17 August and 17 September, three days of grace; the second miss breaks it.
    """

    def _promise(self, invoice, amount=None, days=14):
        with self._on():
            return self.customer._promise(self._in_days(days), {self._debt(invoice).id: amount and Decimal(amount)})

    # === PLANS === #

    def test_a_disputed_cent_stops_no_judgement_of_a_plan(self):
        plan = self._active()
        self._dispute(self.old, "0.01")
        self._night(date(2026, 6, 21))
        self.assertEqual((plan.state, plan.missed_count), ("active", 1))
        self._night(date(2026, 7, 21))
        self.assertEqual(plan.state, "broken")

    def test_what_is_contested_is_taken_from_the_last_installments(self):
        plan = self._active()
        self._dispute(self.old, 150)  # all of the fourth installment, half of the third
        self._pay(self.new, day=date(2026, 6, 17))
        self._pay(self.old, 100.0, day=date(2026, 7, 17))
        self._night(date(2026, 7, 21))
        self._night(date(2026, 8, 21))
        self.assertEqual((plan.state, plan.missed_count), ("active", 1))
        self._night(date(2026, 9, 30))
        self.assertEqual((plan.state, plan.missed_count), ("active", 1), "The fourth installment is contested.")

    def test_the_uncontested_part_paid_in_time_leaves_nothing_missed(self):
        plan = self._active()
        self._dispute(self.old, 150)
        self._pay(self.new, day=date(2026, 6, 17))
        self._pay(self.old, 150.0, day=date(2026, 7, 10))
        for day in (date(2026, 7, 21), date(2026, 8, 21), date(2026, 9, 30)):
            self._night(day)
        self.assertEqual((plan.state, plan.missed_count, plan.amount_left), ("active", 0, 150.0))

    def test_what_is_contested_is_not_foreseen_as_broken(self):
        plan = self._active()
        self._dispute(self.old)
        self._dispute(self.new)
        day = date(2026, 9, 30)
        with self._on(day):
            self.assertFalse(plan.sudo()._find_broken(day))
        self._night(day)
        self.assertEqual(plan.state, "active")

    def test_several_disputes_add_up(self):
        plan = self._active()
        self._dispute(self.old, 200)
        self._dispute(self.new, 100)
        for day in (date(2026, 6, 21), date(2026, 7, 21), date(2026, 9, 30)):
            self._night(day)
        self.assertEqual((plan.state, plan.missed_count), ("active", 1))

    def test_a_dispute_of_an_item_outside_the_plan_changes_nothing(self):
        plan = self._active(self.new, count=2)
        self._dispute(self.old)
        self._night(date(2026, 7, 21))
        self.assertEqual(plan.state, "broken")

    def test_a_dispute_does_not_mend_a_broken_plan(self):
        plan = self._active()
        self._night(date(2026, 7, 21))
        self._dispute(self.old, day=date(2026, 7, 22))
        self._night(date(2026, 7, 23))
        self.assertEqual(plan.state, "broken")

    def test_a_rejected_dispute_is_due_again_after_the_grace_period(self):
        plan = self._active()
        dispute = self._dispute(self.old)
        self._dispute(self.new)
        self._night(date(2026, 8, 21))
        self.assertEqual((plan.state, plan.missed_count), ("active", 0))
        self._resolve(dispute, 0, day=date(2026, 8, 21))
        self._night(date(2026, 10, 1))
        self.assertEqual(plan.state, "broken")

    def test_what_is_blocked_cannot_be_demanded_until_it_is_unblocked(self):
        plan, promise = self._active(self.new, count=2), self._promise(self.old)
        for invoice in (self.old, self.new):
            invoice.action_toggle_block_payment()
        self._night(date(2026, 7, 21))
        self._judge(self._in_days(25))
        self.assertEqual((plan.state, plan.missed_count, promise.state), ("active", 0, "open"))
        with self._on():
            facts = self.customer._get_facts()
            self.assertEqual(plan._get_payment_parts(Decimal(100)), {})
        for item in facts.installments:
            self.assertEqual(
                [(each.code, each.amount) for each in item.exclusions if each.amount], [("payment_blocked", 50)]
            )
        for invoice in (self.old, self.new):
            invoice.action_toggle_block_payment()
        self._night(date(2026, 7, 22))
        self._judge(self._in_days(26))
        self.assertEqual((plan.state, promise.state), ("broken", "broken"))

    # === PROMISES === #

    def test_a_disputed_cent_breaks_no_promise(self):
        promise = self._promise(self.old)
        self._dispute(self.old, "0.01")
        self._pay(self.old, 299.99, day=self._in_days(3))
        self._judge(self._in_days(25))
        self.assertEqual((promise.state, promise.amount_kept), ("kept", 300.0))

    def test_the_uncontested_part_of_a_promise_is_judged(self):
        promise = self._promise(self.old)
        self._dispute(self.old, "0.01")
        self._judge(self._in_days(25))
        self.assertEqual(promise.state, "broken")

    def test_paid_in_part_beside_a_dispute_it_is_partly_kept(self):
        promise = self._promise(self.old)
        self._dispute(self.old, 100)
        self._pay(self.old, 150.0, day=self._in_days(3))
        self._judge(self._in_days(25))
        self.assertEqual((promise.state, promise.amount_kept), ("partly", 150))

    def test_a_dispute_of_the_rest_of_an_item_lowers_no_promise(self):
        promise = self._promise(self.old, 200)
        self._dispute(self.old, 100)
        self._pay(self.old, 150.0, day=self._in_days(3))
        self._judge(self._in_days(25))
        self.assertEqual(promise.state, "partly")

    def test_a_promise_contested_in_full_waits_for_the_answer(self):
        promise = self._promise(self.old)
        dispute = self._dispute(self.old)
        self._judge(self._in_days(25))
        self.assertEqual(promise.state, "open")
        self._resolve(dispute, 0, day=self._in_days(26))
        self._judge(self._in_days(27) if not self.policy.dispute_grace_days else self._in_days(60))
        self.assertEqual(promise.state, "broken")

    def test_the_credit_note_for_the_contested_part_changes_no_judgement(self):
        promise = self._promise(self.old)
        dispute = self._dispute(self.old, 100)
        self._pay(self.old, 200.0, day=self._in_days(3))
        self._judge(self._in_days(25))
        self.assertEqual(promise.state, "kept")
        self._resolve(dispute, 100, day=self._in_days(30))
        self._judge(self._in_days(31))
        self.assertEqual(promise.state, "kept")

    def test_a_dispute_after_a_broken_promise_does_not_mend_it(self):
        promise = self._promise(self.old)
        self._judge(self._in_days(25))
        self._dispute(self.old, day=self._in_days(26))
        promise.sudo().to_judge = True
        self._judge(self._in_days(27))
        self.assertEqual(promise.state, "broken")
