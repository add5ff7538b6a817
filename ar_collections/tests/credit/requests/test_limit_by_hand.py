from datetime import timedelta

from odoo.exceptions import UserError

from .common_request import ArRequestCommon


class TestLimitByHand(ArRequestCommon):
    """Limits that credit managers enter on the account go by the same authority as requests."""

    def test_up_to_the_own_authority(self):
        self._authority(self.credit_manager, 8000)
        self._limit(self.customer, 8000)
        for values in ({}, {"credit_limit_kind": "none", "credit_limit": 0}):
            with self.assertRaisesRegex(UserError, "higher than you may approve"), self.env.cr.savepoint():
                self._limit(self.customer, **{"amount": 8000.01, **values})
        with self.assertRaisesRegex(UserError, "higher than you may approve"), self.env.cr.savepoint():
            self._limit(
                self.customer, 8000, temporary_limit_kind="amount", temporary_limit=9000, temporary_until=self.TODAY
            )

    def test_what_needs_two_persons_is_requested(self):
        self.policy.write({"uses_second_approval": True, "second_above": 6000})
        self._limit(self.customer, 6000)
        with self.assertRaisesRegex(UserError, "two persons"), self.env.cr.savepoint():
            self._limit(self.customer, 6001)
        self.assertEqual(self._limit_of(), ("amount", 6000))

    def test_a_limit_may_always_be_lowered(self):
        self._authority(self.credit_manager, 10)
        self.policy.write({"uses_second_approval": True, "second_above": 0})
        self._limit(self.customer, 4999)
        self.assertEqual(self._limit_of(), ("amount", 4999))

    def test_a_temporary_limit_is_not_prolonged_alone(self):
        far = self.TODAY + timedelta(days=3000)
        temporary = {"temporary_limit_kind": "amount", "temporary_limit": 9000}
        self._limit(self.customer, 5000, **temporary, temporary_until=self.TODAY + timedelta(days=5))
        self._authority(self.credit_manager, 8000)
        customer = self.customer.with_user(self.credit_manager)
        for day in (self.TODAY, self.TODAY + timedelta(days=10)):  # it applies; it has ended
            with self._on(day), self.assertRaisesRegex(UserError, "higher than you may"), self.env.cr.savepoint():
                customer.temporary_until = far
        with self._on():
            customer.temporary_until = self.TODAY  # shorter is always possible
        self.assertEqual(self.customer.temporary_until, self.TODAY)
