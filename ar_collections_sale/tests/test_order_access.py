from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ar_collections.tests.access.test_screens_of_odoo import read_as_screen

from .common_order import ArOrderCommon


@tagged("post_install", "-at_install")
class TestOrderAccess(ArOrderCommon):
    """Who confirms orders needs no role of ours, and sees one line of the customer's credit, nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson = cls._user_of_odoo("sells", "sales_team.group_sale_salesman")
        cls.biller = cls._user_of_odoo("bills", "account.group_account_invoice", "sales_team.group_sale_salesman")

    def test_salespeople_and_billers_see_the_line_and_are_held(self):
        for user in (self.salesperson, self.biller):
            order = self._order(1600, user_id=user.id).with_user(user)
            with self.subTest(user=user.name), self._on():
                self.assertTrue(read_as_screen(order, "form") and read_as_screen(order, "list"))
                self.assertEqual(order.ar_credit_status, "hold")
                self.assertIn("1,000.00", order.ar_credit_text)
                with self.assertRaisesRegex(UserError, "Ask"):
                    order.action_confirm()

    def test_salespeople_confirm_what_is_within_the_limit(self):
        order = self._order(400, user_id=self.salesperson.id)
        self._confirm(order, self.salesperson)
        self.assertEqual(order.state, "sale")

    def test_salespeople_read_no_account(self):
        order = self._order(1600, user_id=self.salesperson.id).with_user(self.salesperson)
        with self._on():
            self.assertTrue(order.ar_credit_text)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            self.env["ar.customer"].with_user(self.salesperson).search([])

    def test_collectors_and_credit_managers_are_held_as_everybody(self):
        collector = self._user("collector", login="collects")
        manager = self._user("credit_manager", login="manages")
        for user in (collector, manager):
            user.group_ids |= self.env.ref("sales_team.group_sale_salesman_all_leads")
            order = self._order(1600)
            with self.subTest(user=user.name), self.assertRaises(UserError):
                self._confirm(order, user)

    def test_customers_in_the_portal_see_nothing_of_it(self):
        order = self._order(1600)
        portal = self._user_of_odoo("portal", "base.group_portal")
        portal.partner_id.parent_id = self.partner
        order.message_subscribe(portal.partner_id.ids)
        for name in ("ar_credit_text", "ar_credit_status"):
            with self.subTest(field=name), self.assertRaises(AccessError), mute_logger("odoo.models"):
                order.with_user(portal).read([name])

    def test_the_line_cannot_be_written(self):
        order = self._order(1600)
        order.write({"ar_credit_status": "good", "ar_credit_text": "Fine"})
        with self.assertRaises(UserError):
            self._confirm(order)

    def test_only_credit_managers_change_what_counts(self):
        manager = self._user("manager", login="steers")
        with self.assertRaises(AccessError):
            self.policy.with_user(manager).exposure_orders = False
        self.policy.with_user(self.credit_manager).exposure_orders = False

    def test_who_works_for_a_branch_is_held_by_the_limit_of_the_company(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.env.cr.precommit.run()
        self.salesperson.write({"company_ids": [Command.set(branch.ids)], "company_id": branch.id})
        order = self._order(1600, company_id=branch.id, user_id=self.salesperson.id)
        with self.assertRaises(UserError), self._on():
            order.with_user(self.salesperson).with_context(allowed_company_ids=branch.ids).action_confirm()
