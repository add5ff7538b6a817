import json
import logging
import time

from odoo.tests import tagged

from odoo.addons.ar_collections.tests.portal.payments.stripe_lookalike import sign

from ...const import BODY_MAX
from .common_stripe_events import SECRET, ArStripeEventsCommon
from .stripe_events_lookalike import sign_twice


@tagged("post_install", "-at_install")
class TestStripeEndpoint(ArStripeEventsCommon):
    """Our own endpoint: what is stored, and what is refused."""

    def setUp(self):
        super().setUp()
        self.stripe.detach("pm_unknown")
        self.event = self.stripe.events[-1]

    def test_a_signed_event_is_stored_once_and_handled_soon(self):
        cron = self.env.ref("ar_collections_stripe.ir_cron_stripe_events")
        triggers = self.env["ir.cron.trigger"].sudo()
        before = triggers.search_count([("cron_id", "=", cron.id)])
        self.assertEqual([self._send().status_code for _number in range(3)], [200, 200, 200])
        stored = self._mine()
        self.assertEqual((len(stored), stored.event_id, stored.state), (1, self.event["id"], "received"))
        self.assertEqual(stored.object_id, "pm_unknown")
        self.assertEqual(stored.company_id, self.company)
        self.assertEqual(triggers.search_count([("cron_id", "=", cron.id)]), before + 1)

    def test_nothing_of_the_object_is_stored(self):
        self._send({**self.event, "data": {"object": {"id": "pm_1", "billing_details": {"email": "ann@x.example"}}}})
        (row,) = self._mine().read()
        self.assertNotIn("ann@x.example", str(row))

    def test_what_stripe_did_not_sign_now_is_refused(self):
        payload = json.dumps(self.event)
        signature = sign(payload, SECRET)
        cases = {
            "unsigned": {"headers": {}},
            "wrong secret": {"secret": "whsec_guessed"},
            "old": {"age": 400},
            "from the future": {"age": -3600},
            "changed after signing": {"payload": payload + " ", "headers": {"Stripe-Signature": signature}},
            "no signature": {"headers": {"Stripe-Signature": f"t={int(time.time())}"}},
            "not a header": {"headers": {"Stripe-Signature": "t=now,v1=\xe9"}},
            "huge time": {"headers": {"Stripe-Signature": f"t={'9' * 400},v1=00"}},
            "no text": {"payload": b"\xff\xfe", "headers": {"Stripe-Signature": signature}},
            "older scheme": {"headers": {"Stripe-Signature": signature.replace("v1=", "v0=")}},
            "secret of Odoo's endpoint": {"secret": self.provider.stripe_webhook_secret},
        }
        for case, values in cases.items():
            with self.subTest(case=case):
                self.assertEqual(self._send(**values).status_code, 403)
        self.assertFalse(self._mine())

    def test_two_signatures_while_a_secret_is_rolled(self):
        payload = json.dumps(self.event)
        for header in (sign_twice(payload, SECRET, "whsec_new"), sign_twice(payload, "whsec_new", SECRET)):
            self.assertEqual(self._send(headers={"Stripe-Signature": header}).status_code, 200)
        self.assertEqual(len(self._mine()), 1)

    def test_without_a_secret_it_says_so_and_stripe_repeats(self):
        self.provider.ar_stripe_webhook_secret = False
        for headers in (None, {}, {"Stripe-Signature": sign(json.dumps(self.event), "")}):
            self.assertEqual(self._send(headers=headers).status_code, 503)
        self.assertFalse(self._mine())
        self.provider.ar_stripe_webhook_secret = SECRET
        self.assertEqual(self._send().status_code, 200)

    def test_a_provider_that_was_switched_off_is_heard_while_it_has_the_secret(self):
        self.provider.state = "disabled"
        self.assertEqual(self._send().status_code, 200)
        self.assertEqual(len(self._mine()), 1)
        self.provider.ar_stripe_webhook_secret = False
        self.assertEqual(self._send().status_code, 404)

    def test_unknown_disabled_and_other_providers_do_not_exist(self):
        other = self.env.ref("payment.payment_provider_demo").sudo()
        gone = self.provider.copy()
        self.assertEqual(self._send(provider=other).status_code, 404)
        self.assertEqual(self._send(provider=gone).status_code, 404, "A copy is disabled.")
        gone.unlink()
        self.assertEqual(self._send(provider=gone).status_code, 404)
        self.assertEqual(self._send(provider=gone.browse(10**12)).status_code, 404)

    def test_what_is_no_event_is_refused_though_signed(self):
        for payload in (" ", "no json", "[]", "null", "{}", '{"id": "evt_1", "type": "x", "data": {"object": null}}'):
            with self.subTest(payload=payload):
                self.assertEqual(self._send(payload=payload).status_code, 400)
        self.assertFalse(self._mine())

    def test_a_body_that_is_too_large_is_refused(self):
        self.assertEqual(self._send(payload=" " * (BODY_MAX + 1)).status_code, 413)

    def test_events_of_another_account_or_mode_are_kept_aside(self):
        self._send({**self.event, "id": "evt_other", "account": "acct_other"})
        self._send({**self.event, "id": "evt_live", "livemode": True})
        self._send({**self.event, "id": "evt_kind", "type": "customer.created"})
        self._send({**self.event, "id": "evt_own", "account": self.provider.ar_stripe_account})
        self.assertEqual(self._mine().mapped("state"), ["ignored", "ignored", "ignored", "received"])
        self.assertIn("acct_other", self._mine()[0].error)

    def test_the_same_event_of_two_providers_is_stored_for_each(self):
        other = self.provider.copy(
            {"name": "Other", "state": "test", "stripe_secret_key": "sk_test_2", "stripe_publishable_key": "pk_test_2"}
        )
        other.ar_stripe_webhook_secret = "whsec_other"
        self.assertEqual(self._send(provider=other, secret="whsec_other").status_code, 200)
        self.assertEqual(self._send(provider=other).status_code, 403, "Each provider has its own secret.")
        self.assertEqual(self._send().status_code, 200)
        self.assertEqual(self.events.search_count([("event_id", "=", self.event["id"])]), 2)

    def test_no_secret_is_logged(self):
        with self.assertLogs(level=logging.DEBUG) as logs:
            self._send()
            self._send(secret="whsec_guessed")
            self._handle()
            self.provider.ar_stripe_webhook_secret = False
            self.patch(self.env.registry["payment.provider"], "get_base_url", lambda _self: "https://erp.example.com")
            self.provider.action_ar_stripe_create_webhook()
            self.provider.action_ar_stripe_test()
        text = "\n".join(logs.output)
        self.assertTrue(self.provider.ar_stripe_webhook_secret.startswith("whsec_we_"))
        for secret in (SECRET, self.provider.ar_stripe_webhook_secret, self.provider.stripe_secret_key):
            self.assertNotIn(secret, text)
