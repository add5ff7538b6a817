from datetime import timedelta

from odoo.tests import tagged

from ..portal.common_portal import ArPortalCommon


@tagged("post_install", "-at_install", "ar_tour")
class TestDashboardTour(ArPortalCommon):
    """The dashboard in a real browser; anything on its console fails the tour."""

    def _look(self, tour, **options):
        user = self._user("auditor", login="looks", password="looks-at-it")
        self.start_tour("/odoo/receivables", tour, login=user.login, **options)

    def test_from_the_dashboard_to_the_records_behind_it(self):
        self._run()
        yesterday = self.company._ar_today() - timedelta(days=1)
        self.env["ar.metric.snapshot"].sudo()._take(self.company, yesterday)
        self._look("ar_collections_dashboard")

    def test_on_a_phone(self):
        self._run()
        self.browser_size, self.touch_enabled = "390x844", True
        self._look("ar_collections_dashboard_phone")

    def test_before_anything_is_owed(self):
        (self.old | self.new).button_draft()
        self._look("ar_collections_dashboard_empty")
