from odoo.exceptions import UserError, ValidationError

from .common_score import ArScoreCommon


class TestSegments(ArScoreCommon):
    """Policies by risk class and size, and proposals to move customers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.strict = cls._policy(name="Strict", sequence=1, best_class="D", worst_class="E")
        cls.manager = cls._user("manager")

    def _move(self):
        with self._on():
            self.customer.sudo()._update_policies()
        self.env.invalidate_all()

    def _risk(self, risk_class, turnover=0):
        self.customer.sudo().write({"risk_class": risk_class, "annual_turnover": turnover})

    def test_customers_enter_the_policy_of_their_class(self):
        self.assertEqual(self.customer.policy_id, self.policy)
        for risk_class, policy in (("C", self.policy), ("D", self.strict), ("E", self.strict), ("B", self.policy)):
            self._risk(risk_class)
            self._move()
            self.assertEqual(self.customer.policy_id, policy, risk_class)

    def test_customers_enter_the_policy_of_their_size(self):
        self.strict.write({"best_class": False, "worst_class": False, "turnover_from": 1000, "turnover_to": 5000})
        for turnover, policy in (
            (999.99, self.policy), (1000, self.strict), (4999.99, self.strict), (5000, self.policy),
        ):  # fmt: skip
            self._risk("C", turnover)
            self._move()
            self.assertEqual(self.customer.policy_id, policy, turnover)

    def test_new_customers_are_newcomers(self):
        self.strict.write({"best_class": "C", "worst_class": "C"})
        self.assertEqual(self._customer(self._partner(name="New")).policy_id, self.strict)

    def test_bounds_that_nobody_is_within_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "better class first"):
            self.strict.write({"best_class": "E", "worst_class": "A"})
        with self.assertRaisesRegex(ValidationError, "lower amount first"):
            self.policy.write({"turnover_from": 10, "turnover_to": 10})

    def test_a_policy_may_wait_for_a_person(self):
        self.strict.assigns_itself = False
        self._risk("E")
        self._move()
        self.assertEqual((self.customer.policy_id, self.customer.proposed_policy_id), (self.policy, self.strict))
        with self.assertRaises(UserError):
            self.customer.with_user(self.collector).action_accept_policy()
        with self._on():
            self.customer.with_user(self.manager).action_accept_policy()
        self._move()
        self.assertEqual(self.customer.policy_id, self.strict)
        self.assertFalse(self.customer.proposed_policy_id)

    def test_a_proposal_is_refused_for_good(self):
        self.strict.assigns_itself = False
        self._risk("E")
        self._move()
        with self._on():
            self.customer.with_user(self.manager).action_keep_policy()
        self._move()
        self.assertEqual(self.customer.policy_override_id, self.policy)
        self.assertFalse(self.customer.proposed_policy_id)

    def test_a_proposal_that_is_over_disappears(self):
        self.strict.assigns_itself = False
        self._risk("E")
        self._move()
        self._risk("B")
        self._move()
        self.assertFalse(self.customer.proposed_policy_id)

    def test_a_policy_set_on_the_customer_comes_first(self):
        self.customer.policy_override_id = self.policy
        self._risk("E")
        self._move()
        self.assertEqual(self.customer.policy_id, self.policy)
        self.assertFalse(self.customer.proposed_policy_id)
