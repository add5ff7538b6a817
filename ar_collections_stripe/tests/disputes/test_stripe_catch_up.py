from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import SerializationFailure, UniqueViolation

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ar_collections.tests.common import PROBLEM_LOG

from ..reconcile.common_stripe_lists import ArStripeListsCommon


@tagged("post_install", "-at_install")
class TestStripeCatchUp(ArStripeListsCommon):
    """What is looked at each day, whatever events came: disputes, and the rights of the key."""

    def setUp(self):
        super().setUp()
        self._register()
        self.transaction, self.intent = self._pay_by_card(self.new)

    def _rows(self):
        self.env.invalidate_all()
        return [(row.status, row.outcome) for row in self.chargebacks.search([], order="id")]

    # === DISPUTES === #

    def test_a_dispute_whose_events_are_lost_is_found(self):
        dispute = self.stripe.dispute(self.intent)
        self.events._try_catch_up(self.provider)
        self.assertEqual(self._rows(), [("needs_response", "open")])
        self.stripe.move_dispute(dispute, status="won")
        self.events._try_catch_up(self.provider)
        self.assertEqual(self._rows(), [("won", "won")])
        self._handle()
        self.assertEqual(self._rows(), [("won", "won")], "Its events change nothing any more.")

    def test_an_open_chargeback_is_looked_at_after_months(self):
        dispute = self.stripe.dispute(self.intent)
        self.chargebacks._catch_up(self.provider)
        with freeze_time(fields.Datetime.now() + timedelta(days=100)):
            dispute["status"] = "lost"
            self.chargebacks._catch_up(self.provider)
            self.assertEqual(self._rows(), [("lost", "lost")])
            self.stripe.versions.clear()
            self.chargebacks._catch_up(self.provider)
        self.assertNotIn(("GET", f"/v1/disputes/{dispute['id']}"), self.stripe.versions, "It is over.")

    def test_a_provider_that_was_switched_off_is_looked_at_as_long_as_its_payments_may_come_back(self):
        def is_watched(days):
            with freeze_time(fields.Datetime.now() + timedelta(days=days)):
                return self.provider in self.provider._ar_get_stripe()

        self.provider.state = "disabled"
        self.assertEqual((is_watched(170), is_watched(190)), (True, False))
        dispute = self.stripe.dispute(self.intent)
        self.events._try_catch_up(self.provider)
        self.assertEqual(self._rows(), [("needs_response", "open")])
        self.assertTrue(is_watched(190), "A chargeback is open.")
        self.stripe.move_dispute(dispute, status="lost")
        self.events._try_catch_up(self.provider)
        self.assertFalse(is_watched(190))
        self.provider.stripe_secret_key = False
        self.assertFalse(is_watched(0), "It cannot be asked, as in a copy of the database.")

    def test_what_is_in_step_is_left_alone(self):
        self.stripe.dispute(self.intent)
        self.chargebacks._catch_up(self.provider)
        with patch.object(type(self.chargebacks), "_update_from_stripe", side_effect=AssertionError):
            self.chargebacks._catch_up(self.provider)

    def test_disputes_of_others_are_not_ours(self):
        self.stripe.dispute(self.stripe.charge_elsewhere("Order", 900))
        self.chargebacks._catch_up(self.provider)
        self.assertFalse(self._rows())

    @mute_logger(PROBLEM_LOG)
    def test_one_that_fails_stops_no_other_and_is_a_problem(self):
        self.stripe.dispute(self.intent)
        _transaction, intent = self._pay_by_card(self.old)
        self.stripe.dispute(intent)
        update = type(self.chargebacks)._update_from_stripe

        def fail_first(model, transaction, data):
            if transaction == self.transaction:
                raise ValueError("Broken")
            return update(model, transaction, data)

        self.stripe.events.clear()
        with patch.object(type(self.chargebacks), "_update_from_stripe", fail_first):
            self.events._try_catch_up(self.provider)
        self.assertEqual(len(self._rows()), 1)
        self.assertIn("Broken", self._problem("stripe_setup").message)

    @mute_logger(PROBLEM_LOG)
    def test_what_an_event_does_at_the_same_time_is_no_problem(self):
        self.stripe.dispute(self.intent)
        self.stripe.events.clear()
        for error in (UniqueViolation("duplicate key"), SerializationFailure("could not serialize")):
            with patch.object(type(self.chargebacks), "_update_from_stripe", side_effect=error):
                self.chargebacks._catch_up(self.provider)
        self.assertFalse(self._rows())

    # === OLDER ONES === #

    def _dispute_both(self):
        """Return our chargebacks of two payments, by Stripe's numbers."""
        self.stripe.dispute(self.intent)
        _transaction, intent = self._pay_by_card(self.old)
        self.stripe.dispute(intent)
        self.chargebacks._catch_up(self.provider)
        return self.chargebacks.search([], order="id")

    def test_one_that_the_account_does_not_have_stops_no_other(self):
        gone, other = self._dispute_both()
        del self.stripe.disputes[gone.reference]
        self.stripe.disputes[other.reference]["status"] = "lost"
        with freeze_time(fields.Datetime.now() + timedelta(days=100)):
            self.chargebacks._catch_up(self.provider)
        self.assertEqual(self._rows(), [("needs_response", "open"), ("lost", "lost")])
        self.assertTrue(gone.checked_on)

    def test_what_is_listed_is_followed_whatever_becomes_of_older_ones(self):
        old, _other = self._dispute_both()
        _transaction, intent = self._pay_by_card(self._invoice(self.payer, overdue_days=2, amount=100.0))
        with freeze_time(fields.Datetime.now() + timedelta(days=100)):
            self.stripe.dispute(intent)
            self.stripe.forbidden = {f"disputes/{old.reference}"}
            with self.assertRaisesRegex(UserError, old.reference):
                self.chargebacks._catch_up(self.provider)
        self.assertEqual(len(self._rows()), 3)

    def test_those_that_were_looked_up_longest_ago_come_first(self):
        rows = self._dispute_both()
        with patch(f"{self.chargebacks._catch_up.__module__}.LOOK_UPS", 1):
            for days in (100, 101):
                with freeze_time(fields.Datetime.now() + timedelta(days=days)):
                    self.chargebacks._catch_up(self.provider)
        self.assertTrue(all(rows.mapped("checked_on")))

    def test_currencies_are_not_searched_for_each(self):
        self._dispute_both()
        rows = self.chargebacks.search([])
        rows.mapped("currency_id.name")
        disputes = [self.stripe.disputes[row.reference] for row in rows]
        with patch.object(self.env.registry["res.currency"], "search", side_effect=AssertionError):
            for row, data in zip(rows, disputes, strict=True):
                self.assertTrue(row._is_in_step(data))

    # === RIGHTS === #

    def test_another_key_makes_the_rights_unknown_until_they_are_tried(self):
        self.provider.write({"ar_stripe_scopes": "Events", "ar_stripe_endpoint_fault": "none"})
        self.provider.stripe_secret_key = "sk_test_next"
        self.assertFalse(self.provider.ar_stripe_scopes)
        self.assertFalse(self.provider.ar_stripe_endpoint_fault)
        self.assertIn("not tested", self.provider.ar_stripe_missing)
        self.stripe.secret_key = "sk_test_next"
        self.events._try_catch_up(self.provider)
        self.assertFalse(self.provider.ar_stripe_missing)

    def test_the_same_key_and_other_settings_change_nothing(self):
        self.provider.ar_stripe_scopes = "Events"
        self.provider.write({"stripe_secret_key": self.provider.stripe_secret_key, "name": "Card"})
        self.assertEqual(self.provider.ar_stripe_scopes, "Events")

    @mute_logger(PROBLEM_LOG)
    def test_a_right_that_is_taken_away_is_a_problem_the_next_day(self):
        self.stripe.forbidden = {"disputes"}
        self.events._try_catch_up(self.provider)
        message = self._problem("stripe_setup").message
        self.assertIn("rak_dispute_read", message)
        self.assertIn("The key may not use: Disputes", message)
        self.stripe.forbidden = set()
        self.events._try_catch_up(self.provider)
        self.assertFalse(self._problem("stripe_setup"))

    # === THE ENDPOINT === #

    @mute_logger(PROBLEM_LOG)
    def test_an_endpoint_that_stripe_has_not_or_does_not_serve_is_a_problem(self):
        self.provider.ar_stripe_scopes = False
        for endpoint, words in (
            (None, "has no endpoint"),
            ({"status": "disabled"}, "has disabled"),
            ({"enabled_events": ["charge.refunded"]}, "charge.dispute.created"),
            ({"url": "https://erp.example.com/ar_collections/stripe/webhook/0"}, "has no endpoint"),
        ):
            with self.subTest(endpoint=endpoint):
                self.stripe.endpoints.clear()
                if endpoint:
                    self._register(**endpoint)
                self.events._try_catch_up(self.provider)
                self.assertIn(words, self._problem("stripe_setup").message)
        self._register(
            enabled_events=["*"], url=f"https://hooks.example.com/ar_collections/stripe/webhook/{self.provider.id}"
        )
        self.events._try_catch_up(self.provider)
        self.assertFalse(self._problem("stripe_setup"))

    def test_a_key_that_may_not_see_endpoints_says_only_that(self):
        self.stripe.forbidden = {"webhook_endpoints"}
        with mute_logger(PROBLEM_LOG):
            self.events._try_catch_up(self.provider)
        self.assertIn("Webhook Endpoints", self.provider.ar_stripe_missing)
        self.assertFalse(self.provider.ar_stripe_endpoint_fault)

    # === TWO WORKERS === #

    def test_an_event_about_a_payment_that_another_worker_holds_is_tried_again(self):
        transaction, intent = self._start(self.old)
        self._confirm(intent)
        self._send()
        transactions = self.env.registry["payment.transaction"]
        with patch.object(transactions, "try_lock_for_update", lambda records, **_kwargs: records.browse()):
            self._handle()
        (event,) = self._mine()
        self.assertEqual((event.state, event.attempts, transaction.state), ("received", 1, "draft"))
        self.assertIn("Another operation", event.error)
        with freeze_time(event.next_try):
            self._handle()
        self.assertEqual((event.state, transaction.state), ("done", "done"))

    # === MANY EVENTS === #

    def test_the_scheduled_action_knows_what_is_beyond_a_batch(self):
        for number in range(5):
            self.stripe.detach(f"pm_{number}")
            self._send()
        left = []

        def progress(_cron, processed=0, *, remaining=None, **_kwargs):
            if remaining is not None:
                left.append(remaining)
            left[-1] -= processed
            return 60.0

        waiting = len(self._mine())
        with (
            patch("odoo.addons.ar_collections_stripe.models.events.ar_stripe_event_run.BATCH", 2),
            patch.object(self.env.registry["ir.cron"], "_commit_progress", progress),
        ):
            self.events._cron_handle()
        self.assertEqual(left, [waiting - 2], "Odoo calls it again for the others.")
