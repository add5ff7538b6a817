from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.ar_collections.tests.autopay.common_autopay import AutopayFactory

from .events.common_stripe_events import ArStripeEventsCommon


@tagged("post_install", "-at_install")
class TestStripeExpiry(AutopayFactory, ArStripeEventsCommon):
    """Stripe tells when a saved card expires."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late(overdue_days=20, amount=300, name="Plan Payer")
        cls.token = cls._saved_method(provider=cls.provider, stripe_payment_method="pm_1")
        cls.plan = cls._plan(cls.customer, cls.invoice)

    def _refresh(self, day=None, **method):
        if method:
            self.stripe.methods["pm_1"] = {"id": "pm_1", "object": "payment_method", **method}
        self.token._ar_refresh_expiry(day or self.TODAY)
        return self.token.ar_expires_on

    def test_a_card(self):
        last = self._refresh(type="card", card={"brand": "visa", "exp_month": 2, "exp_year": 2028})
        self.assertEqual(str(last), "2028-02-29")

    def test_a_bank_account_has_none(self):
        self.assertFalse(self._refresh(type="us_bank_account", us_bank_account={"last4": "6789"}))

    def test_a_method_that_stripe_does_not_know(self):
        self.assertFalse(self._refresh())

    def test_what_was_known_stays_where_stripe_is_not_there(self):
        self._refresh(type="card", card={"exp_month": 12, "exp_year": 2028})
        self.stripe.down = True
        with self.assertRaises(ValidationError):
            self._refresh(self._in(40))
        self.assertEqual((str(self.token.ar_expires_on), self.token.ar_expiry_asked_on), ("2028-12-31", self.TODAY))

    def test_the_customer_is_told(self):
        self.stripe.methods["pm_1"] = {"id": "pm_1", "card": {"exp_month": 6, "exp_year": 2026}}
        self._agree()
        self._charge(0)
        notices = self.env["ar.communication"].sudo().search([("notice", "=", "autopay_expiring")])
        self.assertEqual((len(notices), str(self.token.ar_expires_on)), (1, "2026-06-30"))
