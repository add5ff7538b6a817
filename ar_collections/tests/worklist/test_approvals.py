from datetime import date, timedelta

from odoo import Command
from odoo.exceptions import UserError

from ..common import ArCommon
from ..disputes.common_dispute import ArDisputeCommon
from ..plans.common_plans import ArPlanCommon


class ArApprovalCommon(ArCommon):
    """What waits for a user's decision is in one list; users who may not decide see it marked."""

    def _list(self, user):
        """Return what the user finds: {kind: row}."""
        self.env.flush_all()
        self.env.invalidate_all()
        rows = self.env["ar.approval"].with_user(user).search([("company_id", "=", self.company.id)])
        return {row.kind: row for row in rows}


class TestPlanAndReminderApprovals(ArPlanCommon, ArApprovalCommon):
    """Payment plans beyond the policy, and reminders in review."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.plan_installments_max = 3
        cls.second_manager = cls._user("credit_manager", login="approval-second")

    def test_nothing_waits(self):
        self.assertFalse(self._list(self.manager))

    def test_a_plan_beyond_the_policy_is_for_credit_managers_but_not_for_who_asked(self):
        plan = self._draft(user=self.credit_manager, count=6)
        for user, may in ((self.manager, False), (self.credit_manager, False), (self.second_manager, True)):
            row = self._list(user)["plan"]
            with self.subTest(user=user.login):
                self.assertEqual(row.may_decide, may)
        self.assertEqual((row.amount, row.requested_by_id, row.partner_id), (400, self.credit_manager, plan.partner_id))
        self.assertIn("more installments", row.question)
        opened = row.action_open()
        self.assertEqual((opened["res_model"], opened["res_id"]), ("ar.payment.plan", plan.id))
        plan.with_user(self.second_manager).action_approve()
        self.assertFalse(self._list(self.second_manager))

    def test_a_plan_waits_since_the_companys_day(self):
        plan = self._draft(user=self.credit_manager, count=6)
        self.env.flush_all()
        self.env.cr.execute("UPDATE ar_payment_plan SET create_date = '2026-06-09 02:30' WHERE id = %s", [plan.id])
        self.company.resource_calendar_id.tz = "America/New_York"
        self.assertEqual(self._list(self.manager)["plan"].since, date(2026, 6, 8))

    def test_a_reminder_in_review_is_for_managers(self):
        self.policy.review_above = 10
        self._run()
        row = self._list(self.manager)["communication"]
        self.assertEqual((row.may_decide, row.amount, row.since), (True, 400, self.TODAY))
        self.assertEqual(row.question, f"Send “{self.friendly.name}”?")
        communication = self.env["ar.communication"].browse(row.record_id)
        communication.with_user(self.manager).action_approve()
        self.assertFalse(self._list(self.manager))

    def test_plans_and_reminders_are_approved_in_the_row_and_together(self):
        self.policy.review_above = 10
        plan = self._draft(self.old, user=self.credit_manager, count=6)
        self._run()
        rows = self._list(self.second_manager)
        self.assertTrue(all(row.can_approve and row.can_refuse for row in rows.values()))
        with self._on():
            (rows["plan"] | rows["communication"]).action_approve()
        self.assertEqual(plan.approved_by_id, self.second_manager)
        self.assertFalse(self._list(self.second_manager))

    def test_plans_are_refused_with_one_reason_for_all(self):
        plans = self._draft(self.old, user=self.credit_manager, count=6)
        plans |= self._draft(self.new, user=self.credit_manager, count=6)
        self.env.flush_all()
        self.env.invalidate_all()
        rows = self.env["ar.approval"].with_user(self.second_manager).search([("kind", "=", "plan")])
        with self._on():
            action = rows.action_refuse()
            wizard = self.env[action["res_model"]].with_user(self.second_manager).browse(action["res_id"])
            wizard.reason = "Too long"
            wizard.action_confirm()
        self.assertEqual(set(plans.mapped("state")), {"cancelled"})
        self.assertEqual(set(plans.mapped("ended_reason")), {"Too long"})

    def test_who_may_not_decide_cannot_approve_in_the_row(self):
        self._draft(user=self.credit_manager, count=6)
        row = self._list(self.manager)["plan"]
        self.assertFalse(row.can_approve or row.can_refuse)
        with self.assertRaises(UserError):
            row.action_approve()

    def test_the_company_switcher_is_obeyed(self):
        self._draft(count=6)
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        companies = {"company_id": elsewhere.id, "company_ids": [Command.set(elsewhere.ids)]}
        self.assertFalse(self._list(self._user("credit_manager", login="approval-stranger", **companies)))


class TestDisputeApprovals(ArDisputeCommon, ArApprovalCommon):
    """Disputes that are not answered, and credit notes drafted for what was granted."""

    def test_a_dispute_waits_once_it_is_brought_before_a_manager(self):
        dispute = self._dispute()
        self.assertFalse(self._list(self.manager))
        late = self.TODAY + timedelta(days=30)
        with self._on(late):
            self.env["ar.dispute"].sudo()._escalate_overdue(self.company, self.company._ar_today())
        row = self._list(self.manager)["dispute"]
        self.assertEqual((row.may_decide, row.since, row.requested_by_id), (True, late, self.owner))
        self.assertIn(self.reason.name, row.question)
        self.assertFalse(row.can_approve or row.can_refuse)  # it needs an answer
        with self.assertRaisesRegex(UserError, "one by one"):
            row.action_approve()
        self._resolve(dispute, 0, day=late)
        self.assertFalse(self._list(self.manager))

    def test_a_drafted_credit_note_waits_until_it_is_posted(self):
        dispute = self._dispute(amount=50)
        self._resolve(dispute, 20, draft_credit=True)
        row = self._list(self.manager)["credit_note"]
        self.assertEqual((row.amount, row.number, row.may_decide), (20, dispute.name, True))
        self.assertIn(self.invoice.name, row.question)
        note = self.env["account.move"].browse(row.record_id)
        self.assertEqual(note, dispute.credit_note_ids)
        note.action_post()
        self.assertFalse(self._list(self.manager))

    def test_all_kinds_stand_together_and_are_filtered(self):
        self.policy.review_above = 10
        self._invoice(self.customer.partner_id, 9, 300)
        self._run()
        self._resolve(self._dispute(amount=50), 20, draft_credit=True)
        self.assertEqual(set(self._list(self.manager)), {"communication", "credit_note"})
        mine = self.env["ar.approval"].with_user(self.manager).search([("kind", "=", "credit_note")])
        self.assertEqual(mine.amount, 20)
        groups = (
            self.env["ar.approval"]
            .with_user(self.manager)
            ._read_group([("company_id", "=", self.company.id)], ["kind"], ["__count"])
        )
        self.assertEqual(dict(groups), {"communication": 1, "credit_note": 1})
