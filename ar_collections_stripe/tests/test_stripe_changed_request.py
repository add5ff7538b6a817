from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from odoo.addons.ar_collections.tests.autopay.common_autopay import StripeAutopayFactory

from .reconcile.common_stripe_lists import ArStripeListsCommon


@tagged("post_install", "-at_install")
class TestStripeChangedRequest(StripeAutopayFactory, ArStripeListsCommon):
    """A charge without an answer whose customer moves before it is repeated: Odoo sends the address with it.

    Stripe refuses the repetition, which says nothing about the first request.
    """

    def _hours_later(self, hours, work):
        with freeze_time(fields.Datetime.to_datetime(self._in(5)) + timedelta(hours=12 + hours)):
            work()
        self.env.invalidate_all()

    def _repeat_elsewhere(self):
        """Repeat the charge an hour later, after the customer has moved."""
        self.customer.partner_id.street = "2 Other Road"
        self._hours_later(1, lambda: self.env["ar.payment.plan.installment"]._run_autopay(self.company))

    def test_one_that_went_through_is_found_and_made_once(self):
        self.stripe.mute = True
        self._charge(5)
        self.stripe.mute = False
        self._repeat_elsewhere()
        self.assertEqual(self._outcomes(), [(1, "unknown")], "Neither declined nor charged again.")
        self._hours_later(30, self.env["payment.provider"]._ar_ask_about_unanswered)
        self.assertEqual((self._outcomes(), len(self.stripe.charges)), ([(1, "done")], 1))
