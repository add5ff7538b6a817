from datetime import timedelta
from decimal import Decimal

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form
from odoo.tools import mute_logger

from .common_plans import ArPlanCommon


class TestPlanWizard(ArPlanCommon):
    """Negotiating: what is typed shows at once, and nothing is stored before a button is pressed."""

    def _open(self, user=None, source=None):
        """Open the form from the customer's account (or an invoice); return the wizard."""
        with self._on():
            action = (source or self.customer).with_user(user or self.collector).action_new_payment_plan()
        return self.env["ar.payment.plan.new"].with_user(user or self.collector).browse(action["res_id"])

    def _decide(self, action, user=None, **values):
        """Fill the form that an action opened, and confirm it."""
        wizard = self.env["ar.payment.plan.decide"].with_user(user or self.collector).browse(action["res_id"])
        wizard.write(values)
        with self._on():
            return wizard.action_confirm()

    def test_what_is_late_is_ticked(self):
        future = self._invoice(self.customer.partner_id, -20, 50.0)
        wizard = self._open()
        self.assertEqual(wizard.line_ids.filtered("ticked").move_id, self.old + self.new)
        self.assertIn(future, wizard.line_ids.move_id)
        self.assertEqual(wizard.amount_total, 400.0)

    def test_from_an_invoice_it_alone_is_ticked(self):
        wizard = self._open(source=self.new)
        self.assertEqual(wizard.line_ids.filtered("ticked").move_id, self.new)

    def test_the_preview_follows_what_is_typed(self):
        with self._on(), Form(self._open()) as form:
            form.count = 3
            amounts = [row["amount"] for row in form.installment_ids._records]
            self.assertEqual(amounts, [133.34, 133.33, 133.33])
            self.assertFalse(form.warnings)
            form.count = 9
            self.assertIn("more installments", form.warnings)
            form.split_by = "amount"
            form.amount = 150
            self.assertEqual([row["amount"] for row in form.installment_ids._records], [150, 150, 100])
            form.first_date = self.TODAY - timedelta(days=1)
            self.assertIn("past", form.errors)
            form.first_date = self.TODAY
            form.down_payment = 500
            self.assertIn("do not add up", form.errors)
        self.assertFalse(self.env["ar.payment.plan"].search([("customer_id", "=", self.customer.id)]))

    def test_propose(self):
        wizard = self._open()
        with self._on():
            action = wizard.action_propose()
        plan = self.env["ar.payment.plan"].browse(action["res_id"])
        self.assertEqual((plan.state, plan.requested_by_id, plan.amount_total), ("proposed", self.collector, 400.0))

    def test_agreed_on_the_telephone(self):
        wizard = self._open()
        with self._on():
            action = wizard.action_activate()
        self._decide(action, how="phone", name="The bookkeeper", reason="Call of this morning")
        plan = self.env["ar.payment.plan"].search([("customer_id", "=", self.customer.id)])
        self.assertEqual((plan.state, plan.accepted_name, plan.accepted_how), ("active", "The bookkeeper", "phone"))
        self.assertEqual(plan.consent_note, "Call of this morning")

    def test_beyond_the_policy_it_waits_for_approval(self):
        wizard = self._open()
        wizard.count = 9
        with self._on():
            wizard.action_propose()
        plan = self.env["ar.payment.plan"].search([("customer_id", "=", self.customer.id)])
        self.assertEqual((plan.state, plan.needs_approval), ("draft", True))

    def test_a_counter_offer(self):
        plan = self._draft(count=9)
        with self._on():
            action = plan.with_user(self.credit_manager).action_change()
            wizard = self.env["ar.payment.plan.new"].with_user(self.credit_manager).browse(action["res_id"])
            wizard.count = 5
            wizard.action_propose()
        self.assertEqual((plan.state, len(plan.installment_ids)), ("proposed", 5))

    def test_a_change_begins_with_what_was_agreed(self):
        self.policy.plan_workdays = True
        plans = self.env["ar.payment.plan"].with_user(self.collector)
        first, lines = self._in_days(10), self._debts(self.old, self.new)  # a Saturday: the first payment is on Monday
        amounts = dict(zip(lines.ids, (Decimal(200), Decimal(100)), strict=True))
        for split in ({"count": 4, "down_payment": Decimal(120)}, {"amount": Decimal(80), "down_payment": Decimal(90)}):
            with self.subTest(split=split), self._on():
                schedule = self.customer._get_schedule(Decimal(300), self.company.currency_id, "month", first, **split)
                plan = plans._make(self.customer, amounts, schedule, requested_by_id=self.collector.id)
                before = self._read_contents(plan)
                action = plan.with_user(self.collector).action_change()
                wizard = self.env["ar.payment.plan.new"].with_user(self.collector).browse(action["res_id"])
                self.assertEqual(wizard.first_date, first)
                wizard.action_draft()
                self.assertEqual(self._read_contents(plan), before)

    def _read_contents(self, plan):
        rows = plan.installment_ids.sorted("number")
        return plan.line_ids.mapped("amount"), [(row.date, row.amount) for row in rows], plan.frequency

    def test_a_manager_who_goes_further_than_was_asked_for_does_not_approve_it(self):
        for requested, offered, approves in ((9, 8, True), (3, 9, False)):
            plan = self._draft(count=requested)
            with (
                self.subTest(requested=requested, offered=offered),
                self._on(),
                self.env.cr.savepoint() as savepoint,
            ):
                action = plan.with_user(self.credit_manager).action_change()
                wizard = self.env["ar.payment.plan.new"].with_user(self.credit_manager).browse(action["res_id"])
                wizard.count = offered
                wizard.action_draft()
                self.assertTrue(plan.needs_approval)
                if approves:
                    plan.with_user(self.credit_manager).action_approve()
                else:
                    with self.assertRaisesRegex(UserError, "another credit manager"):
                        plan.with_user(self.credit_manager).action_approve()
                savepoint.rollback()

    def test_items_of_another_customer_are_refused(self):
        wizard = self._open()
        foreign = self._invoice(self._partner(name="Somebody Else"), 5, 900.0)
        wizard.sudo().line_ids = [
            Command.create({"move_line_id": self._debt(foreign).id, "ticked": True, "free": 900, "amount": 900})
        ]
        with self._on(), self.assertRaises(UserError):
            wizard.action_draft()
        self.assertFalse(self.env["ar.payment.plan"].search([("customer_id", "=", self.customer.id)]))

    def test_more_than_is_open_is_refused(self):
        wizard = self._open()
        wizard.line_ids[0].amount = 5000
        with self._on(), self.assertRaises(UserError):
            wizard.action_draft()

    def test_on_invoice_and_account(self):
        plan = self._active(self.old, count=2)
        moves = self.env["account.move"].with_user(self.collector)
        self.assertEqual(moves.search([("ar_in_plan", "=", True)]), self.old)
        self.assertEqual(moves.browse(self.old.id).ar_payment_plan_ids, plan)
        self.assertEqual(self.customer.payment_plan_count, 1)
        self.assertEqual(self.customer.action_open_payment_plans()["domain"], [("customer_id", "=", self.customer.id)])


