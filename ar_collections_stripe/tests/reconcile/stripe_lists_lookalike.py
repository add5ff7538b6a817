"""The simulated Stripe server with lists in pages: charges, refunds and disputes by the time of their creation."""

import time

from odoo.addons.ar_collections.tests.portal.payments.stripe_lookalike import StripeError

from ..events.stripe_events_lookalike import StripeEventsLookalike

#: How Stripe names the rights of a restricted key, by what is listed.
RIGHTS = {"charges": "rak_charge_read", "refunds": "rak_charge_read", "disputes": "rak_dispute_read"}


class StripeListsLookalike(StripeEventsLookalike):
    """Adds when things were created, who was charged, and pages.

    :ivar page: how many things a page has at most
    :ivar listed: kinds of things of which a page was asked for, one for each page
    """

    def __init__(self, secret_key, publishable_key):
        self.page, self.listed, self._sent = 100, [], {}
        super().__init__(secret_key, publishable_key)

    def answer(self, method, path, data, headers):
        """Override: an idempotency key goes with the parameters that it was used with first."""
        key = headers.get("Idempotency-Key")
        if key and not self.refuses and self._sent.setdefault(key, data) != data:
            self.requests.append((method, path, key))
            message = (
                "Keys for idempotent requests can only be used with the same parameters they were first used with."
            )
            return 400, {"error": {"type": "idempotency_error", "message": message}}
        return super().answer(method, path, data, headers)

    def _route(self, method, path, data, headers):
        """Override: a key without a right is told which one it lacks."""
        kind = path.removeprefix("/v1/").split("/")[0]
        if kind in self.forbidden and kind in RIGHTS:
            raise StripeError(
                "The provided key 'rk_test_*' does not have the required permissions for this endpoint. Having the "
                f"'{RIGHTS[kind]}' permission would allow this request to continue.",
                403,
            )
        return super()._route(method, path, data, headers)

    def _find_route(self, method, path):
        """Override to serve single refunds."""
        if method == "GET" and path.startswith("/v1/refunds/"):
            refunds = {refund["id"]: refund for refund in self._all("refunds")}
            return (lambda _data: self._get(refunds, path.removeprefix("/v1/refunds/"))), ()
        return super()._find_route(method, path)

    def _list_all(self, kind, data):
        """Override to list by time, in pages."""
        if kind not in RIGHTS or "charge" in data:
            return super()._list_all(kind, data)
        self.listed.append(kind)
        found = [thing for thing in self._all(kind)[::-1] if self._is_between(thing, data)]
        if after := data.get("starting_after"):
            found = found[[thing["id"] for thing in found].index(after) + 1 :]
        size = min(int(data.get("limit") or 10), self.page)
        return {"object": "list", "data": found[:size], "has_more": len(found) > size, "url": f"/v1/{kind}"}

    def _all(self, kind):
        """Return all things of a kind, oldest first."""
        if kind == "refunds":
            return [refund for charge in self.charges.values() for refund in charge["refunds"]["data"][::-1]]
        return list({"charges": self.charges, "disputes": self.disputes}[kind].values())

    @staticmethod
    def _is_between(thing, data):
        return int(data.get("created[gte]") or 0) <= thing["created"] <= int(data.get("created[lte]") or time.time())

    # === WHAT THEY HAVE === #

    def _charge(self, intent):
        charge = super()._charge(intent)
        charge.update(
            created=int(time.time()), customer=intent["customer"], captured=True, amount_captured=charge["amount"]
        )
        return charge

    def refund(self, number, amount):
        refund = super().refund(number, amount)
        refund["created"] = int(time.time())
        return refund

    def dispute(self, intent, *values, **named):
        dispute = super().dispute(intent, *values, **named)
        dispute["created"] = int(time.time())
        return dispute

    def charge_elsewhere(self, reference, amount):
        """Charge outside Odoo; return the payment intent."""
        self.customers["cus_shop"] = {}
        values = {
            "amount": str(amount), "currency": "usd", "customer": "cus_shop", "description": reference,
            "payment_method_types[]": "card",
        }  # fmt: skip
        number = self._create_intent(values)["id"]
        self.conclude(number, "succeeded", "pm_card_visa")
        return self.intents[number]
