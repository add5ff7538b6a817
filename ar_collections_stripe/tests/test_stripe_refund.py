from odoo.tests import tagged

from odoo.addons.ar_collections.tests.portal.payments import test_stripe_refund

from .events.common_stripe_events import ArStripeEventsCommon


@tagged("post_install", "-at_install")
class TestStripeRefundByEvents(ArStripeEventsCommon, test_stripe_refund.TestStripeRefund):
    """The refunds of the main add-on with this one installed: they are recorded from our table of events."""

    def _notify(self, *args, **kwargs):
        """Override to handle what Odoo's endpoint has stored."""
        response = super()._notify(*args, **kwargs)
        self._handle()
        return response
