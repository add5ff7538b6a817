from datetime import timedelta
from decimal import Decimal

from odoo import Command
from odoo.exceptions import UserError

from odoo.addons.ar_collections.core.promises.request import NOTHING_FREE, PromiseRefused

from ..plans.common_plans import ArDisputedPlanCommon, ArPlanCommon


class TestOneAtATime(ArPlanCommon):
    """An item is under a promise or a plan, never both: a payment could not be attributed to one of them."""

    def _promise(self, invoice, amount=None, day=None):
        with self._on(day):
            return self.customer._promise(
                (day or self.TODAY) + timedelta(days=14), {self._debt(invoice).id: amount}, bound=False
            )

    def test_what_is_promised_in_part_cannot_be_planned(self):
        self._promise(self.old, amount=Decimal(200))
        with self.assertRaisesRegex(UserError, "part of another agreement"):
            self._draft(self.old)

    def test_sales_see_on_the_contact_what_is_agreed(self):
        partner = self.customer.partner_id
        self.assertEqual(partner.ar_agreement_count, 0)
        self._promise(self.new)
        self._active(self.old)
        contact = self.env["res.partner"].create({"name": "Buyer", "parent_id": partner.id})
        self.env.invalidate_all()
        self.assertEqual([partner.ar_agreement_count, contact.ar_agreement_count], [2, 2])

    def test_what_is_planned_cannot_be_promised(self):
        self._active(self.old)
        with self.assertRaises(PromiseRefused) as caught:
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
    """A finished agreement blocks no new one, and is not read again by every nightly run."""

    def test_a_payment_taken_back_from_what_is_planned_anew_is_not_notified_every_night(self):
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


class TestBesideAPayment(ArPlanCommon):
    """A payment in process when something is agreed pays the rest of the item, not the agreement."""

    def setUp(self):
        super().setUp()
        line = self._debt(self.old)
        self.transaction = (
            self.env["payment.transaction"]
            .sudo()
            .create(
                {
                    "provider_id": self.provider.id,
                    "payment_method_id": self.payment_method_id,
                    "reference": "on its way",
                    "amount": 100.0,
                    "currency_id": line.currency_id.id,
                    "partner_id": self.customer.partner_id.id,
                    "operation": "online_redirect",
                    "state": "pending",
                    "last_state_change": "2026-06-10 08:00:00",
                    "invoice_ids": [Command.set(self.old.ids)],
                    "ar_allocation_ids": [Command.create({"move_line_id": line.id, "name": "A", "amount": 100.0})],
                }
            )
        )

    def _arrives(self):
        self.transaction.write({"state": "done", "is_post_processed": True})
        self._pay(self.old, 100.0)
        self.env.invalidate_all()

    def _facts(self):
        with self._on():
            return self.env["ar.facts"]._gather(self.customer, self.TODAY)[self.customer.id]

    def test_a_promise(self):
        with self._on():
            promise = self.customer._promise(self._in_days(14), {self._debt(self.old).id: None})
        self.assertEqual((promise.amount_total, promise.amount_open), (200, 200))
        self._arrives()
        self.assertEqual(promise.amount_open, 200)
        self.assertEqual([float(item.chaseable_currency) for item in self._facts().items], [0, 100])

    def test_a_plan(self):
        line = self._debt(self.old)
        with self._on():
            schedule = self.customer._get_schedule(Decimal(200), line.currency_id, "month", self._in_days(7), 2)
            plan = self.env["ar.payment.plan"]._make(self.customer, {line.id: None}, schedule)
            plan._record_consent("phone", "Patient Payer", "Called back")
            self.assertEqual([row["pending"] for row in plan._get_payment_rows()], [0, 0])
        self.assertEqual([float(row.chaseable_currency) for row in self._facts().installments], [100, 100])
        self._arrives()
        self.assertEqual((plan.amount_paid, plan.amount_left), (0, 200))
        self.assertEqual([float(item.chaseable_currency) for item in self._facts().items], [0, 100])


