"""A simulated Stripe server: what Odoo's `payment_stripe` calls, for its API version, with Stripe's test cards.

`localstripe` from PyPI is no substitute: it refuses payment intents with a description or a shipping address, and Odoo
sends both; it has no idempotency keys, and no events for payments under way and for refunds.
"""

import hashlib
import hmac
import itertools
import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

API_VERSION = "2019-05-16"

#: The outcome of a payment with each of Stripe's test payment methods.
OUTCOMES = {
    "pm_card_visa": "succeeded",
    "pm_card_chargeDeclined": "declined",
    "pm_card_authenticationRequired": "requires_action",
    "pm_usBankAccount_processing": "processing",
}

#: Why Stripe declines a saved payment method off session: (code, decline code, advice of the card network), by its test
#: payment method.
DECLINES = {
    "pm_card_chargeDeclined": ("card_declined", "generic_decline", "try_again_later"),
    "pm_card_visa_chargeDeclinedInsufficientFunds": ("card_declined", "insufficient_funds"),
    "pm_card_visa_chargeDeclinedStolenCard": ("card_declined", "stolen_card"),
    "pm_card_chargeDeclinedDuplicate": ("card_declined", "duplicate_transaction"),
    "pm_card_chargeDeclinedWithAdvice": ("card_declined", "insufficient_funds", "do_not_try_again"),
    "pm_card_chargeDeclinedExpiredCard": ("expired_card", None),
    "pm_card_authenticationRequired": ("authentication_required", "authentication_required"),
}

DECLINED = {"code": "card_declined", "message": "Your card was declined."}

NOT_AUTHENTICATED = {
    "code": "payment_intent_authentication_failure",
    "message": "The provided PaymentMethod has failed authentication.",
}

INTENT_KEYS = re.compile(
    r"amount|currency|customer|description|capture_method|setup_future_usage|payment_method_types\[\]|expand\[\]"
    r"|confirm|off_session|payment_method|mandate"
    r"|shipping\[(name|address\]\[(city|country|line1|line2|postal_code|state))\]"
)


class StripeError(Exception):
    """The error with which Stripe answers a request; `details` are the error's other keys."""

    def __init__(self, message, status=400, **details):
        super().__init__(message)
        self.status = status
        self.details = {"type": "invalid_request_error", **details}


