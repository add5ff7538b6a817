from odoo.tests import tagged

from ..portal.common_portal import ArPortalCommon


@tagged("post_install", "-at_install", "ar_tour")
class TestRecoveryTour(ArPortalCommon):
    """What is not done every day is in the Actions menu of the customer, in a real browser."""

    def test_the_actions_menu_of_a_customer(self):
        self.policy.workdays_only = False  # the tour runs on the real day, which may be one of a weekend
        user = self._user("collector", login="menu", password="menu-collector")
        self._run()
        action = self.env.ref("ar_collections.ar_customer_action")
        self.start_tour(f"/odoo/action-{action.id}", "ar_collections_action_menu", login=user.login)
        self.env.invalidate_all()
        self.assertEqual(self.customer.ability_ids.mapped("reason"), ["Lost the main customer"])
        self.assertEqual((self.customer.ability_ids.user_id, self.customer.ability_ids.origin), (user, "staff"))
        self.assertEqual(len(self.customer.insolvency_ids), 1)
        self.assertTrue(self.customer.is_all_insolvent)
