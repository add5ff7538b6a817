from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from odoo.addons.ar_collections.tests.autopay.common_autopay import StripeAutopayFactory

from .events.common_stripe_events import ArStripeEventsCommon

INSUFFICIENT = "pm_card_visa_chargeDeclinedInsufficientFunds"


@tagged("post_install", "-at_install")
class TestStripeUnanswered(StripeAutopayFactory, ArStripeEventsCommon):
    """Automatic payments whose answer got lost: Stripe is asked before anybody is."""

    def _ask(self, hours=30):
        """Look up what has no answer, that number of hours after noon of the charge's day."""
        with freeze_time(fields.Datetime.to_datetime(self._in(5)) + timedelta(hours=12 + hours)):
            self.env["payment.provider"]._ar_ask_about_unanswered()
        self.env.invalidate_all()

    def _lose_answer(self):
        """Charge; Stripe executes it, and the answer gets lost."""
        self.stripe.mute = True
        self._charge(5)
        self.stripe.mute = False
        self.assertEqual(self._outcomes(), [(1, "unknown")])

    def test_a_charge_that_went_through_is_found_and_booked(self):
        self._lose_answer()
        self._ask(hours=2)
        self.assertEqual(self._outcomes(), [(1, "unknown")], "It may still be repeated.")
        self.stripe.refuses = 503
        self._charge(7)
        self.stripe.refuses = None
        self.assertTrue(self._tasks(self.customer, "autopay_unknown"))
        self._ask()
        self.assertEqual(self._outcomes(), [(1, "done")])
        self.assertFalse(self._tasks(self.customer, "autopay_unknown"))
        self._book()
        self.assertEqual(self.invoice.amount_residual, 200.0)
        self.assertEqual(len(self.stripe.intents), 1)

    def test_nobody_gets_a_task_about_a_charge_that_stripe_knows(self):
        self._lose_answer()
        self._charge(7)
        self.assertEqual(self._outcomes(), [(1, "done")])
        self.assertFalse(self._tasks(self.customer, "autopay_unknown"))

    def test_of_a_declined_and_a_pending_attempt_the_pending_one_counts(self):
        self._lose_answer()
        (intent,) = self.stripe.intents.values()
        intent["status"] = "processing"
        self.stripe.intents["pi_later"] = {**intent, "id": "pi_later", "status": "canceled"}
        self._ask()
        self.assertEqual(self._outcomes(), [(1, "pending")])

    def test_a_decline_is_found_with_its_code(self):
        self.token.stripe_payment_method = INSUFFICIENT
        self._lose_answer()
        self._ask()
        charge = self.plan.autopay_charge_ids
        self.assertEqual((charge.outcome, charge.code), ("declined_soft", "insufficient_funds"))

    def test_a_payment_of_the_page_by_a_saved_card_is_asked_about_too(self):
        allocation = self.customer._allocate({self._item(self.invoice).id: None})
        values = {
            "provider_id": self.provider.id,
            "payment_method_id": self.token.payment_method_id.id,
            "amount": float(allocation.total),
            "currency_id": self.customer.currency_id.id,
            "partner_id": self.customer.partner_id.id,
            "token_id": self.token.id,
            "operation": "online_token",
            **self.customer._prepare_transaction_vals(allocation),
        }
        transaction = self.env["payment.transaction"].sudo().create(values)
        self.stripe.mute = True
        transaction._charge_with_token()
        self.stripe.mute = False
        self.assertEqual(transaction.state, "draft")
        self.env["payment.provider"]._ar_ask_about_unanswered()
        self.assertEqual((transaction.state, len(self.stripe.intents)), ("done", 1))
        self.assertFalse(self._tasks(self.customer, "autopay_unknown"))

    def test_a_request_that_never_arrived_is_not_charged(self):
        self.stripe.down = True
        self._charge(5)
        self.stripe.down = False
        self._ask()
        charge = self.plan.autopay_charge_ids
        self.assertEqual((charge.outcome, charge.code), ("declined_soft", "not_charged"))
        self.assertFalse(self.stripe.intents)

    def test_a_charge_that_waits_for_the_customer_is_declined(self):
        self._lose_answer()
        (intent,) = self.stripe.intents.values()
        intent["status"] = "requires_action"
        self._ask()
        self.assertEqual(self.plan.autopay_charge_ids.code, "authentication_required")

    def test_two_payments_with_the_reference_are_left_to_a_person(self):
        self._lose_answer()
        (intent,) = self.stripe.intents.values()
        self.stripe.intents["pi_twice"] = {**intent, "id": "pi_twice"}
        self._ask()
        self.assertEqual(self._outcomes(), [(1, "unknown")])

    def test_while_stripe_cannot_be_asked_nothing_changes(self):
        self._lose_answer()
        self.stripe.refuses = 503
        self._ask()
        self.assertEqual(self._outcomes(), [(1, "unknown")])

    def test_a_refusal_as_duplicate_is_left_to_a_person(self):
        self.token.stripe_payment_method = "pm_card_chargeDeclinedDuplicate"
        self._charge(5)
        self._ask()
        self.assertEqual(self._outcomes(), [(1, "unknown")])

    def test_the_number_of_a_declined_payment_is_known_at_once(self):
        self.token.stripe_payment_method = INSUFFICIENT
        self._charge(5)
        (intent,) = self.stripe.intents.values()
        transaction = self.plan.autopay_charge_ids.transaction_id
        self.assertEqual((transaction.state, transaction.provider_reference), ("error", intent["id"]))
