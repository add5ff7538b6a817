from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from odoo.addons.ar_collections.tests.autopay.common_autopay import AutopayFactory

from .reconcile.common_stripe_lists import ArStripeListsCommon


@tagged("post_install", "-at_install")
class TestStripeChangedRequest(AutopayFactory, ArStripeListsCommon):
    """A charge without an answer whose customer moves before it is repeated: Odoo sends the address with it.

    Stripe refuses the repetition, which says nothing about the first request.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late(overdue_days=20, amount=300, name="Plan Payer")
        cls.token = cls._saved_method(provider=cls.provider, stripe_payment_method="pm_card_visa")
        cls.plan = cls._plan(cls.customer, cls.invoice)
        cls.first, cls.second, cls.third = cls.plan.installment_ids.sorted("date")

    def setUp(self):
        super().setUp()
        self.token.provider_ref = self.stripe._create_customer({})["id"]
        self._agree()
        self._announce()

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
