from odoo import Command

from .common_request import ArRequestCommon

#: What every RPC caller may send, so that Odoo logs nothing.
KEYS = dict.fromkeys(("tracking_disable", "mail_notrack", "mail_create_nolog", "mail_create_nosubscribe"), True)


class TestChangesAreTraced(ArRequestCommon):
    """No context key of a caller keeps changes of limits and settings from being logged."""

    def _tracked(self, record):
        self.flush_tracking()
        return set(record.sudo().message_ids.tracking_value_ids.field_id.mapped("name"))

    def test_a_limit_entered_by_hand(self):
        self._limit(self.customer.with_context(**KEYS), 4000)
        self.assertIn("credit_limit", self._tracked(self.customer))

    def test_an_approved_limit(self):
        request = self._request(20000)
        with self._on():
            request.with_user(self.credit_manager).with_context(**KEYS)._approve(self._amount(20000))
        self.assertEqual(self._limit_of(), ("amount", 20000))
        self.assertIn("credit_limit", self._tracked(self.customer))

    def test_a_policy_and_an_exclusion(self):
        self.policy.with_user(self.credit_manager).with_context(**KEYS).write({"effect_invoice": "warn"})
        self.assertIn("effect_invoice", self._tracked(self.policy))
        with self._on():
            exclusions = self.env["ar.credit.exclusion"].with_user(self.credit_manager).with_context(**KEYS)
            values = {"code": "overdue", "reason": "Season", "until": self.TODAY, "customer_id": self.customer.id}
            exclusion = exclusions.create({**values, "company_id": self.company.id})
            self.flush_tracking()  # of a new record nothing is tracked
            exclusion.write({"reason": "Another season"})
        self.assertIn("reason", self._tracked(exclusion))

    def test_a_class_set_manually(self):
        with self._on():
            action = self.customer.with_user(self.credit_manager).with_context(**KEYS).action_override_class()
            dialogs = self.env["ar.class.override"].with_user(self.credit_manager)
            dialog = dialogs.with_context(**action["context"], **KEYS)
            dialog.create({"risk_class": "A", "reason": "Known", "until": self.TODAY}).action_set()
        self.assertIn("risk_override", self._tracked(self.customer))

    def test_our_own_code_still_logs_nothing_where_it_decides_nothing(self):
        self._limit_quietly()
        self.assertNotIn("credit_limit", self._tracked(self.customer))

    def _limit_quietly(self):
        self.flush_tracking()
        self.customer.message_ids.sudo().unlink()
        self.customer.sudo().with_context(**KEYS).credit_limit = 4000

    def test_the_limit_on_the_contact(self):
        user = self.internal_user
        groups = ("account.group_account_invoice", "base.group_partner_manager")
        user.write(
            {
                "company_ids": [Command.link(self.company.id)],
                "company_id": self.company.id,
                "group_ids": [Command.link(self.env.ref(group).id) for group in groups],
            }
        )
        self.payer.with_user(user).with_company(self.company).with_context(**KEYS).credit_limit = 999999
        self.assertRegex(self.customer.message_ids[:1].body, "from .*5,000.00 to .*999,999.00")
        self.assertEqual(self._limit_of(), ("amount", 5000))
