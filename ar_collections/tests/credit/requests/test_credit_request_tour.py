from odoo.tests import HttpCase, tagged

from .common_request import ArRequestCommon


@tagged("post_install", "-at_install", "ar_tour")
class TestCreditRequestTour(ArRequestCommon, HttpCase):
    """From the salesperson's request to the limit on the account, in a real browser."""

    def test_from_the_request_to_the_limit(self):
        for user in (self.salesperson, self.credit_manager):
            user.sudo().password = user.login
        action = self.env.ref("ar_collections.ar_customer_action_salesperson")
        action.sudo().context = {}  # customers that owe nothing, too
        self.start_tour(f"/odoo/action-{action.id}", "ar_collections_credit_request", login=self.salesperson.login)
        request = self.env["ar.credit.request"].search([("customer_id", "=", self.customer.id)])
        self.assertEqual((request.state, request.requested_by_id), ("open", self.salesperson))
        action = self.env.ref("ar_collections.ar_credit_request_action")
        self.start_tour(f"/odoo/action-{action.id}", "ar_collections_credit_approval", login=self.credit_manager.login)
        self.env.invalidate_all()
        self.assertEqual((request.state, request.decided_by_id), ("approved", self.credit_manager))
        self.assertEqual(self._limit_of(), ("amount", 15000))
