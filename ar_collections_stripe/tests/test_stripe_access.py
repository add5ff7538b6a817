from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .events.common_stripe_events import SECRET, ArStripeEventsCommon

ROLES = ("auditor", "collector", "manager", "credit_manager")


@tagged("post_install", "-at_install")
class TestStripeAccess(ArStripeEventsCommon):
    """Who may see and do what."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.event = cls.events.create(
            {
                "provider_id": cls.provider.id,
                "event_id": "evt_1",
                "type": "charge.refunded",
                "created": fields.Datetime.now(),
                "state": "failed",
            }
        )
        cls.users = {role: cls._user(role, login=f"{role}-stripe") for role in ROLES}
        cls.administrator = cls._user("collector", login="administrator-stripe")
        cls.administrator.group_ids |= cls.env.ref("base.group_system")
        cls.portal = cls.env["res.users"].create(
            {"name": "P", "login": "portal-stripe", "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)]}
        )
        cls.portal, cls.public = cls.portal.sudo(), cls.env.ref("base.public_user").sudo()

    def _may(self, user, records, operation):
        return records.with_user(user).has_access(operation)

    def test_events_are_for_administrators_and_nobody_writes_them(self):
        for user in (*self.users.values(), self.portal, self.public):
            self.assertFalse(self._may(user, self.event, "read"))
        self.assertTrue(self._may(self.administrator, self.event, "read"))
        for operation in ("write", "create", "unlink"):
            self.assertFalse(self._may(self.administrator, self.event, operation))

    def test_only_administrators_retry(self):
        for user in (*self.users.values(), self.portal, self.public):
            with self.assertRaises(AccessError):
                self.event.with_user(user).action_retry()
        self.event.with_user(self.administrator).action_retry()
        self.assertEqual(self.event.state, "received")

    def test_chargebacks_are_read_by_roles_and_written_by_nobody(self):
        _transaction, intent = self._pay_by_card(self.new)
        self.stripe.dispute(intent)
        self._deliver_all(self.stripe.events[-1])
        chargeback = self.chargebacks.search([])
        for user in self.users.values():
            self.assertTrue(chargeback.with_user(user).read())
            for operation in ("write", "create", "unlink"):
                self.assertFalse(self._may(user, chargeback, operation))
        for user in (self.portal, self.public):
            self.assertFalse(self._may(user, chargeback, "read"))

    def test_other_companies_see_nothing(self):
        company = self._create_company(name="Other")
        self.administrator.write({"company_ids": [Command.set(company.ids)], "company_id": company.id})
        self.assertFalse(self._may(self.administrator, self.event, "read"))

    @mute_logger("odoo.models", "odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_secrets_are_for_administrators_alone(self):
        for user in (*self.users.values(), self.portal, self.public):
            for name in ("ar_stripe_webhook_secret", "ar_stripe_account", "ar_stripe_missing"):
                with self.subTest(user=user.login, name=name), self.assertRaises(AccessError):
                    self.provider.with_user(user).read([name])
            with self.assertRaises(AccessError):
                self.provider.with_user(user).search([("ar_stripe_webhook_secret", "=like", f"{SECRET[:6]}%")])

    def test_views_open_for_who_may_use_them(self):
        for user, records in ((self.administrator, self.event), (self.users["auditor"], self.chargebacks)):
            for view in ("list", "form", "search"):
                self.assertTrue(records.with_user(user).get_view(view_type=view)["arch"])
        self.assertIn("action_ar_stripe_test", self.provider.with_user(self.administrator).get_view()["arch"])
