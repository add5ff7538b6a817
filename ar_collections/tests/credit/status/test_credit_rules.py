from decimal import Decimal

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from odoo.addons.ar_collections.core.credit.rules import CreditRule

from ..common_credit import ArCreditCommon


class TestCreditRules(ArCreditCommon):
    """The rules of a policy: what is entered, what the core gets, who may change them."""

    def _rule(self, **values):
        policy = self.policy.with_user(self.credit_manager)
        policy.rule_ids = [Command.clear(), Command.create({"code": "overdue", "status": "hold", **values})]
        return policy.rule_ids

    def test_a_new_policy_has_rules_that_inform(self):
        codes = self._policy(name="New").rule_ids.mapped("code")
        self.assertLessEqual({"over_limit", "over_group_limit", "limit_used", "overdue", "broken_promise"}, set(codes))
        self.assertEqual(self.policy.effect_order, "inform")

    def test_a_copied_policy_has_copies_of_the_rules(self):
        self._rule(use_days=True, days=45)
        copied = self.policy.copy()
        self.assertEqual(copied.name, f"{self.policy.name} (copy)")
        self.assertEqual(copied.rule_ids.mapped("days"), [45])
        self.assertNotEqual(copied.rule_ids, self.policy.rule_ids)

    def test_zero_days_and_no_days_are_two_things(self):
        rule = self._rule(use_days=True, days=0)
        self.assertEqual(rule._get_rule().days, 0)
        rule.write({"use_days": False, "use_amount": True, "amount": 0.1})
        self.assertEqual((rule._get_rule().days, rule._get_rule().amount), (None, Decimal("0.1")))

    def test_values_that_the_rule_does_not_have_are_left_out(self):
        rule = self._rule(code="limit_used", use_percent=True, percent=90, use_days=True, days=5)
        self.assertEqual(rule._get_rule(), CreditRule("limit_used", "hold", percent=Decimal("90.0")))

    def test_terms_are_limited_by_class(self):
        rule = self._rule(code="terms_too_long", use_days=True, days=14, classes="e, d")
        self.assertEqual(rule._get_rule().terms, (("D", 14), ("E", 14)))
        self.assertIsNone(rule._get_rule().days)

    def test_rules_that_could_not_be_evaluated_are_refused_with_the_way_out(self):
        for values, text in (
            ({}, "Without a threshold"),
            ({"code": "limit_used"}, "Without a threshold"),
            ({"code": "risk_class"}, "Without a threshold"),
            ({"code": "risk_class", "classes": "F"}, "from A to E"),
            ({"code": "terms_too_long", "classes": "D"}, "Without a threshold"),
            ({"code": "broken_promise", "use_count": True, "count": 0}, "Without a threshold"),
            ({"use_days": True, "days": -1}, "negative"),
            ({"use_amount": True, "amount": float("nan")}, "numbers"),
            ({"use_percent": True, "percent": float("inf")}, "numbers"),
        ):
            with self.subTest(values=values), self.assertRaisesRegex(UserError, text), self.env.cr.savepoint():
                self._rule(**values)
        self.assertGreater(len(self.policy.rule_ids), 5)  # nothing is half saved

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_only_the_credit_manager_changes_rules(self):
        rule = self.policy.rule_ids[0]
        for role in ("auditor", "collector", "manager"):
            user = self._user(role, login=f"rules-{role}")
            self.assertTrue(rule.with_user(user).read(["code"]))
            for change in (
                lambda user=user: rule.with_user(user).write({"status": "warning"}),
                lambda user=user: rule.with_user(user).unlink(),
                lambda user=user: self.policy.with_user(user).write({"rule_ids": [Command.clear()]}),
                lambda user=user: self.policy.with_user(user).write({"overdue_disputed": True}),
            ):
                with self.assertRaises(AccessError):
                    change()

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_rules_of_another_company_are_hidden(self):
        elsewhere = self._create_company(name="Elsewhere")
        policy = self._policy(name="Theirs", company_id=elsewhere.id, user_id=False)
        with self.assertRaises(AccessError):
            policy.rule_ids[0].with_user(self.credit_manager).read(["code"])
        with self.assertRaises(AccessError):
            self.policy.rule_ids[0].with_user(self.credit_manager).write({"policy_id": policy.id})

    def test_changes_are_logged_with_the_policy(self):
        rule = self._rule(use_days=True, days=45)
        rule.days = 50
        self.assertIn("45", self.policy.message_ids[:1].body)
        self.assertIn("50", self.policy.message_ids[:1].body)
        rule.unlink()
        self.assertIn("Deleted", self.policy.message_ids[:1].body)

    def test_a_rule_that_moves_is_logged_on_both_policies(self):
        other = self._policy(name="Milder", user_id=False)
        rule = self._rule(use_days=True, days=45)
        rule.write({"policy_id": other.id, "days": 50})
        self.assertRegex(self.policy.message_ids[:1].body, "moved to another policy: .*45")
        self.assertRegex(other.message_ids[:1].body, "moved here from another policy: .*50")
