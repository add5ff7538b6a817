from odoo.tests import tagged

from ..portal.common_portal import ArPortalCommon


@tagged("post_install", "-at_install", "ar_tour")
class TestWorklistTour(ArPortalCommon):
    """A collector's next customer, in a real browser."""

    def setUp(self):
        super().setUp()
        self.policy.workdays_only = False  # the tours run on the real day, which may be one of a weekend

    def test_from_the_worklist_to_a_logged_call(self):
        user = self._user("collector", login="desk", password="desk-collector")
        self._run()
        action = self.env.ref("ar_collections.ar_customer_action")
        self.start_tour(f"/odoo/action-{action.id}", "ar_collections_log_call", login=user.login)
        self.env.invalidate_all()
        call = self._communications(self.customer)[-1]
        self.assertEqual((call.channel, call.state, call.call_result), ("call", "sent", "left_message"))
        self.assertEqual((call.user_id, call.note), (user, "Asked to be called back"))
        self.assertEqual(self._tasks(self.customer, "call").user_id, user)

    def test_from_the_worklist_through_a_call_to_a_promise(self):
        user = self._user("collector", login="desk", password="desk-collector")
        self._run()
        action = self.env.ref("ar_collections.ar_customer_action")
        self.start_tour(f"/odoo/action-{action.id}", "ar_collections_call_and_promise", login=user.login)
        self.env.invalidate_all()
        call = self._communications(self.customer).filtered(lambda made: made.channel == "call")
        self.assertEqual((call.state, call.call_result, call.user_id), ("sent", "promised", user))
        promise = self.env["ar.promise"].search([("customer_id", "=", self.customer.id)])
        self.assertEqual((promise.state, promise.amount_total), ("open", 300))

    def test_from_account_to_account(self):
        user = self._user("collector", login="desk", password="desk-collector")
        self._invoice(self._partner(name="Next in Line"), 3, 20)
        self._run()
        domain = [("company_id", "=", self.company.id), ("priority_score", ">", 0)]
        names = self.env["ar.customer"].search(domain).mapped("partner_id.name")
        self.assertEqual(names[:2], ["Portal Payer", "Next in Line"])
        action = self.env.ref("ar_collections.ar_customer_action")
        self.start_tour(f"/odoo/action-{action.id}", "ar_collections_log_and_next", login=user.login)
        self.env.invalidate_all()
        self.assertEqual(self.customer.worked_by_id, user)
