import json
import time
import unittest

import requests

from odoo import Command

from ..common_portal import ArPortalCommon
from .stripe_lookalike import StripeLookalike, sign

SECRET_KEY, PUBLISHABLE_KEY, WEBHOOK_SECRET = "sk_test_lookalike", "pk_test_lookalike", "whsec_lookalike"


class ArStripeCommon(ArPortalCommon):
    """The customer page with Odoo's own Stripe module and a simulated Stripe server on the loopback interface.

    :cvar _lookalike: class of the simulated server
    """

    _lookalike = StripeLookalike

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls.env["ir.module.module"]._get("payment_stripe").state != "installed":
            raise unittest.SkipTest("payment_stripe is not installed.")
        cls.card = cls.env.ref("payment.payment_method_card")
        cls.bank_debit = cls.env.ref("payment.payment_method_ach_direct_debit")
        cls.provider = cls._stripe_provider()
        (cls.card + cls.card.brand_ids + cls.bank_debit).active = True
        cls.payment_method_id = cls.card.id

    def setUp(self):
        super().setUp()
        self.stripe = self._lookalike(SECRET_KEY, PUBLISHABLE_KEY)
        self.addCleanup(self.stripe.stop)
        self.patch(
            self.env.registry["payment.provider"],
            "_build_request_url",
            lambda _provider, endpoint, **_kwargs: f"{self.stripe.url}/v1/{endpoint}",
        )

    @classmethod
    def _stripe_provider(cls):
        provider = cls.env.ref("payment.payment_provider_stripe").sudo().copy({"company_id": cls.company.id})
        provider.write(
            {
                "state": "test",
                "is_published": True,
                "stripe_secret_key": SECRET_KEY,
                "stripe_publishable_key": PUBLISHABLE_KEY,
                "stripe_webhook_secret": WEBHOOK_SECRET,
                "payment_method_ids": [Command.set((cls.card + cls.bank_debit).ids)],
                "journal_id": cls.company_data["default_journal_bank"].id,
            }
        )
        return provider

    # === THE CUSTOMER === #

    def make_jsonrpc_request(self, route, *args, **kwargs):
        """Override to keep what Stripe's script gets from Odoo: the intent's secret and the return address."""
        answer = super().make_jsonrpc_request(route, *args, **kwargs)
        if "client_secret" in (answer or {}):
            self.processing = answer
        return answer

    def _submit(self, response, **values):
        """Override: Stripe's form is part of our page."""
        return super()._submit(response, **{"flow": "direct", **values})

    def _start(self, *invoices, **values):
        """Select invoices and press "pay"; return (transaction, its intent at Stripe)."""
        transaction = self._submit(self._select(*invoices, amounts=values.pop("amounts", None)), **values)
        return transaction, self._intent(transaction)

    def _intent(self, transaction):
        found = [i for i in self.stripe.intents.values() if i["description"] == transaction.reference]
        self.assertEqual(len(found), 1)
        return found[0]

    def _confirm(self, intent, payment_method="pm_card_visa"):
        """Send the card to Stripe, past Odoo, as Stripe's script in the customer's browser does."""
        data = {
            "key": PUBLISHABLE_KEY,
            "client_secret": self.processing["client_secret"],
            "payment_method": payment_method,
        }
        return requests.post(f"{self.stripe.url}/v1/payment_intents/{intent['id']}/confirm", data=data, timeout=10)

    def _return(self, intent):
        """Return to Odoo as Stripe's script does; return our page, to which Odoo's waiting page leads."""
        response = self.url_open(f"{self.processing['return_url']}&payment_intent={intent['id']}")
        self.assertTrue(response.url.endswith("/payment/status"))
        outcome = self.make_jsonrpc_request("/payment/status/poll")
        self.env.invalidate_all()
        return self.url_open(outcome["landing_route"])

    def _pay_by_card(self, *invoices, **values):
        """Pay by card, from the selection to the booking; return (transaction, intent)."""
        transaction, intent = self._start(*invoices, **values)
        self._confirm(intent)
        self._return(intent)
        return transaction, intent

    # === STRIPE === #

    def _notify(self, event=None, secret=WEBHOOK_SECRET, age=0, headers=None, **sent):
        """Deliver an event, the latest by default; return the response.

        :param age: seconds since it was signed
        :param headers: instead of a signature made with the secret
        :param sent: what is changed in the object after signing
        """
        event = event or self.stripe.events[-1]
        changed = {**event, "data": {"object": {**event["data"]["object"], **sent}}}
        if headers is None:
            headers = {"Stripe-Signature": sign(json.dumps(event), secret, time.time() - age)}
        response = self.url_open(
            "/payment/stripe/webhook",
            data=json.dumps(changed),
            headers={"Content-Type": "application/json", **headers},
        )
        self.env.invalidate_all()
        return response

    # === ODOO === #

    def _book(self):
        """Run Odoo's scheduled action that books payments whose customer did not return."""
        self.env.ref("payment.cron_post_process_payment_tx").sudo().method_direct_trigger()
        self.env.invalidate_all()

    def _payments(self, transaction):
        return self.env["account.payment"].search([("payment_transaction_id", "=", transaction.id)])

    def _residuals(self):
        self.env.invalidate_all()
        return self.old.amount_residual, self.new.amount_residual
