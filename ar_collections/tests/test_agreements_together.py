from datetime import timedelta
from decimal import Decimal

from odoo.exceptions import UserError

from odoo.addons.ar_collections.core.promise_wish import NOTHING_FREE, Refused

from .common_plans import ArPlanCommon


class TestOneAtATime(ArPlanCommon):
    """An item is promised or planned, never both: nobody could tell for which of them a payment is meant."""

    def _promise(self, invoice, amount=None, day=None):
        with self._on(day):
            return self.customer._promise(
                (day or self.TODAY) + timedelta(days=14), {self._debt(invoice).id: amount}, bound=False
            )

    def test_what_is_promised_in_part_cannot_be_planned(self):
        self._promise(self.old, amount=Decimal(200))
        with self.assertRaisesRegex(UserError, "part of another agreement"):
            self._draft(self.old)

    def test_what_is_planned_cannot_be_promised(self):
        self._active(self.old)
        with self.assertRaises(Refused) as caught:
            self._promise(self.old)
        self.assertEqual(caught.exception.code, NOTHING_FREE)

    def test_a_broken_plan_is_not_reinstated_over_a_promise(self):
        plan = self._active(self.old)
        self._night(self._in_days(41))
        self.assertEqual(plan.state, "broken")
        self._promise(self.old, day=self._in_days(41))
        with self._on(self._in_days(42)), self.assertRaises(UserError):
            plan.sudo()._reinstate("They called")

    def test_a_promise_does_not_open_again_over_a_plan(self):
        promise = self._promise(self.old)
        payment = self._pay(self.old)
        with self._on():
            self.env["ar.promise"].sudo()._judge_company(self.company, self.TODAY)
        self.assertEqual(promise.state, "kept")
        payment.move_id.line_ids.remove_move_reconcile()
        self._active(self.old)
        with self._on():
            self.env["ar.promise"].sudo()._judge_company(self.company, self.TODAY)
        self.assertEqual(promise.state, "kept")


class TestAfterThePlan(ArPlanCommon):
    """What is over stands in nobody's way, and is not looked at for ever."""

    def test_a_payment_taken_back_from_what_is_planned_anew_is_not_told_every_night(self):
        plan = self._active(self.old, count=2)
        payment = self._pay(self.old)
        self._night(self._in_days(1))
        self.assertEqual(plan.state, "completed")
        payment.move_id.line_ids.remove_move_reconcile()
        self._active(self.old, count=2)
        before = len(self.customer.message_ids)
        for day in (2, 3):
            self._night(self._in_days(day))
        self.assertEqual((plan.state, len(self.customer.message_ids)), ("completed", before))
        self.assertFalse(self._tasks(self.customer, "plan"))

    def test_an_invoice_is_deleted_whose_plan_is_over(self):
        plan = self._active(self.old, self.new)
        with self._on():
            plan.sudo()._cancel("Wrong invoice")
        self.old.button_draft()
        self.old.with_context(force_delete=True).unlink()
        self.env.invalidate_all()
        self.assertEqual(plan.line_ids.move_line_id, self._debt(self.new))
        self.assertEqual((plan.amount_total, plan.amount_left), (400.0, 100.0))
        self._night(self._in_days(60))

    def test_a_plan_that_broke_long_ago_is_left_alone(self):
        plan = self._active()
        self._night(self._in_days(41))
        self.assertEqual(plan.state, "broken")
        self._night(self._in_days(41 + 92))
        self.assertEqual(plan.judged_on, self._in_days(41 + 92))
        self._night(self._in_days(41 + 93))
        self.assertEqual(plan.judged_on, self._in_days(41 + 92))
