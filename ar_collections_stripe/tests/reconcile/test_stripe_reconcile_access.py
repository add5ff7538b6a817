from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..test_stripe_access import ROLES
from .common_stripe_lists import ArStripeListsCommon


@tagged("post_install", "-at_install")
class TestStripeReconcileAccess(ArStripeListsCommon):
    """Who may see differences, and who may compare."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.difference = cls.differences.create(
            {
                "provider_id": cls.provider.id,
                "kind": "twice",
                "number": "ch_1",
                "created": fields.Datetime.now(),
                "found_on": fields.Datetime.now(),
                "currency_id": cls.company.currency_id.id,
            }
        )
        cls.users = {role: cls._user(role, login=f"{role}-difference") for role in ROLES}
        cls.administrator = cls._user("auditor", login="administrator-difference")
        cls.administrator.group_ids |= cls.env.ref("base.group_system")
        cls.portal = cls.env["res.users"].create(
            {"name": "P", "login": "portal-diff", "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)]}
        )

    def test_roles_read_and_nobody_writes(self):
        for user in (*self.users.values(), self.administrator):
            difference = self.difference.with_user(user)
            self.assertTrue(difference.read(["kind", "advice", "amount", "reference"]))
            for operation in ("write", "create", "unlink"):
                self.assertFalse(difference.has_access(operation))
        for user in (self.portal, self.env.ref("base.public_user")):
            self.assertFalse(self.difference.with_user(user).has_access("read"))

    def test_another_company_sees_nothing(self):
        company = self._create_company(name="Other")
        user = self.users["credit_manager"]
        user.write({"company_ids": [Command.set(company.ids)], "company_id": company.id})
        self.assertFalse(self.difference.with_user(user).has_access("read"))

    @mute_logger("odoo.models", "odoo.addons.base.models.ir_model")
    def test_only_administrators_compare(self):
        for user in self.users.values():
            with self.assertRaises(AccessError):
                self.provider.with_user(user).action_ar_stripe_reconcile()
        action = self.provider.with_user(self.administrator).action_ar_stripe_reconcile()
        self.assertEqual(action["res_model"], "ar.stripe.difference")

    def test_views_open_for_who_may_use_them(self):
        for view in ("list", "form", "search"):
            self.assertTrue(self.difference.with_user(self.users["auditor"]).get_view(view_type=view)["arch"])
        self.assertIn(
            "action_ar_stripe_reconcile", self.provider.with_user(self.administrator).get_view(view_type="form")["arch"]
        )
        menu = self.env.ref("ar_collections_stripe.ar_stripe_difference_menu")
        self.assertIn(menu.id, self.env["ir.ui.menu"].with_user(self.users["auditor"])._visible_menu_ids())
