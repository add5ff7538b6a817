from unittest.mock import patch

import psycopg2

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import mute_logger

from ..common import PROBLEM_LOG, ArCommon


class TestAssignment(ArCommon):
    """Rules assign customers to collectors, always in the same way, and never override a manual choice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.north, cls.south, cls.west = (cls._user("collector", login=login) for login in ("north", "south", "west"))
        cls.manager = cls._user("manager", login="assign-manager")

    @classmethod
    def _rule(cls, *users, **values):
        return cls.env["ar.assignment.rule"].create(
            {"name": "Rule", "company_id": cls.company.id, "user_ids": [Command.set([u.id for u in users])], **values}
        )

    def _opened(self, *names, **values):
        return [self._customer(self._partner(name=name, **values)) for name in names]

    def _assign(self, seconds=60, batch=250):
        """Work as the scheduled action does, without its commits."""
        progress = patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_options: seconds)
        with progress, patch("odoo.addons.ar_collections.models.customers.nightly.batch_run.BATCH", batch):
            nightly = self.env["ar.nightly"].sudo()
            (step,) = (step for step in nightly._get_steps() if step[0] == "assignment")
            for company in self.env["res.company"].search([("ar_policy_ids", "!=", False)]):
                nightly._run_step(step, company, self.TODAY, auto_commit=True)
        self.env.invalidate_all()

    # === WHICH CUSTOMERS === #

    def test_each_condition_narrows_the_rule(self):
        tag = self.env["res.partner.category"].create({"name": "Key account"})
        france = self.env.ref("base.fr")
        other_policy = self._policy(name="Other", sequence=1, partner_domain="[('ref', '=', 'other')]")
        fits = self._customer(
            self._partner(name="Émile", country_id=france.id, category_id=[Command.link(tag.id)], ref="other")
        )
        plain = self._customer(self._partner(name="Émile"))
        fits.balance = plain.balance = 100
        for values in (
            {"country_ids": [Command.link(france.id)]},
            {"category_ids": [Command.link(tag.id)]},
            {"policy_ids": [Command.link(other_policy.id)]},
            {"partner_domain": "[('ref', '=', 'other')]"},
        ):
            rule = self._rule(self.north, **values)
            with self.subTest(values=values):
                self.assertEqual(set(rule._plan(fits | plain)), {fits.id})
        tag.active = False  # a condition counts as long as nobody removes it
        tagged = self.env["ar.assignment.rule"].search([("category_ids", "!=", False)])
        self.assertFalse(set(tagged._plan(plain)))
        with self.assertRaisesRegex(UserError, "conditions of the assignment rules “Rule”"):
            tag.with_user(self.manager).sudo().unlink()
        for values, expected in (
            ({"amount_from": 100}, {fits.id, plain.id}),
            ({"amount_from": 100.01}, set()),
            ({"amount_to": 100}, set()),
            ({"amount_to": 100.01}, {fits.id, plain.id}),
            ({}, {fits.id, plain.id}),
        ):
            with self.subTest(values=values):
                self.assertEqual(set(self._rule(self.north, **values)._plan(fits | plain)), expected)

    def test_first_letters_and_ranges(self):
        alpha, mike, zulu = self._opened("alpha", "Mike", "Zulu")
        rule = self._rule(self.north, letters="A-F, m")
        self.assertEqual(set(rule._plan(alpha | mike | zulu)), {alpha.id, mike.id})
        for letters in ("A-", "AB", "%", "A F", "Z-A", "ß", "A-ß"):
            with self.subTest(letters=letters), self.assertRaisesRegex(ValidationError, "letters and ranges"):
                rule.letters = letters

    def test_who_is_no_collector_gets_no_customers(self):
        auditors = [Command.set(self.env.ref("ar_collections.ar_collections_group_auditor").ids)]
        rule = self._rule(self.north, self.south, letters="A-F")
        self.south.group_ids = auditors
        one, two = self._opened("Alpha", "Bravo")
        self.assertEqual((one | two).user_id, self.north)
        with self.assertRaisesRegex(UserError, "no collector"):
            self._rule(self.south)
        with self.assertRaisesRegex(UserError, "no collector"):
            one.with_user(self.manager).user_id = self.south
        self.north.group_ids = auditors  # nobody of the rule is left: the next one is asked
        self._rule(self.west, sequence=rule.sequence + 1)
        (three,) = self._opened("Charlie")
        self.assertEqual(three.user_id, self.west)
        with mute_logger(PROBLEM_LOG):
            self._assign()
        problem = self.env["ar.problem"]._search_open(rule, "assignment")
        self.assertIn("assigns no customers", problem.message)
        rule.user_ids = self.west
        with mute_logger(PROBLEM_LOG):
            self._assign()
        self.assertTrue(problem.solved_on)

    def test_a_broken_rule_is_refused_while_somebody_looks(self):
        with self.assertRaisesRegex(ValidationError, "are invalid"):
            self._rule(self.north, partner_domain="[('nonsense', '=', 1)]")
        with self.assertRaisesRegex(ValidationError, "Choose a collector"):
            self._rule()
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.CheckViolation), self.env.cr.savepoint():
            self._rule(self.north, amount_from=5, amount_to=5)

    def test_a_rule_that_broke_later_stops_no_invoice_and_no_night(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        other = self._customer(self._partner(name="Other"), elsewhere)
        colleague = self._user("collector", login="dora", company_id=elsewhere.id, company_ids=elsewhere.ids)
        self._rule(colleague, company_id=elsewhere.id)
        rule = self._rule(self.north)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ar_assignment_rule SET partner_domain = %s WHERE id = %s", ["[('gone','=',1)]", rule.id]
        )
        self.env.invalidate_all()
        with self.assertLogs("odoo.addons.ar_collections.models.team.ar_assignment_rule", "WARNING") as logs:
            invoice = self._invoice(self._partner(name="Alpha"), 4)
        self.assertIn(self.company.name, logs.output[0])
        account = self.env["ar.customer"].search([("partner_id", "=", invoice.partner_id.id)])
        self.assertEqual((invoice.state, account.user_id.ids), ("posted", []))
        nightly_logs = (
            f"odoo.addons.ar_collections.models.customers.nightly.{name}" for name in ("ar_nightly", "ar_problem")
        )
        with mute_logger(*nightly_logs), patch.object(self.env.cr, "rollback"):
            self._assign()
        self.assertEqual(other.user_id, colleague)
        rule.partner_domain = "[]"
        self._assign()
        self.assertEqual(account.user_id, self.north)

    # === WHO === #

    def test_the_first_rule_that_fits_applies(self):
        self._rule(self.north, letters="A", sequence=1)
        self._rule(self.south, sequence=2)
        alpha, mike = self._opened("Alpha", "Mike")
        self.assertEqual((alpha.user_id, mike.user_id), (self.north, self.south))

    def test_several_collectors_get_the_same_number_of_customers(self):
        earlier = self._opened("One", "Two")
        earlier[0].user_id = earlier[1].user_id = self.north
        self._rule(self.north, self.south, self.west)
        given = self._opened("A", "B", "C", "D", "E")
        self.assertEqual(
            [customer.user_id for customer in given], [self.south, self.west, self.south, self.west, self.north]
        )

    def test_the_same_customers_are_planned_the_same_way_in_any_order(self):
        customers = self.env["ar.customer"].union(*self._opened("A", "B", "C", "D", "E"))
        rules = self._rule(self.north, self.south) | self._rule(self.west, letters="E", sequence=1)
        plan = rules._plan(customers)
        self.assertEqual(rules._plan(customers.sorted("id", reverse=True)), plan)
        logins = [user.login for _rule, user in map(plan.get, customers.ids)]
        self.assertEqual(logins, ["north", "south"] * 2 + ["west"])

    def test_who_left_or_works_elsewhere_gets_nobody(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self._rule(self.north, self.south, self.west)
        self.north.active = False
        self.south.write({"company_ids": [Command.set(elsewhere.ids)], "company_id": elsewhere.id})
        (customer,) = self._opened("Alpha")
        self.assertEqual(customer.user_id, self.west)
        self.west.active = False
        self.assertFalse(self._opened("Beta")[0].user_id)

    def test_a_rule_comes_before_the_policys_default_collector(self):
        (before,) = self._opened("Before")
        self.assertEqual(before.collector_id, self.collector)
        self._rule(self.north)
        (after,) = self._opened("After")
        self.assertEqual(after.collector_id, self.north)

    # === NEVER OVERRIDING === #

    def test_a_manual_assignment_stays_also_to_nobody(self):
        selected, emptied, left = self._opened("Chosen", "Emptied", "Left")
        selected.user_id = self.south
        emptied.user_id = self.south
        emptied.user_id = False
        self._rule(self.north)
        self._assign()
        self.assertEqual(
            (selected.user_id, emptied.user_id, left.user_id), (self.south, self.south.browse(), self.north)
        )

    def test_rules_do_not_move_what_they_gave_before(self):
        rule = self._rule(self.north)
        (customer,) = self._opened("Alpha")
        rule.user_ids = self.south
        self._assign()
        self.assertEqual(customer.user_id, self.north)

    def test_who_gets_a_collector_meanwhile_keeps_it(self):
        (customer,) = self._opened("Alpha")
        plan = self._rule(self.north)._plan(customer)
        customer.user_id = self.south
        self.assertFalse(self.env["ar.assignment.rule"]._assign(plan))
        self.assertEqual(customer.user_id, self.south)

    def test_the_account_shows_who_got_it_and_by_which_rule(self):
        (customer,) = self._opened("Alpha")
        rule = self._rule(self.north, name="The north")
        self.env.cr.precommit.clear()  # earlier changes of the test are not what is tested here
        tracked = rule.with_context(tracking_disable=False, mail_notrack=False)  # tests switch it off
        tracked._assign(tracked._plan(customer))
        self.env.cr.precommit.run()
        self.assertEqual((customer.assigned_by, customer.assignment_rule_id), ("rule", rule))
        message = customer.message_ids[0]
        self.assertIn("Assigned by the rule “The north”", message.body)
        self.assertEqual(message.tracking_value_ids.new_value_char, self.north.name)

    def test_a_manager_lets_the_rules_decide_again(self):
        (customer,) = self._opened("Alpha")
        customer.user_id = self.south
        self.assertFalse(customer.can_reassign)
        self._rule(self.north)
        self.env.invalidate_all()
        self.assertTrue(customer.can_reassign)
        with self.assertRaisesRegex(UserError, "Only the role “Collections Manager” may do this"):
            customer.with_user(self.south).action_assign_by_rules()
        customer.with_user(self.manager).action_assign_by_rules()
        self.assertEqual((customer.user_id, customer.assigned_by), (self.north, "rule"))

    # === WHEN === #

    def test_rules_that_look_at_amounts_wait_for_the_night(self):
        self._rule(self.north, amount_from=1000, sequence=1)
        self._rule(self.south, sequence=2)
        customer, _invoice = self._late(5, 1500)
        self.assertFalse(customer.user_id)
        self._run()
        self._assign()
        self.assertEqual(customer.user_id, self.north)

    def test_the_night_goes_on_where_it_ran_out_of_time(self):
        customers = self.env["ar.customer"].union(*self._opened("A", "B", "C"))
        self._rule(self.north)
        self._assign(seconds=0, batch=1)
        self.assertEqual(len(customers.filtered("user_id")), 1)
        self._assign()
        self.assertEqual(customers.user_id, self.north)

    def test_companies_do_not_mix(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self._rule(self.north)
        other = self._customer(self._partner(name="Alpha"), company=elsewhere)
        self._assign()
        self.assertFalse(other.user_id)

    # === APPLY NOW === #

    def test_the_preview_counts_and_apply_does_as_it_states(self):
        customers = self.env["ar.customer"].union(*self._opened("Alpha", "Able", "Mike"))
        self._rule(self.north, letters="A")
        action = self.env["ar.assignment.rule"].with_user(self.manager).action_preview()
        wizard = self.env["ar.assignment.apply"].with_user(self.manager).browse(action["res_id"])
        self.assertFalse(customers.user_id)
        self.assertEqual((wizard.line_ids.user_id, wizard.line_ids.number, wizard.total), (self.north, 2, 2))
        self.assertGreaterEqual(wizard.unmatched, 1)
        wizard.action_apply()
        self.assertEqual(customers.mapped(lambda c: c.user_id == self.north), [True, True, False])

    def test_collectors_neither_preview_nor_write_rules(self):
        rule = self._rule(self.north).with_user(self.north)
        with self.assertRaisesRegex(UserError, "Only the role “Collections Manager” may do this"):
            rule.action_preview()
        with self.assertRaises(AccessError):
            rule.name = "Mine"
