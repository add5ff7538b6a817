from odoo.tests import tagged

from ..portal.common_portal import ArPortalCommon
from .common_autopay import AutopayFactory


@tagged("post_install", "-at_install", "ar_tour")
class TestAutopayTour(AutopayFactory, ArPortalCommon):
    """Enrol by the link of an invitation, change the method, leave: on a phone, in a real browser."""

    browser_size = "390x844"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.demo = cls._demo_provider()

    def test_enrol_change_and_leave(self):
        self.start_tour(self._link(suffix="/autopay"), "ar_collections_account_autopay")
        self.env.invalidate_all()
        consents = self.env["ar.autopay.consent"].search([("customer_id", "=", self.customer.id)], order="id")
        self.assertEqual(len(consents), 2)
        first, second = consents
        self.assertEqual((first.charge_on, first.month_day, first.maximum_charge), ("month_day", 31, 150.0))
        self.assertEqual((second.charge_on, second.name), ("due_date", "Pat Payer"))
        self.assertTrue(first.ended_on and second.ended_on)
        self.assertFalse(self.customer.autopay_consent_id)
