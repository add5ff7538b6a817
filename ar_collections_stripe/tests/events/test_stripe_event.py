from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ar_collections.tests.common import PROBLEM_LOG

from ...const import BACK_OFF, NEW_MINUTES
from ...models.events.ar_stripe_event import CRON
from .common_stripe_events import ArStripeEventsCommon


@tagged("post_install", "-at_install")
class TestStripeEvent(ArStripeEventsCommon):
    """Events are handled from the table: in any order, again after failures, never twice."""

    def _fail(self, times):
        """Handle the only event that number of times while Stripe cannot be reached."""
        self.stripe.refuses = 500
        for _number in range(times):
            with freeze_time(self._mine().next_try or fields.Datetime.now()):
                self._handle()
        self.stripe.refuses = None

    # === PAYMENTS === #

    def test_success_settles_the_payment_and_has_it_booked(self):
        transaction, intent = self._start(self.new)
        self._confirm(intent)
        self._deliver_all()
        self.assertEqual((transaction.state, transaction.provider_reference), ("done", intent["id"]))
        self._book()
        self.assertEqual(self._residuals()[1], 0.0)
        self.assertEqual(self.stripe.versions["GET", f"/v1/payment_intents/{intent['id']}"], "2019-05-16")

    def test_replay_and_second_endpoint_change_nothing(self):
        transaction, intent = self._start(self.new)
        self._confirm(intent)
        self._notify()
        self._deliver_all()
        self._mine().write({"state": "received", "next_try": fields.Datetime.now()})
        self._handle()
        self._book()
        self.assertEqual((transaction.state, len(self._payments(transaction))), ("done", 1))

    def test_order_does_not_matter(self):
        transaction, intent = self._start(self.new)
        self.stripe.conclude(intent["id"], "processing", "pm_usBankAccount_processing")
        self.stripe.conclude(intent["id"], "declined")
        self.stripe.conclude(intent["id"], "succeeded", "pm_card_visa")
        self._deliver_all(*self.stripe.events[::-1])
        self.assertEqual((transaction.state, {state for _type, state in self._states()}), ("done", {"done"}))

    def test_a_late_failure_of_a_bank_debit(self):
        transaction, intent = self._start(self.new)
        self.stripe.conclude(intent["id"], "processing", "pm_usBankAccount_processing")
        self._deliver_all()
        self.assertEqual(transaction.state, "pending")
        self.stripe.conclude(intent["id"], "declined")
        self._deliver_all(self.stripe.events[-1])
        self.assertEqual(transaction.state, "error")

    def test_what_is_not_from_here_is_ignored(self):
        self.stripe.customers["cus_shop"] = {}
        shop = {
            "amount": "900", "currency": "usd", "customer": "cus_shop", "description": "Order of a shop",
            "payment_method_types[]": "card",
        }  # fmt: skip
        number = self.stripe._create_intent(shop)["id"]
        self.stripe.conclude(number, "succeeded", "pm_card_visa")
        self._deliver_all()
        self._handle_later()
        self.assertEqual((self._mine().state, self._mine().attempts), ("ignored", 1))

    def test_an_event_that_comes_before_our_own_transaction_is_committed(self):
        """Stripe charged a saved card, and its answer got lost: the request still waits when the event comes."""
        transaction, intent = self._start(self.new)
        transaction.sudo().write({"reference": "Not committed", "provider_reference": False})
        self._confirm(intent)
        self._deliver_all()
        event = self._mine()
        self.assertEqual((event.state, event.attempts, transaction.state), ("received", 0, "draft"))
        called = [("cron_id", "=", self.env.ref(CRON).id), ("call_at", "=", event.next_try)]
        self.assertTrue(self.env["ir.cron.trigger"].sudo().search_count(called))
        self._handle()
        self.assertEqual(event.state, "received", "Not before its time.")
        transaction.sudo().reference = intent["description"]
        self._handle_later()
        self.assertEqual((event.state, event.error, transaction.state), ("done", False, "done"))

    def test_an_old_event_about_nothing_of_ours_waits_for_nothing(self):
        transaction, intent = self._start(self.new)
        self._confirm(intent)
        transaction.sudo().provider_id = self.provider.copy()
        self.stripe.events[-1]["created"] -= 60 * NEW_MINUTES
        self._deliver_all()
        self.assertEqual(self._mine().state, "ignored")

    def test_a_transaction_of_another_provider_is_not_touched(self):
        transaction, intent = self._start(self.new)
        self._confirm(intent)
        transaction.sudo().provider_id = self.provider.copy()
        self._deliver_all()
        self._handle_later()
        self.assertEqual((self._mine().state, transaction.state), ("ignored", "draft"))

    # === REFUNDS === #

    def test_refunds_at_the_dashboard_are_recorded_once(self):
        transaction, intent = self._pay_by_card(self.new)
        self.stripe.refund(intent["id"], 1000)
        self.stripe.refund(intent["id"], 500)
        self._deliver_all()
        self.assertEqual(sorted(transaction.child_transaction_ids.mapped("amount")), [-10.0, -5.0])

    def test_a_refund_from_odoo_is_not_recorded_again(self):
        transaction, _intent = self._pay_by_card(self.new)
        transaction.sudo()._refund(20.0)
        self._deliver_all()
        self.assertEqual(len(transaction.child_transaction_ids), 1)

    def test_a_refund_of_a_captured_part_is_not_recorded_again(self):
        transaction, intent = self._pay_by_card(self.new)
        capture = transaction.sudo()._create_child_transaction(20.0)
        capture._set_done()
        refund = self.stripe.refund(intent["id"], 2000)
        child = capture._create_child_transaction(20.0, is_refund=True)
        child.provider_reference = refund["id"]
        self._deliver_all()
        self.assertFalse(transaction.child_transaction_ids.filtered(lambda each: each.operation == "refund"))

    def test_a_refund_of_another_payment_with_the_same_reference_is_not_ours(self):
        transaction, intent = self._pay_by_card(self.new)
        shop = self._pay_elsewhere(transaction.reference, intent["amount"])
        self.stripe.refund(shop, 1000)
        self._deliver_all(self.stripe.events[-1])
        self.assertEqual(self._mine().state, "ignored")
        self.assertFalse(transaction.child_transaction_ids)

    def test_another_amount_with_the_same_reference_is_not_ours(self):
        transaction, intent = self._start(self.new)
        number = self._pay_elsewhere(transaction.reference, 77)
        self.stripe.refund(number, 70)
        self._deliver_all()
        self._handle_later()
        self.assertEqual({event.state for event in self._mine()}, {"ignored"})
        self.assertEqual((transaction.state, transaction.child_transaction_ids.ids), ("draft", []))
        self._confirm(intent)
        self._deliver_all(self.stripe.events[-1])
        self.assertEqual(transaction.state, "done")

    def _pay_elsewhere(self, reference, amount):
        """Pay outside Odoo, with a reference that Odoo uses too; return the number of the intent."""
        self.stripe.customers["cus_shop"] = {}
        values = {
            "amount": str(amount), "currency": "usd", "customer": "cus_shop", "description": reference,
            "payment_method_types[]": "card",
        }  # fmt: skip
        number = self.stripe._create_intent(values)["id"]
        self.stripe.conclude(number, "succeeded", "pm_card_visa")
        return number

    def test_a_refund_of_odoo_touches_the_row_of_the_payment(self):
        transaction, _intent = self._pay_by_card(self.new)

        def version():
            self.env.flush_all()
            self.env.cr.execute("SELECT ctid FROM payment_transaction WHERE id = %s", [transaction.id])
            return self.env.cr.fetchone()

        before = version()
        transaction.sudo()._create_child_transaction(20.0, is_refund=True)
        self.assertNotEqual(version(), before, "An event that is handled in an older snapshot fails at its lock.")

    # === METHODS === #

    def test_a_detached_method_is_archived(self):
        token = self.env["payment.token"].sudo().create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.card.id,
                "partner_id": self.new.partner_id.id,
                "provider_ref": "cus_1",
                "stripe_payment_method": "pm_gone",
                "payment_details": "4242",
            }
        )  # fmt: skip
        self.stripe.detach("pm_gone")
        self._deliver_all()
        self.assertFalse(token.active)
        self.assertEqual(self._mine().state, "done")

    # === FAILURES === #

    def test_a_failure_is_tried_again_later_and_then_succeeds(self):
        transaction, intent = self._start(self.new)
        self._confirm(intent)
        self._send()
        self._fail(2)
        event = self._mine()
        self.assertEqual((event.state, event.attempts, transaction.state), ("received", 2, "draft"))
        self._handle()
        self.assertEqual(event.state, "received", "Not before its time.")
        with freeze_time(event.next_try):
            self._handle()
        self.assertEqual((event.state, event.error, transaction.state), ("done", False, "done"))

    @mute_logger(PROBLEM_LOG)
    def test_after_the_last_attempt_it_is_a_problem_and_an_administrator_retries(self):
        self.stripe.detach("pm_gone")
        self._send()
        self._fail(len(BACK_OFF) + 1)
        event = self._mine()
        self.assertEqual((event.state, event.next_try), ("failed", False))
        problem = self.env["ar.problem"]._search_open(event, "stripe_event")
        self.assertIn("Retry", problem.advice)
        self.env.user.group_ids |= self.env.ref("base.group_system")
        event.with_user(self.env.user).action_retry()
        self._handle()
        self.assertEqual((event.state, bool(problem.solved_on)), ("ignored", True))

    def test_one_event_stops_no_other(self):
        transaction, intent = self._start(self.new)
        self._confirm(intent)
        self.stripe.detach("pm_gone")
        self._send(self.stripe.events[0])
        self._send(self.stripe.events[1])
        with patch.object(type(self.events), "_handle_payment_intent", side_effect=UserError("No")):
            self._handle()
        self.assertEqual(self._mine().mapped("state"), ["received", "ignored"])
        self.assertEqual(self._mine()[0].error, "No")

    # === LOST === #

    def test_a_lost_event_is_found_the_next_day(self):
        transaction, intent = self._start(self.new)
        self._confirm(intent)
        self.assertEqual(self.events._catch_up(self.provider), 1)
        self.assertEqual(self.events._catch_up(self.provider), 0, "Once only.")
        self._handle()
        self.assertEqual(transaction.state, "done")
        self._send(self.stripe.events[-1])
        self.assertEqual(len(self._mine()), 1)
        self.stripe.undelivered.add(self.stripe.events[-1]["id"])
        self.assertEqual(self.events._catch_up(self.provider), 0)

    def test_catching_up_survives_stripe_being_down(self):
        self.stripe.refuses = 500
        with mute_logger(PROBLEM_LOG):
            self.events._try_catch_up(self.provider)
        self.assertTrue(self.env["ar.problem"]._search_open(self.provider, "stripe_setup"))
        self.stripe.refuses = None
        self._register()
        self.events._try_catch_up(self.provider)
        self.assertFalse(self.env["ar.problem"]._search_open(self.provider, "stripe_setup"))

    # === REMOVAL === #

    def test_old_events_are_deleted_but_those_that_wait_or_failed_stay(self):
        for number, state in enumerate(("done", "ignored", "received", "failed")):
            self.events.create(
                {
                    "provider_id": self.provider.id,
                    "event_id": f"evt_{number}",
                    "type": "charge.refunded",
                    "created": fields.Datetime.now(),
                    "state": state,
                }
            )
        self.events._remove_old()
        self.assertEqual(len(self._mine()), 4)
        with freeze_time(fields.Datetime.now() + timedelta(days=91)):
            self.events._remove_old()
        self.assertEqual(self._mine().mapped("state"), ["received", "failed"])
