import json

from odoo.tests import tagged

from odoo.addons.ar_collections.tests.portal.payments.common_stripe import WEBHOOK_SECRET
from odoo.addons.ar_collections.tests.portal.payments.stripe_lookalike import sign

from .common_stripe_events import ArStripeEventsCommon
from .stripe_events_lookalike import sign_twice


@tagged("post_install", "-at_install")
class TestStripeOdooWebhook(ArStripeEventsCommon):
    """Odoo's own endpoint: signed events work as before, all others are refused."""

    def setUp(self):
        super().setUp()
        self.transaction, self.intent = self._start(self.new)
        self._confirm(self.intent)

    def test_unsigned_events_are_refused_where_no_secret_is_set(self):
        self.provider.stripe_webhook_secret = False
        for headers in ({}, {"Stripe-Signature": sign(json.dumps(self.stripe.events[-1]), "")}):
            self.assertEqual(self._notify(headers=headers).status_code, 403)
        self.assertEqual(self.transaction.state, "draft")

    def test_signed_events_are_processed_as_before(self):
        self.assertEqual(self._notify().status_code, 200)
        self.assertEqual(self.transaction.state, "done")

    def test_two_signatures_while_a_secret_is_rolled_in_either_order(self):
        payload = json.dumps(self.stripe.events[-1])
        for header in (
            sign_twice(payload, WEBHOOK_SECRET, "whsec_new"),
            sign_twice(payload, "whsec_new", WEBHOOK_SECRET),
        ):
            self.assertEqual(self._notify(headers={"Stripe-Signature": header}).status_code, 200)
        self.assertEqual(self.transaction.state, "done")

    def test_forged_old_and_future_events_are_refused(self):
        for values in ({"secret": "whsec_guessed"}, {"age": 3600}, {"age": -3600}, {"amount": 1}, {"headers": {}}):
            with self.subTest(values=values):
                self.assertEqual(self._notify(**values).status_code, 403)
        self.assertEqual(self.transaction.state, "draft")

    def test_a_refund_is_recorded_once_by_whichever_endpoint_it_comes(self):
        self._return(self.intent)
        self.stripe.refund(self.intent["id"], 1000)
        self.assertEqual([self._notify().status_code, self._send().status_code], [200, 200])
        self._handle()
        self._notify()
        self._handle()
        self.assertEqual(self.transaction.child_transaction_ids.mapped("amount"), [-10.0])
        self.assertEqual(self.transaction.child_transaction_ids.state, "done")

    def test_a_refund_event_in_a_newer_version_has_no_list_of_refunds(self):
        self._return(self.intent)
        self.stripe.refund(self.intent["id"], 1000)
        event = self.stripe.events[-1]
        del event["data"]["object"]["refunds"]
        self.assertEqual(self._notify(event).status_code, 200)
        self._handle()
        self.assertEqual(self.transaction.child_transaction_ids.mapped("amount"), [-10.0])

    def test_what_is_no_refund_event_is_refused(self):
        for data in (None, [], {"object": []}):
            response = self.url_open(
                "/payment/stripe/webhook",
                data=json.dumps({"type": "charge.refunded", "data": data}),
                headers={"Content-Type": "application/json"},
            )
            self.assertEqual(response.status_code, 400)

    def test_a_forged_refund_is_refused(self):
        self._return(self.intent)
        self.stripe.refund(self.intent["id"], 1000)
        self.assertEqual(self._notify(secret="whsec_guessed").status_code, 403)
        self.assertFalse(self._mine())
