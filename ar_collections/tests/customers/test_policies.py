from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tools import mute_logger

from ..common import PROBLEM_LOG, ArCommon


class TestPolicies(ArCommon):
    """Which rules apply to whom: the policy set on the account, else the first whose filter matches."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.sequence = 100
        cls.vip = cls._policy(name="VIP", sequence=10, partner_domain="[('ref', '=', 'VIP')]")
        cls.large = cls._policy(name="Large", sequence=20, partner_domain="[('ref', 'in', ['VIP', 'LARGE'])]")
        cls.override = cls._policy(name="Chosen", sequence=5, partner_domain="[('id', '=', 0)]")

    def _policy_of(self, **values):
        return self._customer(self._partner(**values)).policy_id

    def test_the_first_filter_in_sequence_wins(self):
        self.assertEqual(self._policy_of(ref="VIP"), self.vip)
        self.assertEqual(self._policy_of(ref="LARGE"), self.large)

    def test_the_policy_without_filter_is_for_all_others(self):
        for domain in ("[]", False, ""):
            self.policy.partner_domain = domain
            self.assertEqual(self._policy_of(ref="Other"), self.policy)

    def test_the_sequence_decides_not_the_age(self):
        self.large.sequence = 1
        self.assertEqual(self._policy_of(ref="VIP"), self.large)

    def test_the_policy_set_on_the_account_wins(self):
        customer = self._customer(self._partner(ref="VIP"), policy_override_id=self.override.id)
        self.assertEqual(customer.policy_id, self.override)
        customer.policy_override_id = False
        self.assertEqual(customer.policy_id, self.vip)

    @mute_logger(PROBLEM_LOG)
    def test_an_archived_policy_does_not_apply_where_it_was_set_by_hand(self):
        """The others apply at once; a problem says on how many customers it is set, until another one is chosen."""
        customer, _invoice = self._late(ref="VIP")
        customer.policy_override_id = self.override
        self.override.active = False
        self.assertEqual(customer.policy_id, self.vip)
        self.assertIn("(customers: 1)", self.override.warning)
        self._run()
        problems = self.env["ar.problem"].sudo()
        domain = [("res_model", "=", "ar.credit.policy"), ("res_id", "=", self.override.id)]
        self.assertIn("does not apply any more", problems.search(domain).message)
        customer.sudo().write({"proposed_policy_id": self.large.id, "policy_id": self.override.id})
        with self.assertRaisesRegex(UserError, "cannot be kept"):
            customer.with_user(self._user("manager")).action_keep_policy()
        customer.policy_override_id = False
        self.env.invalidate_all()
        self.assertFalse(self.override.warning)

    def test_a_deleted_policy_leaves_its_customers_to_the_others(self):
        customer = self._customer(self._partner(ref="VIP"))
        chosen = self._customer(self._partner(ref="VIP"), policy_override_id=self.override.id)
        self.assertEqual((customer.policy_id, chosen.policy_id), (self.vip, self.override))
        with self.assertRaisesRegex(UserError, "by hand on customers \\(1\\)"):
            self.override.unlink()
        self.vip.unlink()
        self.assertEqual((customer.policy_id, chosen.policy_id), (self.large, self.override))

    def test_the_run_rechecks_filters_because_they_depend_on_anything(self):
        customer, _invoice = self._late()
        self.assertEqual(customer.policy_id, self.policy)
        customer.partner_id.ref = "VIP"
        self._run()
        self.assertEqual(customer.policy_id, self.vip)

    def test_an_archived_customer_keeps_its_policy_in_any_company(self):
        customer, _invoice = self._late(ref="VIP")
        terms = self.env["account.payment.term"].create({"name": "Long", "company_id": self.company.id})
        customer.partner_id.with_company(self.company).property_payment_term_id = terms
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        for domain in ("[('ref', '=', 'VIP')]", f"[('property_payment_term_id', '=', {terms.id})]"):
            with self.subTest(domain=domain):
                self.vip.partner_domain = domain
                partner = customer.partner_id.with_company(elsewhere)
                self.assertEqual(self.vip.with_company(elsewhere)._match_partners(partner), {partner.id: self.vip})
        customer.partner_id.active = False
        self._run()
        self.assertEqual(customer.policy_id, self.vip)
        self.assertCode(customer, "archived")

    def test_archived_policies_do_not_apply(self):
        self.vip.active = False
        self.env.invalidate_all()
        self.assertEqual(self._policy_of(ref="VIP"), self.large)

    @mute_logger(PROBLEM_LOG)
    def test_a_customer_without_any_policy_is_not_contacted_and_stops_no_run(self):
        self.policy.active = False
        self.env.invalidate_all()
        customer, _invoice = self._late()
        self.assertFalse(customer.policy_id)
        summary = self._run()
        self.assertEqual((summary["contacted"], summary["failed"]), ({}, 0))
        self.assertEqual(self._states(customer), [])
        self.assertEqual(customer.decision_code, "no_policy")

    def test_a_bad_filter_is_refused(self):
        for domain in ("[('no_such_field', '=', 1)]", "[('name', '=', ", "__import__('os')", "name", "[(1, 2, 3, 4)]"):
            with self.subTest(domain=domain), self.assertRaisesRegex(ValidationError, "is invalid"):
                self.vip.partner_domain = domain

    def test_the_entry_step_belongs_to_the_policys_own_schedule(self):
        other = self._schedule({"days": 5})
        with self.assertRaisesRegex(ValidationError, "another schedule"):
            self.vip.entry_step_id = other.step_ids

    def test_numbers_out_of_range_are_refused(self):
        for values in (
            {"contacts_per_day": 0},
            {"contacts_per_7_days": -1},
            {"minimum_gap_days": -1},
            {"minimum_share": 101},
            {"minimum_balance": -1},
            {"review_above": -0.01},
        ):
            with self.subTest(values=values), mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
                self.vip.write(values)
                self.vip.flush_recordset()


class TestSchedules(ArCommon):
    def test_numbers_of_days_have_a_maximum(self):
        for record, name in (
            (self.policy, "minimum_gap_days"), (self.policy, "promise_tolerance_days"),
            (self.policy, "pending_payment_days"),
            (self.schedule.step_ids[0], "days"), (self.schedule.step_ids[0], "deadline_days"),
            (self.env.ref("ar_collections.limitation_rule_de"), "years"),
        ):  # fmt: skip
            with self.subTest(name), self.assertRaisesRegex(ValidationError, "at most"), self.cr.savepoint():
                record[name] = 30_000_000

    @mute_logger(PROBLEM_LOG)
    def test_an_archived_entry_step_sends_no_final_notice_first(self):
        self.assertFalse(self.policy.warning)
        self.policy.entry_step_id.active = False
        self.assertIn("is archived or belongs to another schedule", self.policy.warning)
        customer, _invoice = self._late(overdue_days=60)
        self._day()
        self.assertEqual([days for days, _state in self._states(customer)], [10])

    def test_two_steps_cannot_fall_on_one_day(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(Exception):  # noqa: B017, the database's own error
            self._schedule({"days": 3}, {"days": 3})

    def test_an_email_step_needs_a_template(self):
        with self.assertRaisesRegex(ValidationError, "email template"):
            self._schedule({"days": 3, "mail_template_id": False})
        self._schedule({"days": 3, "mail_template_id": False, "channel": "call"})

    def test_a_step_for_a_user_needs_the_user(self):
        with self.assertRaisesRegex(ValidationError, "who makes the calls"):
            self._schedule({"days": 3, "channel": "call", "responsible": "user"})

    @mute_logger(PROBLEM_LOG)
    def test_a_step_with_a_history_cannot_be_deleted_but_archived(self):
        (step,) = self._on_schedule({"days": 3})
        customer, _invoice = self._late()
        self._day()
        with self.assertRaisesRegex(Exception, "Archive it"):
            step.unlink()
        step.active = False
        self.assertEqual((step.schedule_id.step_ids, step.schedule_id.archived_step_count), (step.browse(), 1))
        archived = step.schedule_id.action_open_archived_steps()["domain"]
        self.assertEqual(step.with_context(active_test=False).search(archived), step)
        self._invoice(customer.partner_id, 6)
        self._run()
        self.assertEqual(self._states(customer), [(3, "sent")])

    def test_changes_of_steps_are_logged_with_their_values(self):
        manager = self._user("manager")
        changes = self.env["ar.setting.change"]
        before = changes.search([])
        self.friendly.sudo().write({"days": 4})  # no person decided it
        self.friendly.with_user(manager).write({"days": 5, "tone": "formal", "name": self.friendly.name})
        schedule = self.schedule.with_user(manager)
        schedule.write({"step_ids": [Command.create({"name": "Extra", "days": 90, "channel": "letter"})]})
        schedule.write({"step_ids": [Command.delete(schedule.step_ids.filtered(lambda step: step.days == 90).id)]})
        found = (changes.search([]) - before).sorted("id")
        self.assertEqual(found.mapped("kind"), ["changed", "created", "deleted"])
        self.assertEqual((found.user_id, found[0].res_model), (manager, "ar.reminder.step"))
        self.assertEqual(dict(changes._select_models())["ar.reminder.step"], "Reminder Step")
        self.assertEqual(found[0].record_name, f"{self.schedule.name} / {self.friendly.name}")
        self.assertCountEqual(found[0].text.splitlines(), ["Days after due date: 4 → 5", "Tone: Friendly → Formal"])
        self.assertIn("Days after due date: 90 → ", found[2].text)
        copy = self.schedule.sudo().copy().with_user(manager)
        copy.company_id = self.company
        copy.unlink()
        lost = (changes.search([]) - before - found).sorted("id")
        self.assertEqual(set(lost[1:-1].mapped("res_model")), {"ar.reminder.step"}, "Lines that the database deletes.")
        self.assertIn("Days after due date: 5 → ", "\n".join(lost[1:-1].mapped("text")))
        self.assertEqual((lost[0].kind, lost[-1].kind), ("changed", "deleted"))
        self.assertFalse(lost[0].company_id, "It was shared: auditors of all companies see it.")
        with self.assertRaisesRegex(UserError, "archive the user"):
            manager.sudo().unlink()

    def test_a_copy_has_the_same_steps(self):
        copy = self.schedule.copy()
        self.assertEqual(copy.step_ids.mapped("days"), self.schedule.step_ids.mapped("days"))
        self.assertIn("copy", copy.name)

    def test_the_schedule_of_a_policy_can_be_changed_at_any_time(self):
        customer, _invoice = self._late()
        self._run()
        self._on_schedule({"days": 2})
        self.assertEqual(len(self._deliver() + self._deliver()), 1)
        self.assertEqual(self._states(customer), [(3, "cancelled"), (2, "sent")])