class StripeLookalike:
    """The server and its state. Events are not sent but kept, for the test to deliver when and how it wants.

    :ivar url: where it listens
    :ivar events: all events, oldest first
    :ivar requests: (method, path, idempotency key) of everything that arrived
    :ivar down: while set, connections end without an answer, and nothing arrives
    :ivar mute: while set, what arrives is executed, but connections end without an answer
    :ivar refuses: while set, the status with which everything is refused
    """

    def __init__(self, secret_key, publishable_key):
        self.secret_key, self.publishable_key = secret_key, publishable_key
        self.intents, self.charges, self.customers, self.events, self.down = {}, {}, {}, [], False
        self.requests, self.mute, self.refuses = [], False, None
        self._answers, self._numbers, self._lock = {}, itertools.count(1), threading.RLock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"stripe": self}))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        # Stopping takes as long as the pause, at each test.
        pause = {"poll_interval": 0.02}
        threading.Thread(target=self._server.serve_forever, kwargs=pause, daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()

    # === THE API === #

    def read_body(self, body, _headers):
        """Return the parameters in the body of a request, bytes."""
        return dict(parse_qsl(body.decode(), keep_blank_values=True))

    def answer(self, method, path, data, headers):
        """Return (status, answer) to a request; one with a known idempotency key gets the first answer again."""
        key = headers.get("Idempotency-Key")
        with self._lock:
            self.requests.append((method, path, key))
            if self.refuses:
                return self.refuses, {"error": {"message": "Try later", "type": "api_error"}}
            if key in self._answers:
                return self._answers[key]
            try:
                answer = 200, self._route(method, path, data, headers)
            except StripeError as error:
                answer = error.status, {"error": {"message": str(error), **error.details}}
            if key:
                self._answers[key] = answer
            return answer

    def _route(self, method, path, data, headers):
        if confirmed := re.fullmatch(r"/v1/payment_intents/(\w+)/confirm", path):
            return self._confirm(confirmed[1], data)
        if headers.get("Authorization") != f"Bearer {self.secret_key}":
            raise StripeError("Invalid API Key provided", 401)
        if headers.get("Stripe-Version") != API_VERSION:
            raise StripeError("Invalid Stripe API version")
        if method == "GET" and (read := re.fullmatch(r"/v1/payment_intents/(\w+)", path)):
            return self._read(read[1], data)
        routes = {"customers": self._create_customer, "payment_intents": self._create_intent, "refunds": self._refund}
        if method == "POST" and path.removeprefix("/v1/") in routes:
            return routes[path.removeprefix("/v1/")](data)
        raise StripeError(f"Unrecognized request URL ({method}: {path})", 404)

    def _create_customer(self, data):
        customer = {"id": self._id("cus"), "object": "customer", **data}
        return self.customers.setdefault(customer["id"], customer)

    def _create_intent(self, data):
        for key in data:
            if not INTENT_KEYS.fullmatch(key):
                raise StripeError(f"Received unknown parameter: {key}")
        if data["customer"] not in self.customers or not data["amount"].isdecimal():
            raise StripeError("Invalid customer or amount")
        number = self._id("pi")
        self.intents[number] = {
            "id": number, "object": "payment_intent", "amount": int(data["amount"]), "currency": data["currency"],
            "customer": data["customer"], "description": data["description"], "client_secret": f"{number}_secret",
            "status": "requires_payment_method", "payment_method": None, "last_payment_error": None,
            "payment_method_types": [data["payment_method_types[]"]], "charges": _list([]),
        }  # fmt: skip
        if data.get("confirm"):
            self._charge_saved(number, data["payment_method"])
        return self.intents[number]

    def _charge_saved(self, number, payment_method):
        """Charge a saved payment method; a decline is returned at once, with the code of the bank."""
        code, decline_code, *advice = DECLINES.get(payment_method, (None, None))
        if not code:
            self.conclude(number, OUTCOMES[payment_method], payment_method)
            return
        error = {"type": "card_error", "code": code, "message": f"Declined: {decline_code or code}."}
        if decline_code:
            error["decline_code"] = decline_code
        if advice:
            error["advice_code"] = advice[0]
        self.conclude(number, "declined", payment_method, error)
        details = {key: value for key, value in error.items() if key != "message"}
        raise StripeError(error["message"], 402, **details, payment_intent=self.intents[number])

    def _read(self, number, data):
        intent = self.intents.get(number)
        if not intent:
            raise StripeError(f"No such payment_intent: {number}", 404)
        method = intent["payment_method"]
        return {**intent, "payment_method": _method(method) if data.get("expand[]") and method else method}

    def _confirm(self, number, data):
        """Confirm the intent as Stripe's script in the browser does: with publishable key and client secret."""
        intent = self.intents.get(number, {})
        if data.get("key") != self.publishable_key or data.get("client_secret") != intent.get("client_secret"):
            raise StripeError("Invalid API Key provided", 401)
        if intent["status"] != "requires_payment_method":
            raise StripeError("This PaymentIntent cannot be confirmed because of its status")
        if _method(data["payment_method"])["type"] not in intent["payment_method_types"]:
            raise StripeError("The PaymentMethod provided is not allowed for this PaymentIntent")
        self.conclude(number, OUTCOMES[data["payment_method"]], data["payment_method"])
        if intent["last_payment_error"]:
            raise StripeError(intent["last_payment_error"]["message"], 402)
        return intent

    def _refund(self, data):
        return self.refund(data["payment_intent"], int(data["amount"]))

    # === EVENTS OUTSIDE ODOO === #

    def conclude(self, number, outcome, payment_method=None, error=DECLINED):
        """Set the outcome of a payment: at once, or later by the bank; the card's owner is in `outcome`."""
        intent = self.intents[number]
        declined = outcome == "declined"
        intent["status"] = "requires_payment_method" if declined else outcome
        intent["last_payment_error"] = error if declined else None
        intent["payment_method"] = payment_method or intent["payment_method"]
        if outcome == "succeeded":
            intent["charges"]["data"] = [self._charge(intent)]
        names = {"declined": "payment_failed"}
        self._event(f"payment_intent.{names.get(outcome, outcome)}", intent)

    def refund(self, number, amount):
        """Refund a payment, by the API or at Stripe's dashboard."""
        charge = self.charges[self.intents[number]["charges"]["data"][0]["id"]]
        if amount > charge["amount"] - charge["amount_refunded"]:
            raise StripeError("Refund amount is greater than unrefunded amount on charge")
        refund = {
            "id": self._id("re"), "object": "refund", "amount": amount, "currency": charge["currency"],
            "charge": charge["id"], "payment_intent": number, "status": "succeeded",
        }  # fmt: skip
        charge["amount_refunded"] += amount
        charge["refunds"]["data"].insert(0, refund)
        self._event("charge.refunded", charge)
        return refund

    def fail_refund(self, refund):
        """Charge the payment back, as the customer's bank does days later."""
        refund["status"] = "failed"
        self._event("charge.refund.updated", refund)

    def _charge(self, intent):
        number = self._id("ch")
        self.charges[number] = {
            "id": number, "object": "charge", "amount": intent["amount"], "currency": intent["currency"],
            "description": intent["description"], "payment_intent": intent["id"], "status": "succeeded",
            "amount_refunded": 0, "refunds": _list([]),
        }  # fmt: skip
        return self.charges[number]

    def _event(self, name, thing):
        event = {"id": self._id("evt"), "object": "event", "type": name, "data": {"object": thing}}
        self.events.append(json.loads(json.dumps(event)))  # as it was then

    def _id(self, prefix):
        return f"{prefix}_{next(self._numbers):014d}"


def sign(payload, secret, timestamp=None):
    """Return the header with which Stripe signs a payload."""
    timestamp = int(timestamp or time.time())
    signature = hmac.new(secret.encode(), f"{timestamp}.{payload}".encode(), hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={signature}"


def _list(things):
    return {"object": "list", "data": things, "has_more": False}


def _method(number):
    kind, details = ("us_bank_account", {}) if "Bank" in number else ("card", {"brand": "visa", "last4": "4242"})
    return {"id": number, "object": "payment_method", "type": kind, kind: details}


class _Handler(BaseHTTPRequestHandler):
    #: Answers are written at once: a second packet would wait until the client has confirmed the first, 40 ms.
    wbufsize = -1

    def do_GET(self):
        if self.stripe.down:
            self.close_connection = True
            return
        url = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        data = {**dict(parse_qsl(url.query)), **self.stripe.read_body(body, self.headers)}
        status, answer = self.stripe.answer(self.command, url.path, data, self.headers)
        if self.stripe.mute:
            self.close_connection = True
            return
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_GET

    def log_message(self, *_args):
        """Keep the tests' output clean."""
