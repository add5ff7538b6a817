from datetime import date, timedelta

from odoo.exceptions import UserError
from odoo.tests import Form
from odoo.tools import mute_logger

from ..common import PROBLEM_LOG
from .common_dispute import ArDisputeCommon

FRIDAY = date(2026, 6, 12)


class TestEscalation(ArDisputeCommon):
    OVERDUE = date(2026, 6, 18)

    def _escalate(self, day):
        with self._on(day):
            before = self.env["ar.dispute"].search([("escalated_on", "!=", False)])
            self.env["ar.dispute"].sudo()._escalate_overdue(self.company, day)
            return self.env["ar.dispute"].search([("escalated_on", "!=", False)]) - before

    def _overdue_tasks(self, dispute):
        kind = self.env.ref("ar_collections.mail_activity_type_dispute_overdue")
        return dispute.activity_ids.filtered(lambda task: task.activity_type_id == kind)

    def test_not_on_the_last_day_but_after_it_and_once(self):
        dispute = self._dispute()
        before = len(self._communications(self.customer))
        self.assertFalse(self._escalate(date(2026, 6, 17)))
        self.assertEqual(self._escalate(self.OVERDUE), dispute)
        self.assertFalse(self._escalate(self.OVERDUE))
        self.assertFalse(self._escalate(date(2026, 6, 30)))
        self.assertEqual(self._overdue_tasks(dispute).user_id, self.manager)
        self.assertEqual(dispute.escalated_on, self.OVERDUE)
        self.assertEqual(len(self._communications(self.customer)), before)  # never to the customer

    def test_whom_to_ask(self):
        second = self._user("manager", login="second-manager")
        self.reason.manager_id = False
        self.policy.manager_id = second
        self.assertEqual(self._dispute(amount=10)._get_manager(), second)
        second.active = False
        self.assertTrue(
            self._dispute(amount=10)._get_manager().has_group("ar_collections.ar_collections_group_manager")
        )

    def test_answered_or_withdrawn_ones_are_left_alone(self):
        self._resolve(self._dispute(amount=10), 0)
        self._dispute(amount=10).with_user(self.collector).action_withdraw()
        self.assertFalse(self._escalate(date(2026, 7, 30)))

    def test_the_answer_closes_the_managers_task(self):
        dispute = self._dispute()
        self._escalate(self.OVERDUE)
        self._resolve(dispute, 0, day=self.OVERDUE)
        self.assertFalse(dispute.activity_ids)

    def test_one_that_fails_stops_nobody(self):
        first, second = self._dispute(amount=10), self._dispute(amount=20)
        original = type(first)._get_manager

        def fail_on_first(dispute):
            if dispute.id == first.id:
                raise ValueError("broken")
            return original(dispute)

        self.patch(type(first), "_get_manager", fail_on_first)
        with mute_logger(PROBLEM_LOG):
            self.assertEqual(self._escalate(self.OVERDUE), second)
        self.assertFalse(first.escalated_on)

    def test_the_scheduled_action_works_by_itself(self):
        dispute = self._dispute()
        dispute.sudo().date_deadline = "2020-01-01"
        self.company.ar_run_hour = 0
        with self.enter_registry_test_mode():
            self.env.ref("ar_collections.ir_cron_nightly").method_direct_trigger()
        self.env.invalidate_all()
        self.assertTrue(dispute.escalated_on)


