from datetime import timedelta

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ar_collections.tests.common import PROBLEM_LOG

from ..const import HANDLERS
from .events.common_stripe_events import ArStripeEventsCommon
from .events.stripe_events_lookalike import ACCOUNT


@tagged("post_install", "-at_install")
class TestStripeSetup(ArStripeEventsCommon):
    """The set-up of a provider: what is missing, Create Webhook, Test Connection, health."""

    def _problem(self):
        return self.env["ar.problem"]._search_open(self.provider, "stripe_setup")

    def _public(self, url="https://erp.example.com"):
        self.patch(self.env.registry["payment.provider"], "get_base_url", lambda _provider: url)
        self.provider.invalidate_recordset()

    def test_what_is_missing_is_said(self):
        self.assertFalse(self.provider.ar_stripe_missing)
        self.provider.write(
            {"ar_stripe_webhook_secret": False, "stripe_webhook_secret": False, "ar_stripe_checked_on": False}
        )
        missing = self.provider.ar_stripe_missing
        for words in ("Create Webhook", "Odoo's own webhook", "not tested"):
            self.assertIn(words, missing)
        self.provider.state = "disabled"
        self.assertFalse(self.provider.ar_stripe_missing)

    def test_create_webhook_registers_the_endpoint_and_stores_its_secret(self):
        self.provider.ar_stripe_webhook_secret = False
        self._public()
        self.provider.action_ar_stripe_create_webhook()
        (endpoint,) = self.stripe.endpoints.values()
        url = f"https://erp.example.com/ar_collections/stripe/webhook/{self.provider.id}"
        self.assertEqual((endpoint["url"], endpoint["events"]), (url, sorted(HANDLERS)))
        self.stripe.detach("pm_1")
        response = self._send(secret=self.provider.ar_stripe_webhook_secret)
        self.assertEqual(response.status_code, 200)
        with self.assertRaisesRegex(UserError, "already"):
            self.provider.action_ar_stripe_create_webhook()
        self.assertEqual(len(self.stripe.endpoints), 1)

    def test_create_webhook_says_what_is_wrong(self):
        self.provider.ar_stripe_webhook_secret = False
        self._public("http://localhost:8069")
        with self.assertRaisesRegex(UserError, "https"):
            self.provider.action_ar_stripe_create_webhook()
        self._public()
        self.stripe.forbidden = {"webhook_endpoints"}
        with self.assertRaisesRegex(UserError, "restricted key"):
            self.provider.action_ar_stripe_create_webhook()
        self.stripe.secret_key = "sk_test_rolled"
        self.stripe.forbidden = set()
        with self.assertRaisesRegex(UserError, "secret key"):
            self.provider.action_ar_stripe_create_webhook()
        self.stripe.stop()
        with self.assertRaisesRegex(UserError, "cannot be reached"):
            self.provider.action_ar_stripe_create_webhook()
        self.assertFalse(self.provider.ar_stripe_webhook_secret)

    def test_test_connection_finds_the_account_and_the_rights_that_lack(self):
        self.provider.write({"ar_stripe_account": False, "ar_stripe_checked_on": False})
        self._register()
        self.provider.action_ar_stripe_test()
        self.assertEqual((self.provider.ar_stripe_account, self.provider.ar_stripe_missing), (ACCOUNT, False))
        self.stripe.forbidden = {"disputes", "events"}
        with mute_logger(PROBLEM_LOG):
            action = self.provider.action_ar_stripe_test()
        self.assertEqual(self.provider.ar_stripe_scopes, "Events, Disputes")
        self.assertEqual(action["params"]["type"], "warning")
        self.assertIn("Disputes", self._problem().message)
        self.stripe.forbidden = {"refunds", "payment_methods", "files"}
        with mute_logger(PROBLEM_LOG):
            self.provider.action_ar_stripe_test()
        self.assertEqual(self.provider.ar_stripe_scopes, "Refunds, PaymentMethods, Files")
        self.stripe.forbidden = set()
        self.provider.action_ar_stripe_test()
        self.assertFalse(self._problem())

    def test_only_administrators_press_the_buttons(self):
        manager = self._user("credit_manager", login="no-admin")
        for button in ("action_ar_stripe_create_webhook", "action_ar_stripe_test"):
            with self.subTest(button=button), self.assertRaises(AccessError):
                getattr(self.provider.with_user(manager), button)()

    def test_no_event_for_days_while_payments_were_made_is_a_problem(self):
        transaction, intent = self._pay_by_card(self.new)
        self.assertEqual(transaction.state, "done")
        later = fields.Datetime.now() + timedelta(hours=2)
        with freeze_time(later), mute_logger(PROBLEM_LOG):
            self.provider._ar_check_health()
            self.assertIn("no event came", self._problem().message)
            self._send()
            self.provider._ar_check_health()
            self.assertFalse(self._problem())
        self.assertTrue(intent)

    def test_catching_up_does_not_count_as_an_event_that_came(self):
        self._pay_by_card(self.new)
        self.events._catch_up(self.provider)
        self.assertFalse(self.provider.ar_stripe_last_event)

    def test_events_are_kept_as_long_as_stripe_may_repeat_them(self):
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.provider.ar_stripe_keep_days = 7
            self.provider.flush_recordset()

    def test_live_and_test_are_told_by_the_key(self):
        for key, state, live in (
            ("sk_live_1", "enabled", True), ("rk_test_1", "enabled", False), ("other", "enabled", True),
            ("other", "test", False),
        ):  # fmt: skip
            self.provider.write({"stripe_secret_key": key, "state": state})
            self.assertEqual(self.provider._ar_is_live(), live)

    def test_a_copy_of_the_provider_has_no_secret(self):
        copy = self.provider.copy()
        self.assertFalse(copy.ar_stripe_webhook_secret or copy.ar_stripe_account)
