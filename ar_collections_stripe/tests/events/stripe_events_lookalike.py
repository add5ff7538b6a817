"""The simulated Stripe server with what our own endpoint needs: events, disputes, endpoints, methods, the account."""

import re
import time

from odoo.addons.ar_collections.tests.portal.payments.stripe_lookalike import (
    API_VERSION as ODOO_VERSION,
)
from odoo.addons.ar_collections.tests.portal.payments.stripe_lookalike import (
    StripeError,
    StripeLookalike,
    _list,
    _method,
    sign,
)

from ...const import API_VERSION

ACCOUNT = "acct_lookalike"


class StripeEventsLookalike(StripeLookalike):
    """Adds to the server what newer API versions have; what Odoo's module reads keeps its own version.

    :ivar undelivered: ids of the events that no endpoint has accepted
    :ivar forbidden: parts of paths that the key may not use
    :ivar versions: {(method, path): version} of the last requests
    """

    def __init__(self, secret_key, publishable_key):
        self.disputes, self.endpoints, self.methods = {}, {}, {}
        self.undelivered, self.forbidden, self.versions = set(), set(), {}
        super().__init__(secret_key, publishable_key)

    def _route(self, method, path, data, headers):
        self.versions[method, path] = headers.get("Stripe-Version")
        if any(part in path for part in self.forbidden):
            raise StripeError("The provided key does not have the required permissions", 403)
        if found := self._find_route(method, path):
            if headers.get("Authorization") != f"Bearer {self.secret_key}":
                raise StripeError("Invalid API Key provided", 401)
            handler, arguments = found
            return handler(*arguments, data)
        if "expand[0]" in data:
            data = {**data, "expand[]": data["expand[0]"]}
        return super()._route(method, path, data, headers)

    def _find_route(self, method, path):
        """Return (method of this class, parts of the path), or ``None`` for what the parent serves."""
        routes = {
            ("GET", r"/v1/events"): self._list_events,
            ("GET", r"/v1/account"): lambda _data: {"id": ACCOUNT, "object": "account"},
            (
                "GET",
                r"/v1/(disputes|charges|payment_intents|webhook_endpoints|refunds|payment_methods|files)",
            ): self._list_all,
            ("GET", r"/v1/disputes/(\w+)"): lambda number, _data: self._get(self.disputes, number),
            ("GET", r"/v1/charges/(\w+)"): lambda number, _data: self._get(self.charges, number),
            ("GET", r"/v1/payment_methods/(\w+)"): lambda number, _data: self._get(self.methods, number),
            ("POST", r"/v1/webhook_endpoints"): self._create_endpoint,
        }
        for (verb, pattern), handler in routes.items():
            if verb == method and (matched := re.fullmatch(pattern, path)):
                return handler, matched.groups()
        return None

    def _get(self, things, number):
        if number not in things:
            raise StripeError(f"No such object: {number}", 404, code="resource_missing")
        return things[number]

    def _list_events(self, data):
        wanted = self.undelivered if data.get("delivery_success") == "false" else {each["id"] for each in self.events}
        since = int(data.get("created[gte]") or 0)
        found = [each for each in self.events if each["id"] in wanted and each["created"] >= since]
        return {**_list(found[::-1]), "url": "/v1/events"}

    def _list_all(self, kind, data):
        if kind == "refunds":
            found = self._get(self.charges, data["charge"])["refunds"]["data"] if "charge" in data else []
            return {**_list(found), "url": f"/v1/{kind}"}
        things = {
            "disputes": self.disputes, "charges": self.charges, "webhook_endpoints": self.endpoints,
            "payment_methods": self.methods, "files": {},
        }  # fmt: skip
        found = list(things.get(kind, self.intents).values())[::-1]
        if data.get("customer"):
            found = [thing for thing in found if thing["customer"] == data["customer"]]
        if "expand[0]" in data:
            found = [{**each, "payment_method": self._expanded(each)} for each in found]
        return {**_list(found), "url": f"/v1/{kind}"}

    @staticmethod
    def _expanded(intent):
        return _method(intent["payment_method"]) if intent["payment_method"] else None

    def _create_endpoint(self, data):
        if data["api_version"] == ODOO_VERSION or not data["url"].startswith("https://"):
            raise StripeError("Invalid endpoint")
        number = self._id("we")
        events = [value for key, value in data.items() if key.startswith("enabled_events")]
        self.endpoints[number] = {
            "id": number, "object": "webhook_endpoint", "url": data["url"], "events": events,
            "enabled_events": events, "status": "enabled",
        }  # fmt: skip
        return {**self.endpoints[number], "secret": f"whsec_{number}"}

    # === EVENTS OUTSIDE ODOO === #

    def dispute(self, intent, status="needs_response", amount=None, reason="product_not_received", due=8 * 86400):
        """Let the customer contest a payment with the bank.

        :param due: seconds until evidence is due; 0: no answer is possible
        """
        charge = intent["charges"]["data"][0]
        number = self._id("du")
        self.disputes[number] = {
            "id": number, "object": "dispute", "amount": amount or intent["amount"], "currency": intent["currency"],
            "charge": charge["id"], "payment_intent": intent["id"], "reason": reason, "status": status,
            "network_reason_code": "13.1", "is_charge_refundable": status.startswith("warning"),
            "balance_transactions": [],
            "evidence_details": {"due_by": due and int(time.time()) + due, "has_evidence": False},
        }  # fmt: skip
        self._event("charge.dispute.created", self.disputes[number])
        return self.disputes[number]

    def move_dispute(self, dispute, status=None, moved=None, name="updated", **values):
        """Change a dispute: its status, or money withdrawn (negative) or reinstated."""
        dispute.update(values, status=status or dispute["status"])
        if moved:
            dispute["balance_transactions"].append({"id": self._id("txn"), "amount": moved})
            name = "funds_withdrawn" if moved < 0 else "funds_reinstated"
        self._event(f"charge.dispute.{name}", dispute)
        return self.events[-1]

    def detach(self, number):
        """Remove a saved method from its customer at Stripe's dashboard."""
        self.methods[number] = {"id": number, "object": "payment_method", "type": "card", "customer": None}
        self._event("payment_method.detached", self.methods[number])

    def _event(self, name, thing):
        """Override to add what the parent's tests do not need."""
        result = super()._event(name, thing)
        self.events[-1].update(created=int(time.time()), livemode=False, api_version=API_VERSION)
        self.undelivered.add(self.events[-1]["id"])
        return result


def sign_twice(payload, secret, other, timestamp=None):
    """Return the header with which Stripe signs while a secret is rolled: with both, ours first."""
    timestamp = int(timestamp or time.time())
    second = sign(payload, other, timestamp).split(",")[1]
    return f"{sign(payload, secret, timestamp)},{second}"
