from odoo.tests import tagged

from ..portal.common_portal import ArPortalCommon


@tagged("post_install", "-at_install", "ar_tour")
class TestPlanTour(ArPortalCommon):
    """Tick, ask for installments, accept the plan, pay the first one: in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        demo = cls._prepare_provider("demo", company=cls.company, update_values={"is_published": True})
        demo.journal_id = cls.company_data["default_journal_bank"]
        cls.policy.plan_minimum_total = 0

    def test_pay_in_installments(self):
        self.start_tour(self._link(), "ar_collections_pay_in_installments")
        self.env.invalidate_all()
        plan = self.env["ar.payment.plan"].search([("customer_id", "=", self.customer.id)])
        self.assertEqual((plan.state, plan.accepted_name, plan.amount_left), ("active", "Pat Payer", 200.0))
        self.assertEqual(plan.installment_ids[0].amount_left, 0.0)


@tagged("post_install", "-at_install", "ar_tour")
class TestPlanTourOnAPhone(TestPlanTour):
    browser_size = "375x667"
    touch_enabled = True
