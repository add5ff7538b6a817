from datetime import date

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form

from .common_dispute import ArDisputeCommon

#: The dispute is raised on Wednesday, June 10, and to be answered by Wednesday, June 17.
MONDAY = date(2026, 6, 15)


class ArPassOnCommon(ArDisputeCommon):
    """A dispute of a wrong price that is about damaged goods, and who knows about those."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.carrier = cls._user("auditor", login="carrier", name="Who asks the carrier")
        cls.other_manager = cls._user("manager", login="other-manager")
        cls.damaged = cls.env["ar.dispute.reason"].create(
            {"name": "Damaged", "user_id": cls.carrier.id, "manager_id": cls.other_manager.id, "sla_days": 5}
        )

    def _dialog(self, dispute, user=None, **context):
        model = self.env["ar.dispute.pass.on"].with_user(user or self.collector)
        return model.with_context(default_dispute_id=dispute.id, **context)

    def _pass_on(self, dispute, user=None, day=None, context=None, **values):
        with self._on(day):
            dialog = self._dialog(dispute, user, **(context or {}))
            values = {name: value if name == "note" else value.id for name, value in values.items()}
            dialog.create({"note": "Please ask the carrier", **values}).action_pass_on()
            self.env.cr.precommit.run()
        self.env.invalidate_all()

    def _task(self, dispute, kind="dispute"):
        kind = self.env.ref(f"ar_collections.mail_activity_type_{kind}")
        return dispute.sudo().activity_ids.filtered(lambda task: task.activity_type_id == kind)


class TestPassOn(ArPassOnCommon):
    def test_another_reason_its_owner_and_the_task(self):
        dispute = self._dispute()
        self._pass_on(dispute, reason_id=self.damaged, day=MONDAY)
        self.assertEqual((dispute.reason_id, dispute.user_id), (self.damaged, self.carrier))
        self.assertEqual(dispute.date_deadline, date(2026, 6, 22))  # five working days from today
        task = self._task(dispute)
        self.assertEqual((len(task), task.user_id, task.date_deadline), (1, self.carrier, date(2026, 6, 22)))
        self.assertEqual(task.summary, "Damaged")
        self.assertFalse(dispute.escalated_on)

    def test_only_another_owner_has_no_more_time(self):
        dispute = self._dispute()
        self._pass_on(dispute, user_id=self.carrier, day=MONDAY)
        self.assertEqual((dispute.reason_id, dispute.user_id), (self.reason, self.carrier))
        self.assertEqual((dispute.date_deadline, self._task(dispute).user_id), (date(2026, 6, 17), self.carrier))

    def test_a_quick_reason_shortens_it(self):
        self.damaged.sla_days = 1
        dispute = self._dispute()
        self._pass_on(dispute, reason_id=self.damaged)
        self.assertEqual(dispute.date_deadline, date(2026, 6, 11))

    def test_passing_on_again_and_again_puts_off_no_answer(self):
        dispute = self._dispute()
        for reason in (self.damaged, self.reason, self.damaged):
            self._pass_on(dispute, reason_id=reason, day=date(2026, 6, 22))
        # Ten working days, those of both reasons.
        self.assertEqual(dispute.date_deadline, date(2026, 6, 24))

    def test_what_is_tracked_and_logged(self):
        dispute = self._dispute()
        self.env.cr.precommit.run()
        before = dispute.message_ids
        self._pass_on(
            dispute,
            reason_id=self.damaged,
            note="<b>Broken</b>",
            context={"tracking_disable": True, "mail_notrack": True},
        )
        (message,) = dispute.message_ids - before
        self.assertEqual(message.author_id, self.collector.partner_id)
        self.assertTrue(message.is_internal or message.subtype_id.internal)
        self.assertIn("&lt;b&gt;Broken", message.body)
        changed = set(message.sudo().tracking_value_ids.field_id.mapped("name"))
        self.assertEqual(changed, {"reason_id", "user_id"})
        note = self.customer.message_ids[:1].body
        self.assertIn("passed on to Who asks the carrier: Damaged, answer due by", note)

    def test_the_new_owner_answers_and_the_old_one_does_not(self):
        dispute = self._dispute()
        self._pass_on(dispute, user=self.owner, reason_id=self.damaged)
        with self.assertRaisesRegex(UserError, "Only the role"):
            self._resolve(dispute, 100)
        with self.assertRaisesRegex(UserError, "Only the role"):
            self._pass_on(dispute, user=self.owner, user_id=self.owner)
        self.assertFalse(dispute.with_user(self.owner).can_decide)
        self._resolve(dispute, 100, user=self.carrier)
        self.assertEqual((dispute.state, dispute.resolved_by_id), ("accepted", self.carrier))
        self.assertFalse(dispute.activity_ids.filtered(lambda task: task.user_id == self.owner))

    def test_the_analysis_has_the_present_reason_and_owner(self):
        dispute = self._dispute()
        self._pass_on(dispute, reason_id=self.damaged)
        self.env.flush_all()
        domain = [("company_id", "=", self.company.id)]
        found = self.env["ar.dispute.report"]._read_group(domain, ["reason_id", "user_id"], ["__count"])
        self.assertEqual(found, [(self.damaged, self.carrier, 1)])

    def test_what_is_answered_is_not_passed_on(self):
        dispute = self._dispute()
        self._resolve(dispute, 0)
        with self.assertRaisesRegex(UserError, "already resolved"):
            self._pass_on(dispute, reason_id=self.damaged)
        dispute.with_user(self.manager).action_reopen()
        self._pass_on(dispute, reason_id=self.damaged)
        self.assertEqual((dispute.state, dispute.user_id), ("review", self.carrier))

    def test_something_has_to_change(self):
        dispute = self._dispute()
        with self.assertRaisesRegex(UserError, "another owner or another reason"):
            self._pass_on(dispute)
        elsewhere = self._create_company(name="Elsewhere")
        self.manager.company_ids |= elsewhere
        for values in ({"company_id": elsewhere.id}, {"company_id": False, "active": False}):
            self.damaged.write(values)
            with self.subTest(values), self.assertRaisesRegex(UserError, "another owner or another reason"):
                self._pass_on(dispute, reason_id=self.damaged, user_id=self.carrier, user=self.manager)

    def test_disputes_of_a_day_that_shared_a_task(self):
        first, second = (self._dispute(amount=amount, origin="portal") for amount in (10, 20))
        self.assertEqual(len(self._task(first | second)), 1)
        self._pass_on(first, reason_id=self.damaged)
        self.assertEqual((self._task(first).user_id, self._task(second).user_id), (self.carrier, self.owner))
        self._pass_on(second, reason_id=self.damaged)
        self.assertEqual(self._task(first | second).user_id, self.carrier)
        self.assertEqual(len(self._task(first | second)), 1)

    def test_a_shared_task_forgets_what_another_owner_answers(self):
        """Of three disputes of a day the task stands on the first; the second has to be answered first."""
        quick = self.reason.copy({"name": "Quick", "sla_days": 1})
        first = self._dispute(amount=10, origin="portal")
        second = self._dispute(amount=20, origin="portal", reason=quick)
        third = self._dispute(amount=30, origin="portal")
        task = self._task(first)
        self.assertEqual((task.date_deadline, second.name in task.note), (date(2026, 6, 11), True))
        self._pass_on(second, user_id=self.carrier)
        self.assertEqual(self._task(second).user_id, self.carrier)
        task = self._task(first | third)
        self.assertEqual((task.res_id, task.user_id, task.date_deadline), (first.id, self.owner, date(2026, 6, 17)))
        self.assertNotIn(second.name, task.note)
        self.assertIn(third.name, task.note)
        self._resolve(third, 0)
        self.assertFalse(self._task(first).note)
        self._resolve(first, 0)
        self.assertFalse(self._task(first | third))

    def test_the_customer_is_told_of_a_later_day(self):
        fresh, reviewed = self._dispute(amount=10), self._dispute(amount=20)
        with self._on():
            reviewed.with_user(self.owner).action_review()
        before = self._notices()
        self._pass_on(fresh, reason_id=self.damaged, day=MONDAY)  # its review will tell the day
        self._pass_on(reviewed, user_id=self.carrier, day=MONDAY)  # the same day
        self.assertEqual(self._notices(), before)
        self._pass_on(reviewed, reason_id=self.damaged, day=MONDAY)
        self.assertEqual(self._notices(), [*before, "dispute_review"])
        self.assertIn("June 22, 2026", self._deliver(MONDAY)[-1]["body"])


class TestPassOnOwners(ArPassOnCommon):
    """Who may become the owner."""

    def _assert_no_owner(self, dispute, owner, user=None):
        with self.assertRaisesRegex(UserError, "cannot be the owner"):
            self._pass_on(dispute, user=user, user_id=owner)

    def test_users_who_may_not_answer(self):
        dispute, elsewhere = self._dispute(), self._create_company(name="Elsewhere")
        far = self._user("manager", login="far", company_id=elsewhere.id, company_ids=[Command.set(elsewhere.ids)])
        gone = self._user("auditor", login="gone", active=False)
        salesperson = self._user("salesperson", login="sells")
        for user in (self.internal_user, self.portal_user, far, gone, salesperson):
            with self.subTest(user.login):
                self._assert_no_owner(dispute, user, user=self.manager)
        self.assertEqual(dispute.user_id, self.owner)

    def test_nobody_but_a_manager_takes_it_over(self):
        dispute, second = self._dispute(), self._user("collector", login="second-collector")
        self._assert_no_owner(dispute, second, user=second)
        self._pass_on(dispute, user=second, user_id=self.carrier)
        self._pass_on(dispute, user=self.manager, user_id=self.manager)
        self.assertEqual(dispute.user_id, self.manager)
        self._pass_on(dispute, user=self.manager, user_id=second)
        self._pass_on(dispute, user=second, reason_id=self.damaged, user_id=second)  # who has it may correct the reason
        self.assertEqual((dispute.user_id, dispute.reason_id), (second, self.damaged))

    def test_who_recorded_it_does_not_become_the_owner(self):
        dispute = self._dispute()
        self._assert_no_owner(dispute, self.collector, user=self.owner)
        self._assert_no_owner(dispute, self.collector, user=self.manager)
        self.company.ar_write_off_alone = 1_000
        self._pass_on(dispute, user=self.owner, user_id=self.collector)
        self.assertEqual(dispute.user_id, self.collector)

    def test_the_rule_for_new_disputes_proposes_the_owner(self):
        dispute = self._dispute()
        with self._on(MONDAY):
            form = Form(self._dialog(dispute))
            self.assertEqual((form.reason_id, form.user_id, form.date_deadline),
                             (self.reason, self.owner, date(2026, 6, 17)))  # fmt: skip
            form.reason_id = self.damaged
            self.assertEqual((form.user_id, form.date_deadline), (self.carrier, date(2026, 6, 22)))
            self.assertIn(self.carrier, form.owner_ids)
            self.assertNotIn(self.collector, form.owner_ids)
            form.reason_id = self.reason
            self.assertEqual((form.user_id, form.date_deadline), (self.owner, date(2026, 6, 17)))
            # Its collector, who recorded it, and then nobody but the present owner.
            self.damaged.user_id = False
            form.reason_id = self.damaged
            form.note = "Damaged"
            form.save().action_pass_on()
        self.assertNotEqual(dispute.user_id, self.collector)
        self.assertEqual(dispute.reason_id, self.damaged)


class TestPassOnOverdue(ArPassOnCommon):
    """Disputes that were escalated."""

    def _escalate(self, dispute, day):
        with self._on(day):
            self.env["ar.dispute"].sudo()._escalate_overdue(self.company, day)
        self.env.invalidate_all()
        return self._task(dispute, "dispute_overdue").user_id

    def test_with_time_left_the_escalation_ends_and_comes_again(self):
        dispute, day = self._dispute(), date(2026, 6, 18)
        self.assertEqual(self._escalate(dispute, day), self.manager)
        self._pass_on(dispute, reason_id=self.damaged, day=day)
        self.assertEqual((dispute.date_deadline, dispute.escalated_on), (date(2026, 6, 24), False))
        self.assertFalse(self._task(dispute, "dispute_overdue"))
        self.assertEqual(self._escalate(dispute, date(2026, 6, 25)), self.other_manager)

    def test_without_it_stays_and_goes_to_the_manager_of_the_reason(self):
        dispute, day = self._dispute(), date(2026, 7, 1)
        self._escalate(dispute, day)
        self._pass_on(dispute, user_id=self.carrier, day=day)
        self.assertEqual(self._task(dispute, "dispute_overdue").user_id, self.manager)
        self._pass_on(dispute, reason_id=self.damaged, day=day)
        self.assertEqual((dispute.date_deadline, dispute.escalated_on), (date(2026, 6, 17), day))
        self.assertEqual(self._task(dispute, "dispute_overdue").user_id, self.other_manager)
        self.assertEqual(self._task(dispute).user_id, self.carrier)
