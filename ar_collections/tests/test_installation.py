from odoo import Command
from odoo.tests import TransactionCase, tagged

from ..hooks import _give_roles, _keep_used_products
from .common import ArCommon


@tagged("post_install", "-at_install")
class TestInstallation(TransactionCase):
    """What the users of accounting find after the installation: a role that corresponds to theirs, and the menus."""

    @classmethod
    def _user(cls, login, *groups):
        ids = [cls.env.ref(group).id for group in groups]
        values = {"name": login, "login": login, "email": f"{login}@example.com", "group_ids": [Command.set(ids)]}
        return cls.env["res.users"].create(values)

    def _menus(self, user):
        """Return the external names of the menus of ours that the user sees."""
        visible = self.env["ir.ui.menu"].with_user(user).load_menus(False)
        names = self.env["ir.ui.menu"].browse(key for key in visible if key != "root").sudo().get_external_id()
        return {name.removeprefix("ar_collections.") for name in names.values() if name.startswith("ar_collections.")}

    def test_an_administrator_of_accounting_becomes_a_credit_manager_who_invoices_an_auditor(self):
        manager = self._user("books", "account.group_account_manager")
        billing = self._user("billing", "account.group_account_invoice")
        other = self._user("other", "base.group_user")
        _give_roles(self.env)
        roles = {
            user: [name for name in ("credit_manager", "collector", "auditor")
                   if user.has_group(f"ar_collections.ar_collections_group_{name}")]
            for user in (manager, billing, other)
        }  # fmt: skip
        self.assertEqual(roles, {manager: ["credit_manager", "collector", "auditor"], billing: ["auditor"], other: []})
        self.assertIn("ar_activation_menu", self._menus(manager))
        self.assertIn("ar_customer_menu", self._menus(billing))

    def test_who_has_a_role_keeps_it(self):
        collector = self._user("collects", "ar_collections.ar_collections_group_collector")
        _give_roles(self.env)
        self.assertFalse(collector.has_group("ar_collections.ar_collections_group_manager"))

    def test_an_auditor_sees_rules_board_approvals_and_preview_but_does_not_activate(self):
        menus = self._menus(self._user("audits", "ar_collections.ar_collections_group_auditor"))
        wanted = {"ar_credit_policy_menu", "ar_reminder_schedule_menu", "ar_assignment_rule_menu", "ar_team_board_menu",
                  "ar_approval_menu", "ar_preview_menu", "ar_dashboard_menu"}  # fmt: skip
        self.assertEqual(wanted - menus, set())
        self.assertNotIn("ar_activation_menu", menus)


class TestRemoval(ArCommon):
    def test_products_on_documents_stay_archived_and_odoo_deletes_the_others(self):
        used, unused = (self.env.ref(f"ar_collections.product_{name}") for name in ("late_interest", "legal_cost"))
        line = Command.create({"product_id": used.id, "price_unit": 40.0, "tax_ids": []})
        values = {"move_type": "out_invoice", "partner_id": self._partner().id, "invoice_line_ids": [line]}
        self.env["account.move"].create(values)
        _keep_used_products(self.env(su=True))
        self.assertEqual((used.active, unused.active), (False, True))
        names = [("module", "=", "ar_collections"), ("model", "in", ("product.product", "product.template"))]
        owned = {(name.model, name.res_id) for name in self.env["ir.model.data"].sudo().search(names)}
        for product, is_owned in ((used, False), (unused, True)):
            for record in (product, product.product_tmpl_id):
                self.assertEqual((record._name, record.id) in owned, is_owned)
