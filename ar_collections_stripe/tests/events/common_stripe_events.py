import json
import time
from datetime import timedelta

import stripe
from freezegun import freeze_time

from odoo import fields

from odoo.addons.ar_collections.tests.portal.payments.common_stripe import ArStripeCommon
from odoo.addons.ar_collections.tests.portal.payments.stripe_lookalike import sign

from ...const import HANDLERS, NEW_MINUTES
from .stripe_events_lookalike import ACCOUNT, StripeEventsLookalike

SECRET = "whsec_collections"


class ArStripeEventsCommon(ArStripeCommon):
    """A Stripe provider with our own endpoint, and the simulated server with events, disputes and methods."""

    _lookalike = StripeEventsLookalike

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider.write(
            {
                "ar_stripe_webhook_secret": SECRET,
                "ar_stripe_account": ACCOUNT,
                "ar_stripe_checked_on": "2026-01-01 00:00:00",
            }
        )
        cls.events = cls.env["ar.stripe.event"].sudo()
        cls.chargebacks = cls.env["ar.stripe.dispute"].sudo()

    def setUp(self):
        super().setUp()
        self.patch(stripe.HTTPClient, "INITIAL_DELAY", 0.01)  # of half a second, before each request that is repeated
        self.patch(
            self.env.registry["ar.stripe.client"],
            "_get_base_addresses",
            lambda _client: {"api": self.stripe.url, "files": self.stripe.url},
        )

    def _send(self, event=None, secret=SECRET, age=0, headers=None, provider=None, payload=None):
        """Deliver an event to our endpoint, the latest by default; return the response.

        :param age: seconds since it was signed
        :param headers: instead of a signature made with the secret
        :param payload: instead of the event
        """
        event = event or (self.stripe.events and self.stripe.events[-1]) or {}
        payload = json.dumps(event) if payload is None else payload
        if headers is None:
            headers = {"Stripe-Signature": sign(payload, secret, time.time() - age)}
        response = self.url_open(
            f"/ar_collections/stripe/webhook/{(provider or self.provider).id}",
            data=payload,
            headers={"Content-Type": "application/json", **headers},
        )
        if response.status_code == 200:
            self.stripe.undelivered.discard(event.get("id"))
        self.env.invalidate_all()
        return response

    def _register(self, **values):
        """Let Stripe know our endpoint, as it is after Create Webhook; return it."""
        self.stripe.endpoints["we_1"] = {
            "id": "we_1", "object": "webhook_endpoint", "status": "enabled", "enabled_events": sorted(HANDLERS),
            "url": f"https://erp.example.com/ar_collections/stripe/webhook/{self.provider.id}", **values,
        }  # fmt: skip
        return self.stripe.endpoints["we_1"]

    def _handle(self):
        """Handle the events that wait, as the scheduled action does."""
        for event in self.events._find_due():
            event._handle()
        self.env.invalidate_all()

    def _handle_later(self):
        """Handle what waited for a request of ours that might have been under way, when that is over."""
        with freeze_time(fields.Datetime.now() + timedelta(minutes=NEW_MINUTES)):
            self._handle()

    def _deliver_all(self, *events):
        """Deliver events, all by default, and handle them."""
        for event in events or list(self.stripe.events):
            self.assertEqual(self._send(event).status_code, 200)
        self._handle()

    def _mine(self):
        return self.events.search([("provider_id", "=", self.provider.id)], order="id")

    def _states(self):
        return [(event.type, event.state) for event in self._mine()]