class TestBesideADispute(ArDisputedPlanCommon):
    """A disputed amount is neither asked for nor counted as missed; its credit note pays no promise and no plan."""

    def _chaseable(self, invoice, day=None):
        with self._on(day):
            facts = self.env["ar.facts"]._gather(self.customer, day or self.TODAY)[self.customer.id]
        return [float(item.chaseable_currency) for item in facts.items if item.item_id == self._debt(invoice).id]

    def _promise(self, invoice):
        with self._on():
            return self.customer._promise(self._in_days(14), {self._debt(invoice).id: None})

    def test_a_credit_note_for_the_rest_keeps_no_promise(self):
        dispute = self._dispute(self.old, 100)
        promise = self._promise(self.old)
        self.assertEqual(promise.amount_total, 200)
        self._resolve(dispute, 100)
        self.assertEqual((promise.amount_open, self._chaseable(self.old)), (200, [0]))
        self._pay(self.old, 150.0, day=self._in_days(3))
        self._judge(self._in_days(20))
        self.assertEqual((promise.state, promise.amount_kept), ("partly", 150))

    def test_a_promise_is_kept_whatever_is_credited_after_it(self):
        dispute = self._dispute(self.old, 100)
        promise = self._promise(self.old)
        self._pay(self.old, 200.0, day=self._in_days(3))
        self._judge(self._in_days(4))
        self.assertEqual(promise.state, "kept")
        self._resolve(dispute, 100, day=self._in_days(30))
        self._judge(self._in_days(31))
        self.assertEqual(promise.state, "kept")

    def test_a_credit_note_for_the_rest_pays_no_installment(self):
        dispute = self._dispute(self.old, 100)
        with self._on():
            line = self._debt(self.old)
            schedule = self.customer._get_schedule(
                Decimal(200), line.currency_id, "month", self._in_days(7), 2, down_payment=Decimal(0)
            )
            plan = self.env["ar.payment.plan"]._make(self.customer, {line.id: None}, schedule)
            plan._record_consent("phone", "Patient Payer", "Called back")
        self._resolve(dispute, 100)
        self.env.invalidate_all()
        self.assertEqual((plan.amount_paid, self._chaseable(self.old)), (0, [0]))
        self._pay(self.old, 100.0, day=self._in_days(5))
        self._night(self._in_days(12))
        self.assertEqual((plan.amount_paid, plan.missed_count), (100, 0))

    def test_installments_of_what_is_contested_are_not_asked_for(self):
        plan = self._active()  # 300 and 100, in four times 100
        dispute = self._dispute(self.old)
        with self._on():
            rows = self.env["ar.facts"]._gather(self.customer, self.TODAY)[self.customer.id].installments
        self.assertEqual([float(row.chaseable_currency) for row in rows], [100, 0, 0, 0])
        for day in (12, 41, 75):
            self._night(self._in_days(day))
        self.assertEqual((plan.state, plan.missed_count), ("active", 1))
        self._resolve(dispute, 0, day=self._in_days(75))
        self._night(self._in_days(75) + timedelta(days=self.policy.dispute_grace_days + 1))
        self.assertEqual(plan.state, "broken")

    def test_a_promise_about_what_is_contested_is_not_mentioned(self):
        promise = self._promise(self.old)
        self._dispute(self.old, day=self._in_days(1))
        for day in range(2, 25):
            self._judge(self._in_days(day))
        self.assertEqual((promise.state, self._notices(promise)), ("open", ["promise_confirmed"]))

    def test_a_promise_contested_while_its_note_waits(self):
        promise = self._promise(self.old)
        self._judge(self._in_days(25))
        self._dispute(self.old, day=self._in_days(25))
        mails = self._deliver(self._in_days(26))
        self.assertFalse([mail for mail in mails if "not received" in mail["subject"].lower()])
        log = self._communications(self.customer).filtered(lambda c: c.notice == "promise_broken")
        self.assertEqual((promise.state, log.state), ("broken", "cancelled"))

    def test_one_credit_note_is_not_for_two_disputes(self):
        first, second = self._dispute(self.old, 30), self._dispute(self.old, 40)
        with self._on():
            second._resolve({second.line_ids: Decimal(40)}, "We looked into it")
        self._resolve(first, 30)
        self.assertEqual(self._chaseable(self.old), [300 - 30 - 40])