class TestWizards(ArDisputeCommon):
    def _wizard(self, **context):
        model = self.env["ar.dispute.new"].with_user(self.collector)
        return Form(model.with_context(default_customer_id=self.customer.id, **context))

    def test_from_the_invoice_it_is_disputed_in_whole(self):
        self._invoice(self.customer.partner_id, 2, 50)
        with self._on():
            action = self.invoice.with_user(self.collector).action_new_dispute()
            form = Form(self.env[action["res_model"]].with_user(self.collector).with_context(**action["context"]))
            form.reason_id = self.reason
            form.note = "Too much"
            action = form.save().action_confirm()
        self.assertEqual(action["params"]["next"]["type"], "ir.actions.act_window_close")
        dispute = self.env["ar.dispute"].search([("customer_id", "=", self.customer.id)])
        self.assertEqual((dispute.line_ids.move_id, dispute.amount_total), (self.invoice, 100))

    def test_from_the_customer_amounts_are_entered(self):
        self._invoice(self.customer.partner_id, 2, 50)
        with self._on():
            form = self._wizard()
            form.reason_id = self.reason
            form.note = "Too much"
            with form.line_ids.edit(1) as line:
                line.amount = 12.5
            form.save().action_confirm()
        dispute = self.env["ar.dispute"].search([("customer_id", "=", self.customer.id)])
        self.assertEqual(dispute.amount_total, 12.5)

    def test_several_invoices_as_a_whole_with_what_the_customer_sent(self):
        self._invoice(self.customer.partner_id, 2, 50)
        photo = self.env["ir.attachment"].with_user(self.collector).create({"name": "claim.txt", "raw": b"Broken"})
        with self._on():
            form = self._wizard()
            form.reason_id = self.reason
            form.note = "Two boxes are broken"
            form.file_ids.add(photo)
            for position in (0, 1):
                with form.line_ids.edit(position) as line:
                    line.whole = True
                    self.assertEqual(line.amount, line.open_amount)
            form.save().action_confirm()
        dispute = self.env["ar.dispute"].search([("customer_id", "=", self.customer.id)])
        self.assertEqual((dispute.amount_total, dispute.file_ids.mapped("name")), (150, ["claim.txt"]))
        self.assertFalse(photo.exists())

    def test_files_that_may_do_harm_are_refused(self):
        harmful = self.env["ir.attachment"].with_user(self.collector).create({"name": "run.exe", "raw": b"MZ harm"})
        with self._on():
            form = self._wizard()
            form.reason_id = self.reason
            form.note = "Look"
            form.file_ids.add(harmful)
            with form.line_ids.edit(0) as line:
                line.whole = True
            with self.assertRaises(UserError):
                form.save().action_confirm()

    def test_nothing_is_granted_until_somebody_enters_it(self):
        dispute = self._dispute()
        with self._on():
            context = {"default_dispute_id": dispute.id}
            wizard = self.env["ar.dispute.resolve"].with_user(self.owner).with_context(**context)
            wizard = wizard.create({"answer": "We looked into it"})
            self.assertEqual(wizard.line_ids.mapped("amount_accepted"), [0])
            wizard.action_grant_all()
        self.assertEqual((dispute.state, dispute.amount_accepted), ("accepted", 100))

    def test_refusals_are_explained(self):
        with self._on():
            form = self._wizard()
            form.reason_id = self.reason
            form.note = "Too much"
            wizard = form.save()
            with self.assertRaisesRegex(UserError, "Nothing is selected"):
                wizard.action_confirm()
            wizard.line_ids.amount = 100.01
            with self.assertRaisesRegex(UserError, "higher than the open amount"):
                wizard.action_confirm()

    def test_what_is_disputed_already_is_not_offered(self):
        self._dispute()
        with self._on():
            self.assertFalse(self._wizard().line_ids._records)

    def test_smart_buttons_lead_to_the_disputes(self):
        dispute = self._dispute()
        action = self.customer.action_open_disputes()
        self.assertEqual(self.env["ar.dispute"].search(action["domain"]), dispute)
        self._resolve(dispute, 100, draft_credit=True)
        self.assertEqual(dispute.action_open_credit_notes()["res_id"], dispute.credit_note_ids.id)

    def test_disputed_invoices_are_found(self):
        self._dispute()
        found = self.env["account.move"].search([("ar_dispute_line_ids.dispute_id.state", "in", ("new", "review"))])
        self.assertEqual(found, self.invoice)

    def test_the_account_of_an_invoice_is_archived(self):
        self.customer.active = False
        for button in ("action_new_dispute", "action_ar_promise", "action_new_payment_plan"):
            with self.subTest(button), self.assertRaisesRegex(UserError, "is archived"):
                getattr(self.invoice, button)()


class TestAnalysis(ArDisputeCommon):
    def _read(self, *groupby, day):
        with self._on(day):
            return self.env["ar.dispute.report"]._read_group(
                [("company_id", "=", self.company.id)], groupby, ["__count", "age:avg", "days_to_resolve:avg"]
            )

    def test_by_reason_owner_age_outcome_and_days_to_resolve(self):
        self.env.user.tz = "Pacific/Kiritimati"  # where it is tomorrow: days are those of the company
        open_one = self._dispute(amount=10)
        answered = self._dispute(amount=20)
        self._resolve(answered, 0, day=FRIDAY)
        day = self.TODAY + timedelta(days=6)
        self.assertEqual(self._read("reason_id", "user_id", day=day), [(self.reason, self.owner, 2, 4.0, 2.0)])
        self.assertEqual(self._read("age_range", day=day), [("a", 1, 2.0, 2.0), ("b", 1, 6.0, 0)])
        self.assertEqual(
            {row[0]: row[1:3] for row in self._read("state", day=day)}, {"new": (1, 6), "rejected": (1, 2)}
        )
        with self._on(date(2026, 6, 18)):
            late = self.env["ar.dispute.report"].search([("is_late", "=", True), ("company_id", "=", self.company.id)])
            self.assertEqual(late.dispute_id, open_one)
        self.company.resource_calendar_id.tz = "Pacific/Auckland"  # where the next day begins at noon
        self.assertEqual(self._read("state", day=day)[0][1:3], (1, 7))
