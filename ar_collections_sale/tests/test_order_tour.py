from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from odoo.addons.ar_collections.core.credit.effect import BLOCK
from odoo.addons.ar_collections.tests.credit.requests.common_request import ArRequestCommon


@tagged("post_install", "-at_install", "ar_tour")
class TestOrderTour(ArRequestCommon, HttpCase):
    """From a quotation that is held over the request and its approval to the order, in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids |= cls.env.ref("sales_team.group_sale_manager")
        cls.policy.sudo().effect_order = BLOCK
        cls.salesperson.group_ids |= cls.env.ref("sales_team.group_sale_salesman")
        product = cls.env["product.product"].create({"name": "Work", "type": "service", "taxes_id": False})
        cls.order = cls.env["sale.order"].create(
            {
                "partner_id": cls.payer.id,
                "company_id": cls.company.id,
                "user_id": cls.salesperson.id,
                "order_line": [Command.create({"product_id": product.id, "price_unit": 12000, "tax_ids": []})],
            }
        )

    def test_from_the_held_quotation_to_the_order(self):
        for user in (self.salesperson, self.credit_manager):
            user.sudo().password = user.login
        with self.assertRaisesRegex(UserError, "is not confirmed"):
            self.order.with_user(self.salesperson).action_confirm()
        action = self.env.ref("sale.action_quotations_with_onboarding")
        url = f"/odoo/action-{action.id}/{self.order.id}"
        self.start_tour(url, "ar_collections_sale_request", login=self.salesperson.login)
        request = self.env["ar.credit.request"].search([("customer_id", "=", self.customer.id)])
        self.assertEqual((request.state, request.requested_by_id), ("open", self.salesperson))
        self.assertIn(self.order.name, request.reason)
        requests = self.env.ref("ar_collections.ar_credit_request_action")
        self.start_tour(
            f"/odoo/action-{requests.id}", "ar_collections_credit_approval", login=self.credit_manager.login
        )
        self.start_tour(url, "ar_collections_sale_confirm", login=self.salesperson.login)
        self.env.invalidate_all()
        self.assertEqual((self.order.state, self._limit_of()), ("sale", ("amount", 15000)))

    def test_whose_customer_it_is_not_gets_no_button(self):
        other = self._user("salesperson", login="other-salesperson")
        other.group_ids |= self.env.ref("sales_team.group_sale_salesman_all_leads")
        with self._on():
            self.assertTrue(self.order.with_user(self.salesperson).ar_can_request_limit)
            self.assertFalse(self.order.with_user(other).ar_can_request_limit)
            with self.assertRaises(UserError):
                self.order.with_user(other).action_ar_request_limit()
