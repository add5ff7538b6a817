from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError

from ..promises.common_promise import PromiseCommon


class TestVeto(PromiseCommon):
    """A later domain, or another module, forbids agreements that last too long: an example of the extension point."""

    REASON = "The credit insurance ends on 20 June."

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("credit_manager", login="veto-manager")

    def setUp(self):
        super().setUp()
        insured, last = self._debt(self.old).id, self.TODAY + timedelta(days=10)
        find_veto = self.registry["ar.customer"]._find_veto

        def veto(customer, item_ids, last_day):
            if insured in item_ids and last_day > last:
                return self.REASON
            return find_veto(customer, item_ids, last_day)

        self.enterContext(patch.object(self.registry["ar.customer"], "_find_veto", veto))

    def _plan_wizard(self, count):
        action = self.customer.with_user(self.manager).action_new_payment_plan()
        wizard = self.env["ar.payment.plan.new"].with_user(self.manager).browse(action["res_id"])
        wizard.write({"count": count, "first_date": self.TODAY + timedelta(days=1)})
        return wizard

    def test_promises_until_then_and_of_other_items_are_accepted(self):
        self.assertEqual(self._promise(promised=self.TODAY + timedelta(days=10)).state, "open")
        self.assertEqual(self._promise({self.new: None}).state, "open")

    def test_a_later_promise_is_refused_and_staff_read_why(self):
        self.assertRefused("vetoed")
        wizard = self._wizard(self.manager)
        wizard.date = self.PROMISED
        with self._on(), self.assertRaisesRegex(UserError, self.REASON):
            wizard.action_record()

    def test_customers_read_that_it_cannot_be_agreed_and_not_why(self):
        self.assertIn("cannot be agreed", self.customer._get_promise_refusal("vetoed"))

    def test_a_plan_is_an_error_that_nobody_can_approve(self):
        with self._on():
            wizard = self._plan_wizard(count=1)
            self.assertFalse(wizard.errors)
            wizard.count = 4
            self.assertIn(self.REASON, wizard.errors)
            with self.assertRaisesRegex(UserError, "cannot be agreed"):
                wizard.action_activate()
