from datetime import date
from decimal import Decimal

import psycopg2

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from .common_plans import ArPlanCommon


class TestDrafting(ArPlanCommon):
    def test_items_and_installments_add_up(self):
        plan = self._draft(count=3)
        self.assertEqual(plan.amount_total, 400.0)
        self.assertEqual(plan.line_ids.mapped("amount"), [300.0, 100.0])
        self.assertEqual(plan.installment_ids.mapped("amount"), [133.34, 133.33, 133.33])
        self.assertEqual((plan.state, plan.needs_approval, plan.amount_left), ("draft", False, 400.0))
        self.assertTrue(plan.name.startswith("PLAN/"))

    def test_a_draft_excludes_nothing(self):
        self._draft()
        self._run()
        self.assertCode(self.customer, "step_reached")

    def test_dates_fall_on_working_days_where_the_policy_states_it(self):
        self.policy.plan_workdays = True
        plan = self._draft(first=10)  # a Saturday
        self.assertEqual(plan.installment_ids[0].date, date(2026, 6, 22))

    def test_holidays_far_ahead_are_known(self):
        self.policy.write({"plan_workdays": True, "calendar_id": self.company.resource_calendar_id.id})
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Founding day",
                "calendar_id": self.policy.calendar_id.id,
                "company_id": self.company.id,
                "date_from": "2027-06-10 00:00:00",
                "date_to": "2027-06-10 23:00:00",
            }
        )
        plan = self._draft(count=13, first=0)
        self.assertEqual(plan.installment_ids[-1].date, date(2027, 6, 11))

    def test_what_cannot_be(self):
        other = self._invoice(self._partner(name="Somebody Else"), 10, 50.0)
        paid = self._invoice(self.customer.partner_id, 10, 50.0)
        lines = self._amounts(paid)
        with self._on():
            self._pay(paid)
            schedule = self.customer._get_schedule(Decimal(50), self.env.company.currency_id, "month", self.TODAY, 2)
            for amounts in (lines, self._amounts(other), self._amounts(self.old), {}):
                before = self.env["ar.payment.plan"].search_count([])
                with self.subTest(amounts=amounts), self.assertRaises(UserError):
                    self.env["ar.payment.plan"]._make(self.customer, amounts, schedule)
                self.assertEqual(self.env["ar.payment.plan"].search_count([]), before)

    def test_items_of_two_currencies_make_no_plan(self):
        self.env.ref("base.EUR").active = True
        foreign = self._invoice(self.customer.partner_id, 10, 100.0, currency_id=self.env.ref("base.EUR").id)
        with self.assertRaisesRegex(UserError, "one currency"):
            self._draft(self.old, foreign)

    def test_a_plan_in_a_foreign_currency_is_measured_in_it(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        foreign = self._invoice(self.customer.partner_id, 10, 100.0, currency_id=euro.id)
        plan = self._active(foreign, count=2)
        self.assertEqual((plan.currency_id, plan.amount_total, plan.amount_left), (euro, 100.0, 100.0))

    def test_a_first_date_in_the_past_is_refused(self):
        with self.assertRaisesRegex(UserError, "past"):
            self._draft(first=-1)

    def test_a_part_of_an_item(self):
        line = self._debt(self.old)
        with self._on():
            schedule = self.customer._get_schedule(Decimal(120), line.currency_id, "month", self.TODAY, 2)
            plan = self.env["ar.payment.plan"]._make(self.customer, {line.id: Decimal(120)}, schedule)
        self.assertEqual((plan.amount_total, plan.line_ids.residual_before), (120.0, 300.0))


class TestApproval(ArPlanCommon):
    def test_within_the_limits_nobody_is_asked(self):
        self.assertFalse(self._draft().needs_approval)

    def test_beyond_the_limits_the_policys_manager_gets_the_task(self):
        self.policy.manager_id = self.credit_manager
        plan = self._draft(count=8)
        self.assertTrue(plan.needs_approval)
        self.assertIn("more installments", plan.beyond_limits)
        self.assertEqual(plan.activity_ids.user_id, self.credit_manager)

    def test_a_manager_who_may_not_approve_gets_no_task(self):
        self.policy.manager_id = self._user("manager", login="head")
        task = self._draft(count=8).activity_ids
        self.assertTrue(task.user_id.has_group("ar_collections.ar_collections_group_credit_manager"))

    def test_when_the_approver_leaves_another_credit_manager_gets_the_task(self):
        first = self._user("credit_manager", login="first-approver")
        self.policy.manager_id = first
        plan = self._draft(count=8)
        task = plan.activity_ids
        self.assertEqual(task.user_id, first)
        first.action_archive()
        self.assertTrue(task.user_id.active and task.user_id != first)
        self.assertTrue(task.user_id.has_group("ar_collections.ar_collections_group_credit_manager"))

    def test_who_asked_never_gets_the_task(self):
        self.policy.manager_id = self.credit_manager
        plan = self._draft(count=8, user=self.credit_manager)
        self.assertNotEqual(plan.activity_ids.user_id, self.credit_manager)

    def test_it_is_neither_proposed_nor_activated_before_it_is_approved(self):
        plan = self._draft(count=8)
        with self._on():
            with self.assertRaisesRegex(UserError, "approve"):
                plan.action_propose()
            with self.assertRaisesRegex(UserError, "approve"):
                plan.sudo()._record_consent("phone", "Patient Payer", "Called")
        self.assertEqual(plan.state, "draft")

    def test_approved_it_may_be_proposed(self):
        plan = self._draft(count=8)
        with self._on():
            plan.with_user(self.credit_manager).action_approve()
            self.assertEqual(plan.approved_by_id, self.credit_manager)
            self.assertFalse(plan.activity_ids)
            plan.action_propose()
        self.assertEqual(plan.state, "proposed")

    def test_the_requester_never_approves(self):
        plan = self._draft(count=8, user=self.credit_manager)
        with self.assertRaisesRegex(UserError, "yourself"):
            plan.action_approve()

    def test_nor_does_a_collector_or_a_manager(self):
        plan = self._draft(count=8)
        for user in (self.collector, self.manager):
            with self.subTest(user=user.name), self.assertRaises(UserError):
                plan.with_user(user).action_approve()

    def test_a_change_voids_the_approval(self):
        plan = self._draft(count=8)
        with self._on():
            plan.with_user(self.credit_manager).action_approve()
            schedule = self.customer._get_schedule(Decimal(400), plan.currency_id, "month", self.TODAY, 12)
            plan.sudo()._change(self._amounts(self.old, self.new), schedule)
        self.assertEqual((plan.needs_approval, len(plan.installment_ids)), (True, 12))

    def test_the_counter_offer_of_a_manager_stays_the_collectors_request(self):
        plan = self._draft(count=12)
        with self._on():
            schedule = self.customer._get_schedule(Decimal(400), plan.currency_id, "month", self.TODAY, 8)
            plan.with_user(self.credit_manager).sudo()._change(self._amounts(self.old, self.new), schedule)
        self.assertEqual(plan.requested_by_id, self.collector)
        plan.with_user(self.credit_manager).action_approve()

    def test_refused_with_a_reason_for_the_requester(self):
        plan = self._draft(count=8)
        with self.assertRaises(UserError):
            plan.with_user(self.credit_manager).sudo()._refuse("")
        with self._on():
            plan.with_user(self.credit_manager).sudo()._refuse("Too long")
        self.assertEqual((plan.state, plan.ended_reason, self._notices(plan)), ("cancelled", "Too long", []))
        self.assertIn("Too long", str(plan.message_ids[0].body))

    def test_a_customer_who_asked_is_notified_why(self):
        plan = self._draft(count=8, origin="portal", requested_by_id=False)
        with self._on():
            plan.with_user(self.credit_manager).sudo()._refuse("We can offer six installments")
        self.assertEqual(self._notices(plan), ["plan_refused"])
        mail = self._deliver()[0]
        self.assertIn("We can offer six installments", mail["body"])


class TestAgreeing(ArPlanCommon):
    def test_proposed_and_accepted(self):
        plan = self._draft()
        with self._on():
            plan.action_propose()
            self.assertEqual((plan.state, plan.proposed_on), ("proposed", self.TODAY))
            plan.sudo()._accept("Pat Payer", "192.0.2.7", plan._get_shown_version())
        self.assertEqual((plan.state, plan.activated_on), ("active", self.TODAY))
        self.assertEqual((plan.accepted_name, plan.accepted_ip, plan.accepted_how), ("Pat Payer", "192.0.2.7", "page"))
        self.assertIn("3 days", plan.terms)
        self.assertEqual(self._notices(plan), ["plan_proposed", "plan_accepted"])

    def test_the_proposal_leads_to_the_page(self):
        plan = self._draft()
        with self._on():
            plan.action_propose()
        mail = self._deliver()[0]
        self.assertIn(f"/my/receivables/{self.customer.id}/plan/{plan.id}", mail["body"])
        self.assertIn("100.00", mail["body"])
        text = self._communications(self.customer)[-1]._get_plain_text()
        self.assertIn("- 1/4 on Jun 17, 2026: $\xa0100.00", text)
        self.assertIn("Total: $\xa0400.00", text)

    def test_the_agreement_is_attached(self):
        plan = self._active()
        confirmation = self.env["ar.communication"].search([("notice", "=", "plan_accepted")])
        self.assertFalse(confirmation.attachment_ids, "It is printed when the message is delivered.")
        self._deliver()
        self.assertIn(plan.name.replace("/", "-"), confirmation.attachment_ids.name)
        self.assertEqual(confirmation.message_id.attachment_ids, confirmation.attachment_ids)

    def test_a_proposal_is_not_notified_any_more_once_it_is_decided(self):
        plan = self._draft()
        with self._on():
            plan.action_propose()
            plan.sudo()._cancel("Changed our minds")
        self.assertEqual(self._deliver(), [])
        terms, self.policy.plan_terms = plan.terms, "Other terms."
        with self._on(), self.assertRaisesRegex(UserError, "already been made"):
            plan.action_propose()
        self.assertEqual(plan.terms, terms, "what was proposed")

    def test_terms_that_changed_meanwhile_are_not_accepted(self):
        plan = self._draft()
        with self._on():
            plan.action_propose()
            with self.assertRaisesRegex(UserError, "changed"):
                plan.sudo()._accept("Pat Payer", "192.0.2.7", "other")

    def test_its_mails_name_the_invoices_and_the_bank_account_of_the_next_installment(self):
        self.env["res.partner.bank"].create({"acc_number": "12345678", "partner_id": self.company.partner_id.id})
        plan = self._draft()
        with self._on():
            plan.action_propose()
            plan.sudo()._accept("Pat Payer", "192.0.2.7", plan._get_shown_version())
        proposed, accepted = self.env["ar.communication"].search([("agreement_id", "=", plan.id)], order="id")
        for text in (self.old.name, self.new.name, 'scope="col"'):
            self.assertIn(text, proposed.body)
            self.assertIn(text, accepted.body)
        self.assertNotIn("12345678", proposed.body)  # nothing is to be paid before it is accepted
        self.assertIn("100.00", accepted.body.split("By bank transfer")[1].split("12345678")[0])
        with self._on():  # nor does a statement ask for it: installments have bank details of their own
            (printed,) = self.customer._get_statement_values()["transfers"]
        self.assertEqual((printed["amount"], printed["number"]), ("", "12345678"))

    def test_accepting_twice_changes_nothing(self):
        plan = self._draft()
        with self._on():
            plan.action_propose()
            plan.sudo()._accept("Pat Payer", "192.0.2.7", plan._get_shown_version())
            with self.assertRaises(UserError):
                plan.sudo()._accept("Pat Payer", "192.0.2.7", plan._get_shown_version())
        self.assertEqual(self._notices(plan).count("plan_accepted"), 1)

    def test_a_consent_needs_its_note(self):
        plan = self._draft()
        with self._on(), self.assertRaisesRegex(UserError, "signature"):
            plan.sudo()._record_consent("phone", "Patient Payer", " ")

    def test_what_was_open_is_remembered_at_activation(self):
        plan = self._draft(self.old, count=2)
        self.assertEqual(plan.line_ids.residual_before, 300.0)
        with self._on():
            plan.action_propose()
            self._pay(self.old, 50.0)
            with self.assertRaisesRegex(UserError, "paid"):  # the plan is about more than is open now
                plan.sudo()._accept("Pat Payer", "192.0.2.7", plan._get_shown_version())
        self.assertEqual(plan.state, "proposed")

    def test_a_proposal_whose_first_date_passed_is_not_accepted(self):
        plan = self._draft()
        with self._on():
            plan.action_propose()
        with self._on(self._in_days(8)), self.assertRaisesRegex(UserError, "past"):
            plan.sudo()._accept("Pat Payer", "192.0.2.7", plan._get_shown_version())

    def test_it_is_withdrawn_overnight_then(self):
        plan = self._draft()
        with self._on():
            plan.action_propose()
        self._night(self._in_days(7))
        self.assertEqual(plan.state, "proposed")
        self._night(self._in_days(8))
        self.assertEqual(plan.state, "cancelled")
        self.assertEqual(len(self._tasks(self.customer, "plan")), 1)

    def test_an_item_is_in_one_active_plan_only(self):
        first, second = self._draft(self.old), self._draft(self.old, self.new)
        with self._on():
            first.sudo()._record_consent("phone", "Patient Payer", "Called")
            with self.assertRaises(UserError):
                second.sudo()._record_consent("phone", "Patient Payer", "Called")
        self.assertEqual((first.state, second.state), ("active", "draft"))
        with self.assertRaises(UserError):
            self._draft(self.old)

    def test_the_database_keeps_it_even_without_the_check(self):
        self._active(self.old)
        other = (
            self.env["ar.payment.plan.line"]
            .sudo()
            .create(
                {
                    "plan_id": self._draft(self.new).id,
                    "move_line_id": self._debt(self.old).id,
                    "amount": 1,
                    "residual_before": 1,
                }
            )
        )
        with self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger("odoo.sql_db"):
            other.is_live = True
            self.env.flush_all()

    def test_an_invoice_in_a_plan_can_be_reset_to_draft(self):
        plan = self._active()
        self.old.button_draft()
        self.assertEqual((self.old.state, plan.state), ("draft", "active"))
