from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from .common_status import ArStatusCommon


class TestCreditExclusions(ArStatusCommon):
    """An exclusion lifts its own rule alone, up to its values, until its last day, and says so when it ends."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late(100, 500)

    def test_held_from_61_days_on_but_excluded_up_to_100(self):
        self._rules({"use_days": True, "days": 61})
        self._refresh(self.customer)
        self._exclude(self.customer, use_days=True, days=100)
        self.env.invalidate_all()
        self.assertEqual(self._status(self.customer), ("good", []))  # at once
        self.assertEqual(self._refresh(self.customer, self.TODAY + timedelta(days=1))[0], "hold")

    def test_excluded_while_less_than_an_amount_is_overdue(self):
        self._rules({"use_days": True, "days": 61})
        self._exclude(self.customer, use_amount=True, amount=500)
        self.assertEqual(self._refresh(self.customer)[0], "good")
        self._invoice(self.customer.partner_id, 70, 1)
        self.assertEqual(self._refresh(self.customer)[0], "hold")

    def test_other_rules_still_apply(self):
        self._rules({"use_days": True, "days": 61}, {"code": "over_limit"})
        self._limit(self.customer, 100)
        self._exclude(self.customer)
        self.assertEqual(self._refresh(self.customer), ("hold", ["over_limit"]))

    def test_the_narrowest_scope_takes_precedence(self):
        self._rules({"use_days": True, "days": 61})
        other, _invoice = self._late(100, 500, name="Other")
        self._exclude()
        self.assertEqual(self._refresh(self.customer)[0], "good")
        self._exclude(scope="segment", policy_id=self.policy.id, use_days=True, days=90)
        self.assertEqual(self._refresh(self.customer)[0], "hold")
        self._exclude(self.customer, use_days=True, days=110)
        self.assertEqual((self._refresh(self.customer)[0], self._refresh(other)[0]), ("good", "hold"))

    def test_one_for_all_reaches_those_on_hold_some_minutes_later(self):
        self._rules({"use_days": True, "days": 61})
        self._refresh(self.customer)
        self._exclude()
        self._book()
        self.env.invalidate_all()
        self.assertEqual(self._status(self.customer)[0], "good")

    def test_it_ends_by_itself_and_says_so_once(self):
        self._rules({"use_days": True, "days": 61})
        exclusion = self._exclude(self.customer)
        self._night(self.until)
        self.assertEqual((self._status(self.customer)[0], exclusion.ended_on), ("good", False))
        after = self.until + timedelta(days=1)
        self._night(after)
        self.assertEqual((self._status(self.customer)[0], exclusion.ended_on), ("hold", after))
        said = self.customer.message_ids.filtered(lambda message: "exclusion" in message.body)
        self._night(after)
        self.assertEqual(len(said), 1)
        self.assertEqual(self.customer.message_ids.filtered(lambda message: "exclusion" in message.body), said)

    def test_it_is_ended_early_and_stays_in_the_list(self):
        self._rules({"use_days": True, "days": 61})
        exclusion = self._exclude(self.customer)
        with self._on():
            exclusion.action_end()
        self.assertEqual((exclusion.ended_on, exclusion.is_active), (self.TODAY, False))
        self.env.invalidate_all()
        self.assertEqual(self._status(self.customer)[0], "hold")
        with self.assertRaisesRegex(UserError, "ended"):
            exclusion.reason = "Again"
        with self.assertRaisesRegex(UserError, "kept"):
            exclusion.sudo().unlink()

    def test_what_is_not_complete_is_refused_with_the_way_out(self):
        for values, text in (
            ({"reason": " "}, "reason"),
            ({"until": self.TODAY - timedelta(days=1)}, "passed"),
            ({"days": -1, "use_days": True}, "negative"),
            ({"count": 3, "use_count": True}, "no such value"),
            ({"amount": float("nan"), "use_amount": True}, "numbers"),
            ({"scope": "customer"}, "Choose the customer"),
            ({"scope": "all", "policy_id": self.policy.id}, "Choose the customer"),
        ):
            with self.subTest(values=values), self.assertRaisesRegex(UserError, text), self.env.cr.savepoint():
                self._exclude(**values)
        self.assertFalse(self.env["ar.credit.exclusion"].search([("company_id", "=", self.company.id)]))

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_only_the_credit_manager_makes_and_ends_exclusions(self):
        exclusion = self._exclude(self.customer)
        for role in ("auditor", "collector", "manager", "salesperson"):
            user = self._user(role, login=f"exclusion-{role}")
            with self.assertRaises(AccessError):
                self._exclude(self.customer, user=user)
            with self.assertRaises(UserError):
                exclusion.with_user(user).action_end()
            with self.assertRaises(AccessError):
                exclusion.with_user(user).write({"until": self.TODAY})
        for name, value in (("ended_on", False), ("user_id", self.collector.id)):
            with self.assertRaises(AccessError):
                exclusion.with_user(self.credit_manager).write({name: value})
        with self.assertRaises(AccessError):
            exclusion.with_user(self.credit_manager).unlink()

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_exclusions_of_another_company_are_neither_seen_nor_made(self):
        elsewhere = self._create_company(name="Elsewhere")
        theirs = self.env["ar.credit.exclusion"].create(
            {
                "company_id": elsewhere.id, "code": "overdue", "scope": "all", "reason": "Theirs",
                "until": self.until + timedelta(days=9999),
            }
        )  # fmt: skip
        with self.assertRaises(AccessError):
            theirs.with_user(self.credit_manager).read(["reason"])
        with self.assertRaises(AccessError):
            self._exclude(company_id=elsewhere.id)
        self._rules({"use_days": True, "days": 61})
        self.assertEqual(self._refresh(self.customer)[0], "hold")
