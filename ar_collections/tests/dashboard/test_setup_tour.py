from odoo.tests import tagged

from ..portal.common_portal import ArPortalCommon


@tagged("post_install", "-at_install", "ar_tour")
class TestSetupTour(ArPortalCommon):
    """The first ten minutes in a real browser; anything on its console fails the tour."""

    def test_from_the_panel_to_the_message_of_a_step(self):
        user = self._user("manager", login="sets-up-in-browser", password="sets-it-up-now")
        self.company.ar_active = False
        self.company.alias_domain_id = False  # something is left to do, so that the panel stays
        self.start_tour("/odoo/receivables", "ar_collections_setup", login=user.login)
