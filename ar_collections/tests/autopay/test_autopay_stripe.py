from datetime import timedelta
from unittest.mock import patch

import requests
from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import PROBLEM_LOG
from ..portal.payments.common_stripe import ArStripeCommon
from .common_autopay import StripeAutopayFactory

INSUFFICIENT = "pm_card_visa_chargeDeclinedInsufficientFunds"

STOLEN = "pm_card_visa_chargeDeclinedStolenCard"


@tagged("post_install", "-at_install")
class TestAutopayWithStripe(StripeAutopayFactory, ArStripeCommon):
    """Automatic payments with Odoo's own Stripe module and a simulated Stripe server on the loopback interface."""

    def _with(self, payment_method):
        self.token.stripe_payment_method = payment_method

    def _charge_keys(self):
        """Return the idempotency keys of the requests to charge, in their order."""
        return [key for method, path, key in self.stripe.requests if (method, path) == ("POST", "/v1/payment_intents")]

    def _hours_later(self, hours, days=5):
        """Run the job that number of hours after noon of that day."""
        with freeze_time(fields.Datetime.to_datetime(self._in(days)) + timedelta(hours=12 + hours)):
            result = self.env["ar.payment.plan.installment"]._run_autopay(self.company)
            total = {move: number for (move, _key), number in result.counts.items() if number}
        self.env.invalidate_all()
        return total

    def _book_all(self):
        self._book()
        return self.invoice.amount_residual

    # === ANSWERED === #

    def test_success(self):
        self.assertEqual(self._charge(5), {"charge": 1})
        (intent,) = self.stripe.intents.values()
        self.assertEqual((intent["amount"], intent["payment_method"]), (10000, "pm_card_visa"))
        self.assertEqual((self._outcomes(), self._book_all()), ([(1, "done")], 200.0))

    def test_webhook_after_success_books_nothing_more(self):
        self._charge(5)
        self._notify()
        self.assertEqual(self._book_all(), 200.0)
        self._notify()
        self.assertEqual(self._book_all(), 200.0)
        self.assertEqual(len(self._payments(self.plan.autopay_charge_ids.transaction_id)), 1)

    def test_insufficient_funds_is_tried_again_on_the_policys_days(self):
        self._with(INSUFFICIENT)
        made = {days: moves for days in range(5, 20) if (moves := self._charge(days))}
        self.assertEqual(made, {5: {"charge": 1}, 8: {"charge": 1}, 12: {"charge": 1}, 13: {"fail": 1}})
        self.assertEqual(set(self.plan.autopay_charge_ids.mapped("code")), {"insufficient_funds"})
        self.assertEqual(len(set(self._charge_keys())), 3, "Each attempt is a payment of its own.")

    def test_insufficient_funds_then_paid(self):
        self._with(INSUFFICIENT)
        self._charge(5)
        self._notify()  # Stripe's own event about it, later
        self._with("pm_card_visa")
        self._charge(8)
        self.assertEqual(self._outcomes(), [(1, "declined_soft"), (2, "done")])
        self.assertEqual(self._book_all(), 200.0)

    def test_final_declines_are_not_tried_again(self):
        for method, code in [
            (STOLEN, "stolen_card"),
            ("pm_card_chargeDeclinedExpiredCard", "expired_card"),
            ("pm_card_authenticationRequired", "authentication_required"),
        ]:
            with self.subTest(code=code), self.env.cr.savepoint() as savepoint:
                self.stripe._answers.clear()  # the savepoint released the reference
                self._with(method)
                self._charge(5)
                self.assertEqual(
                    (self.plan.autopay_charge_ids.outcome, self.plan.autopay_charge_ids.code), ("declined_final", code)
                )
                made = [moves for days in range(5, 20) if (moves := self._charge(days))]
                self.assertEqual(made, [{"fail": 1}])
                savepoint.rollback()
                self.env.invalidate_all()

    def test_what_the_card_network_advises_against_is_not_charged_again_and_a_person_looks(self):
        self._with("pm_card_chargeDeclinedWithAdvice")
        self._charge(5)
        charge = self.plan.autopay_charge_ids
        self.assertEqual((charge.outcome, charge.code), ("declined_final", "do_not_try_again"))
        made = [moves for days in range(5, 20) if (moves := self._charge(days))]
        self.assertEqual(made, [{"fail": 1}])
        self.assertTrue(self._tasks(self.customer, "autopay_failed"))

    def test_a_charge_refused_as_a_duplicate_is_looked_up_before_another_one(self):
        self._with("pm_card_chargeDeclinedDuplicate")
        self._charge(5)
        self.assertEqual(self._outcomes(), [(1, "unknown")])
        made = [moves for days in range(5, 20) if (moves := self._charge(days))]
        self.assertEqual(set(map(str, made)), {"{'ask': 1}"})
        self.assertEqual(len(self._charge_keys()), 1)
        self.assertEqual(len(self._tasks(self.customer, "autopay_unknown")), 1)
        charge = self.plan.autopay_charge_ids.with_user(self.collector)
        with freeze_time(fields.Datetime.to_datetime(self._in(20))):
            charge.action_mark_failed()
        self.assertEqual(self._outcomes(), [(1, "declined_soft")])

    def test_the_webhook_of_a_duplicate_does_not_settle_it_either(self):
        self._with("pm_card_chargeDeclinedDuplicate")
        self._charge(5)
        self._notify()
        self.assertEqual(self._outcomes(), [(1, "unknown")])
        self.stripe.conclude(self._only_intent()["id"], "succeeded")
        self._notify()
        self.assertEqual((self._outcomes(), self._book_all()), ([(1, "done")], 200.0))

    def test_a_bank_that_waits_for_the_customer_is_a_decline_for_good(self):
        with patch.object(
            type(self.stripe), "_charge_saved", lambda s, number, _m: s.conclude(number, "requires_action")
        ):
            self._charge(5)
        self.assertEqual(
            (self.plan.autopay_charge_ids.outcome, self.plan.autopay_charge_ids.code),
            ("declined_final", "authentication_required"),
        )

    def test_a_bank_debit_is_pending_for_days(self):
        self.token.payment_method_id = self.bank_debit
        self._with("pm_usBankAccount_processing")
        self._charge(5)
        self.assertEqual(self._outcomes(), [(1, "pending")])
        self.assertEqual([self._charge(days) for days in (6, 8, 12)], [{}, {}, {}])
        self.stripe.conclude(self._only_intent()["id"], "succeeded")
        self._notify()
        self.assertEqual((self._outcomes(), self._book_all()), ([(1, "done")], 200.0))

    def _only_intent(self):
        (intent,) = self.stripe.intents.values()
        return intent

    # === NO ANSWER === #

    def test_time_out_after_it_arrived_the_same_payment_is_asked_for_again(self):
        self.stripe.mute = True
        self.assertEqual(self._charge(5), {"charge": 1})
        transaction = self.plan.autopay_charge_ids.transaction_id
        self.assertEqual((transaction.state, self._outcomes()), ("draft", [(1, "unknown")]))
        self.stripe.mute = False
        self.assertEqual(self._hours_later(1), {"repeat": 1})
        self.assertEqual((self._outcomes(), len(self.stripe.intents)), ([(1, "done")], 1))
        self.assertEqual(len(self._charge_keys()), 2)
        self.assertEqual(len(set(self._charge_keys())), 1)
        self.assertEqual((self._book_all(), len(self.stripe.charges)), (200.0, 1))

    def test_time_out_before_it_arrived(self):
        self.stripe.down = True
        self._charge(5)
        self.assertEqual((self._hours_later(1), self._hours_later(2)), ({"repeat": 1}, {"repeat": 1}))
        self.stripe.down = False
        self._hours_later(3)
        self.assertEqual((self._outcomes(), len(self.stripe.charges)), ([(1, "done")], 1))

    def test_slow_answers_and_broken_ones(self):
        for error in (requests.exceptions.ReadTimeout, requests.exceptions.ConnectTimeout,
                      requests.exceptions.ChunkedEncodingError):  # fmt: skip
            with self.subTest(error=error.__name__), self.env.cr.savepoint() as savepoint:
                with (
                    patch("requests.request", side_effect=error),
                    mute_logger(PROBLEM_LOG),
                ):
                    self._charge(5)
                self.assertEqual(self._outcomes(), [(1, "unknown")])
                self._hours_later(1)
                self.assertEqual(self._outcomes(), [(1, "done")])
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_busy_stripe_is_no_decline(self):
        for status in (401, 409, 429, 500, 503):
            with self.subTest(status=status), self.env.cr.savepoint() as savepoint:
                self.stripe.refuses = status
                self._charge(5)
                self.assertEqual(self._outcomes(), [(1, "unknown")])
                self.stripe.refuses = None
                self._hours_later(1)
                self.assertEqual(self._outcomes(), [(1, "done")])
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_decline_that_was_not_received_is_read_from_the_repetition(self):
        self._with(STOLEN)
        self.stripe.mute = True
        self._charge(5)
        self.stripe.mute = False
        self._hours_later(1)
        self.assertEqual(
            (self._outcomes(), self.plan.autopay_charge_ids.code), ([(1, "declined_final")], "stolen_card")
        )

    def test_late_webhook_settles_what_had_no_answer(self):
        self.stripe.mute = True
        self._charge(5)
        self._notify()
        self.assertEqual(self._outcomes(), [(1, "done")])
        self.stripe.mute = False
        self.assertEqual((self._hours_later(1), self._book_all()), ({}, 200.0))

    def test_late_webhook_of_a_decline_settles_it_too(self):
        self._with(INSUFFICIENT)
        self.stripe.mute = True
        self._charge(5)
        self._notify()
        charge = self.plan.autopay_charge_ids
        self.assertEqual((charge.outcome, charge.code), ("declined_soft", "insufficient_funds"))

    def test_webhook_of_success_after_a_decline_wins(self):
        self._with(INSUFFICIENT)
        self._charge(5)
        self.stripe.conclude(self._only_intent()["id"], "succeeded")
        self._notify()
        self.assertEqual((self._outcomes(), self._book_all()), ([(1, "done")], 200.0))
        self.assertEqual([self._charge(days) for days in (8, 12)], [{}, {}])

    def test_without_answer_for_a_day_a_person_is_asked_and_nothing_is_repeated(self):
        self.stripe.down = True
        self._charge(5)
        self._hours_later(22)
        before = len(self._charge_keys())
        self.stripe.down = False
        self.assertEqual(self._hours_later(24), {"ask": 1})
        self._hours_later(30)
        self.assertEqual((len(self._charge_keys()), len(self.stripe.intents)), (before, 0))
        task = self._tasks(self.customer, "autopay_unknown")
        self.assertIn(self.plan.autopay_charge_ids.reference, task.summary)
        self.assertEqual(self._charge(30), {"ask": 1}, "No other attempt while this one is open.")

    def test_what_the_person_found_out(self):
        self.stripe.down = True
        self._charge(5)
        self._hours_later(30)
        charge = self.plan.autopay_charge_ids.with_user(self.collector)
        with freeze_time(fields.Datetime.to_datetime(self._in(7))):
            for button, outcome, residual in (("action_mark_paid", "done", 200.0),
                                              ("action_mark_failed", "declined_soft", 300.0)):  # fmt: skip
                with self.subTest(button=button), self.env.cr.savepoint() as savepoint:
                    getattr(charge, button)()
                    self.assertEqual((charge.sudo().outcome, self._book_all()), (outcome, residual))
                    self.assertFalse(self._tasks(self.customer, "autopay_unknown"))
                    savepoint.rollback()
                    self.env.invalidate_all()

    def test_no_repetition_for_who_revoked_or_paid_meanwhile(self):
        self.stripe.down = True
        self._charge(5)
        self.stripe.down = False
        for happens in (lambda: self.plan._stop_autopay("by the customer"), lambda: self._pay(self.invoice, 300)):
            with self.env.cr.savepoint() as savepoint:
                happens()
                self.assertEqual((self._hours_later(1), self._hours_later(24)), ({}, {"ask": 1}))
                self.assertFalse(self.stripe.intents)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_while_its_fate_is_open_the_customer_cannot_pay_it_twice(self):
        self.stripe.mute = True
        self._charge(5)
        with self._on(self._in(5)):
            self.assertEqual([payable.left for payable in self.customer._get_payables()], [200])

    def _pay_by_saved_card(self, payer, card="pm_card_visa"):
        """Let a customer pay its newer invoice on its page by a saved card; return the transaction."""
        token = self._saved_method(payer.partner_id, provider=self.provider, stripe_payment_method=card)
        token.provider_ref = self.stripe._create_customer({})["id"]
        allocation = payer._allocate({self._item(self.new).id: None})
        transaction = self.env["payment.transaction"].sudo().create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": token.payment_method_id.id,
                "amount": float(allocation.total),
                "currency_id": payer.currency_id.id,
                "partner_id": payer.partner_id.id,
                "token_id": token.id,
                "operation": "online_token",
                **payer._prepare_transaction_vals(allocation),
            }
        )  # fmt: skip
        transaction._charge_with_token()
        return transaction

    def _get_left(self, payer):
        """Return what may be paid on the page of the payer's newer invoice."""
        item = self._item(self.new).id
        return next(float(payable.left) for payable in payer._get_payables() if payable.item_id == item)

    def test_a_saved_card_on_the_page_without_an_answer_is_not_charged_twice(self):
        payer = self._customer(self.payer)
        self.stripe.mute = True
        transaction = self._pay_by_saved_card(payer)
        self.assertEqual((transaction.state, self._get_left(payer)), ("draft", 0.0))
        self.assertIn(transaction.reference, self._tasks(payer, "autopay_unknown").summary)
        page = self._page(payer, paid=transaction.reference).text
        self.assertIn("please do not pay again", page)
        self.assertNotIn("nothing was charged", page)
        self._notify()
        self.assertEqual((transaction.state, self._get_left(payer)), ("done", 0.0))
        self.assertFalse(self._tasks(payer, "autopay_unknown"))

    def test_a_saved_card_on_the_page_that_is_declined_leaves_the_invoice_payable(self):
        payer = self._customer(self.payer)
        transaction = self._pay_by_saved_card(payer, STOLEN)
        self.assertEqual((transaction.state, self._get_left(payer)), ("error", 100.0))

    def test_other_payments_keep_their_errors(self):
        self.stripe.down = True
        payer = self._customer(self.payer)
        transaction = self._submit(self._select(self.new, customer=payer), access_token=self._key(payer))
        self.assertEqual(transaction.state, "error")