class TestWhoMayDoWhat(ArPlanCommon):
    """Allowed and refused, role by role."""

    ROLES = ("auditor", "collector", "manager", "credit_manager")

    def _assert_allowed(self, roles, press):
        for role in self.ROLES:
            user = self._user(role, login=f"plan-{role}-{press.__name__}")
            with self.subTest(role=role), self.env.cr.savepoint() as savepoint, self._on():
                if role in roles:
                    press(user)
                else:
                    with mute_logger("odoo.addons.base.models.ir_rule", "odoo.models"), self.assertRaises(UserError):
                        press(user)
                savepoint.rollback()
                self.env.invalidate_all()

    def _confirm(self, plan, user, decision):
        """Confirm a decision without having opened its dialog by the button."""
        wizard = self.env["ar.payment.plan.decide"].sudo().create({"plan_id": plan.id, "decision": decision})
        wizard.write({"name": "Pat Payer", "reason": "For a reason"})
        wizard.with_user(user).action_confirm()

    def test_make(self):
        def make(user):
            self.customer.with_user(user).action_new_payment_plan()

        self._assert_allowed(("collector", "manager", "credit_manager"), make)

    def test_propose(self):
        plan = self._draft()

        def propose(user):
            plan.with_user(user).action_propose()

        self._assert_allowed(("collector", "manager", "credit_manager"), propose)

    def test_activate(self):
        plan = self._draft()

        def activate(user):
            self._confirm(plan, user, "activate")

        self._assert_allowed(("collector", "manager", "credit_manager"), activate)

    def test_approve_and_refuse(self):
        plan = self._draft(count=9)

        def approve(user):
            plan.with_user(user).action_approve()

        def refuse(user):
            self._confirm(plan, user, "refuse")

        self._assert_allowed(("credit_manager",), approve)
        self._assert_allowed(("credit_manager",), refuse)

    def test_cancel(self):
        draft, active = self._draft(self.new), self._active(self.old)

        def cancel_draft(user):
            self._confirm(draft, user, "cancel")

        def cancel_active(user):
            self._confirm(active, user, "cancel")

        self._assert_allowed(("collector", "manager", "credit_manager"), cancel_draft)
        self._assert_allowed(("manager", "credit_manager"), cancel_active)

    def test_reinstate(self):
        plan = self._active()
        self._night(self._in_days(41))
        self.assertEqual(plan.state, "broken")

        def reinstate(user):
            self._confirm(plan, user, "reinstate")

        self._assert_allowed(("manager", "credit_manager"), reinstate)

    def test_nobody_writes_a_plan_by_hand(self):
        plan = self._draft()
        for user in (self.collector, self.credit_manager):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                plan.with_user(user).write({"amount_total": 1})
            with self.assertRaises(AccessError):
                plan.with_user(user).installment_ids.write({"amount": 1})

    def test_another_companys_collector_sees_nothing(self):
        plan = self._draft()
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._user(
            "credit_manager", login="plan-stranger", company_id=other.id, company_ids=[Command.set(other.ids)]
        )
        plans = self.env["ar.payment.plan"].with_user(stranger)
        self.assertFalse(plans.search([("id", "=", plan.id)]))
        with mute_logger("odoo.addons.base.models.ir_rule"), self.assertRaises(AccessError):
            plans.browse(plan.id).action_approve()

    def test_the_form_of_an_own_customer_changes_no_other_plan(self):
        plan = self._draft()
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._user(
            "collector", login="plan-stranger", company_id=other.id, company_ids=[Command.set(other.ids)]
        )
        elsewhere = self._customer(company=other)
        for user, customer in ((stranger, elsewhere), (self.collector, self._late(name="Somebody Else")[0])):
            with self.subTest(user=user.login), self.assertRaises(UserError):
                wizards = self.env["ar.payment.plan.new"].with_user(user)
                values = {"customer_id": customer.id, "plan_id": plan.id, "first_date": self._in_days(7)}
                with mute_logger("odoo.addons.base.models.ir_rule"), self._on():
                    wizard = wizards.create({**values, "currency_id": plan.currency_id.id})
                    line = {"wizard_id": wizard.id, "move_line_id": self._debt(self.old).id, "ticked": True}
                    wizard.line_ids = (
                        self.env["ar.payment.plan.new.line"].with_user(user).create({**line, "amount": 300.0})
                    )
                    wizard.action_draft()
        self.assertEqual(plan.amount_total, 400.0)
