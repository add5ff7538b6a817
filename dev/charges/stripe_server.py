"""The simulated Stripe server of the tests, for processes of this tool: what fails there, and which events are sent."""

import contextlib
import json
from unittest.mock import patch

SECRET_KEY, PUBLISHABLE_KEY = "sk_test_charges", "pk_test_charges"
#: Signing secrets of Odoo's endpoint and of ours.
WEBHOOK_SECRET, SECRET = "whsec_odoo", "whsec_collections"

#: One event in so many is never sent to an endpoint: it is found by the daily catch-up alone.
LOST = 8
#: What the server does with requests, by how often: works, executes but does not answer, is down, refuses.
FAULTS = ("works",) * 7 + ("mute", "down", "refuses")
#: What becomes of a bank debit.
OUTCOMES = ("succeeded", "succeeded", "declined")
#: Of each kind of delivery one in so many: to both endpoints, again although it was accepted.
BOTH, AGAIN = 3, 4
#: One successful charge in so many is refunded in part at the dashboard.
REFUNDED = 6


class StripeServer:
    """The server; it lives in the process that simulates, not in those that are killed.

    :param Random rng: what is random here
    """

    def __init__(self, rng):
        from odoo.addons.ar_collections_stripe.tests.events.stripe_events_lookalike import StripeEventsLookalike

        self.rng, self.lost = rng, set()
        self.stripe = StripeEventsLookalike(SECRET_KEY, PUBLISHABLE_KEY)
        self.stripe._server.handle_error = lambda *_args: None  # clients are killed
        self._seen, self._refunded = 0, set()

    def close(self):
        """Stop listening."""
        self.stripe.stop()

    def create_customer(self):
        """Return the number of a new customer at Stripe."""
        return self.stripe._create_customer({})["id"]

    @contextlib.contextmanager
    def in_use(self):
        """Send the requests of Odoo and of our add-on to this server during the block."""
        from odoo.addons.ar_collections_stripe.models.ar_stripe_client import ArStripeClient
        from odoo.addons.payment_stripe.models.payment_provider import PaymentProvider

        url = self.stripe.url
        addresses = patch.object(ArStripeClient, "_get_base_addresses", lambda _client: {"api": url, "files": url})
        requests = patch.object(
            PaymentProvider, "_build_request_url", lambda _provider, endpoint, **_kwargs: f"{url}/v1/{endpoint}"
        )
        with addresses, requests:
            yield

    # === FAULTS === #

    def misbehave(self):
        """Choose how the server treats requests from now on."""
        self.work(self.rng.choice(FAULTS))

    def work(self, fault="works"):
        """Treat requests in one way from now on, well by default."""
        self.stripe.mute = fault == "mute"
        self.stripe.down = fault == "down"
        self.stripe.refuses = 503 if fault == "refuses" else None

    # === WHAT HAPPENS AT STRIPE === #

    def live_a_day(self, at_end=False):
        """Let bank debits of earlier days succeed or fail, and refund some charges at the dashboard.

        :param bool at_end: debits only succeed, and nothing is refunded: nothing new shall begin
        """
        for intent in list(self.stripe.intents.values()):
            if intent["status"] == "processing":
                self.stripe.conclude(intent["id"], "succeeded" if at_end else self.rng.choice(OUTCOMES))
        if at_end:
            return
        for charge in list(self.stripe.charges.values()):
            if charge["id"] not in self._refunded:
                self._refunded.add(charge["id"])
                if not self.rng.randrange(REFUNDED):
                    self.stripe.refund(charge["payment_intent"], self.rng.randint(1, charge["amount"]))

    # === EVENTS === #

    def choose_events(self, everything=False):
        """Return some of the events that wait and some that were delivered already, in any order.

        :param bool everything: all that wait, those that get lost excepted
        :return: list of (event id, body, whether to Odoo's endpoint too)
        """
        new = self.stripe.events[self._seen :]
        self._seen += len(new)
        self.lost |= {event["id"] for event in new if not self.rng.randrange(LOST)}
        chosen = []
        for event in self.stripe.events:
            waits = event["id"] in self.stripe.undelivered and event["id"] not in self.lost
            if (waits and (everything or self.rng.random() < 0.5)) or not self.rng.randrange(AGAIN * 10):
                chosen += [event] * (1 if self.rng.randrange(AGAIN) else 2)
        self.rng.shuffle(chosen)
        return [(event["id"], json.dumps(event), not self.rng.randrange(BOTH)) for event in chosen]

    def accept(self, event_ids):
        """Note that our endpoint has accepted events."""
        self.stripe.undelivered -= set(event_ids)

    def read_charges(self):
        """Return the successful charges as {reference: [(cents, cents refunded)]}."""
        charges = {}
        for charge in self.stripe.charges.values():
            charges.setdefault(charge["description"], []).append((charge["amount"], charge["amount_refunded"]))
        return charges
