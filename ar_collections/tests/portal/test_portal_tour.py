from odoo.tests import tagged

from .common_portal import ArPortalCommon


@tagged("post_install", "-at_install", "ar_tour")
class TestPortalTour(ArPortalCommon):
    """From a reminder's button to "thank you", in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        demo = cls._prepare_provider("demo", company=cls.company, update_values={"is_published": True})
        demo.journal_id = cls.company_data["default_journal_bank"]

    def _link_of_the_reminder(self):
        """Run the day and return the link of the mail's button, without the host."""
        self.policy.workdays_only = False
        self._run()
        communication = self._communications(self.customer)
        self.assertIn(communication._get_pay_url(), str(communication.body).replace("&amp;", "&"))
        return communication._get_pay_url() + f"&access_token={self._key(self.customer)}"

    def _assert_paid_as_selected(self):
        self.env.invalidate_all()
        self.assertEqual((self.old.amount_residual, self.new.amount_residual), (150.0, 0.0))

    def test_pay_two_and_change_one_amount(self):
        self.start_tour(self._link_of_the_reminder(), "ar_collections_pay_two")
        self._assert_paid_as_selected()


@tagged("post_install", "-at_install", "ar_tour")
class TestPortalTourOnAPhone(TestPortalTour):
    browser_size = "375x667"
    touch_enabled = True
