import time

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_stripe import PUBLISHABLE_KEY, ArStripeCommon
from .stripe_lookalike import NOT_AUTHENTICATED


@tagged("post_install", "-at_install")
class TestStripe(ArStripeCommon):
    def _assert_payable(self, invoice, amount):
        self.assertEqual(self._form_of(self._select(invoice))[1], amount)

    def _assert_taken(self, invoice):
        self.assertIn("no longer open", self._select(invoice).text)

    def test_card_settles_what_was_selected_when_the_customer_comes_back(self):
        form = self._select(self.old, self.new, amounts={self.old: "50"})
        self.assertIn(PUBLISHABLE_KEY, form.text, "The form is drawn in the page, by Stripe's script.")
        transaction = self._submit(form)
        intent = self._intent(transaction)
        self.assertEqual((intent["amount"], intent["currency"]), (15000, "usd"))
        self.assertEqual(transaction.state, "draft")
        self.assertEqual(self._confirm(intent).status_code, 200)
        page = self._return(intent)
        self.assertIn("Thank you for your payment", page.text)
        self.assertEqual(self._residuals(), (150.0, 0.0))
        self.assertEqual((transaction.provider_reference, self._payments(transaction).amount), (intent["id"], 150.0))

    # === WEBHOOK === #

    def test_webhook_alone_settles_what_was_selected(self):
        transaction, intent = self._start(self.old, self.new, amounts={self.old: "50"})
        self._confirm(intent)
        self.assertEqual(self._notify().status_code, 200)
        self.assertEqual(transaction.state, "done")
        self._assert_taken(self.new)
        self.assertEqual(self._form_of(self._select(self.old))[1], 150.0, "The part on its way is taken off.")
        self._book()
        self.assertEqual(self._residuals(), (150.0, 0.0))

    def test_webhook_calls_for_booking_at_once(self):
        trigger = [("cron_id", "=", self.env.ref("payment.cron_post_process_payment_tx").id)]
        before = self.env["ir.cron.trigger"].sudo().search_count(trigger)
        _transaction, intent = self._start(self.new)
        self._confirm(intent)
        self._notify()
        self.assertEqual(self.env["ir.cron.trigger"].sudo().search_count(trigger), before + 1)

    def test_webhook_that_stripe_did_not_sign_changes_nothing(self):
        transaction, intent = self._start(self.new)
        self._confirm(intent)
        forged = {
            "wrong secret": {"secret": "whsec_guessed"},
            "changed after signing": {"created": 1},
            "too old": {"age": 3600},
            "header without a signature": {"headers": {"Stripe-Signature": f"t={int(time.time())}"}},
        }
        for case, values in forged.items():
            with self.subTest(case), mute_logger("odoo.addons.payment_stripe.controllers.main"):
                self.assertEqual(self._notify(**values).status_code, 403)
        for headers in ({}, {"Stripe-Signature": "nonsense"}):
            with self.subTest(headers=headers), mute_logger("odoo.http"):
                # Odoo raises an error instead of refusing it; Stripe always sends a proper one.
                self.assertEqual(self._notify(headers=headers).status_code, 500)
        self._book()
        self.assertEqual((transaction.state, self._residuals()), ("draft", (200.0, 100.0)))

    def test_replayed_webhook_books_one_payment(self):
        transaction, intent = self._start(self.new)
        self._confirm(intent)
        for _replay in range(3):
            self.assertEqual(self._notify().status_code, 200)
            self._book()
        self.assertIn("Thank you", self._return(intent).text)
        self.assertEqual(len(self._payments(transaction)), 1)
        self.assertEqual(sum(credit.amount for credit in self.customer._get_facts().credits), 0)

    def test_webhook_with_another_amount_is_an_error_not_a_payment(self):
        transaction, intent = self._start(self.new)
        self._confirm(intent)
        event = self.stripe.events[-1]
        event["data"]["object"]["amount"] = 1
        with mute_logger("odoo.addons.payment.models.payment_transaction"):
            self._notify(event)
        self._book()
        self.assertEqual((transaction.state, self._residuals()), ("error", (200.0, 100.0)))

    # === DECLINED === #

    def test_declined_card_leaves_the_items_payable_and_states_that_nothing_was_charged(self):
        transaction, intent = self._start(self.new)
        self.assertEqual(self._confirm(intent, "pm_card_chargeDeclined").status_code, 402)
        page = self._return(intent)
        self.assertIn("nothing was charged", page.text)
        self.assertEqual(transaction.state_message, "Your card was declined.")
        self._assert_payable(self.new, 100.0)
        self.assertFalse(self._payments(transaction))

    def test_second_card_after_a_declined_one_pays_once(self):
        transaction, intent = self._start(self.new)
        self._confirm(intent, "pm_card_chargeDeclined")
        self._notify()
        self.assertEqual(transaction.state, "error")
        self._confirm(intent)
        self._return(intent)
        self._notify()
        self._book()
        self.assertEqual(self._residuals(), (200.0, 0.0))
        self.assertEqual(len(self._payments(transaction)), 1)

    # === IN PROCESS === #

    def test_abandoned_3d_secure_check_blocks_nothing(self):
        transaction, intent = self._start(self.new)
        self.assertEqual(self._confirm(intent, "pm_card_authenticationRequired").json()["status"], "requires_action")
        self._notify()
        self.assertEqual(transaction.state, "draft", "Nothing is charged until the customer's bank agrees.")
        self._assert_payable(self.new, 100.0)
        self.assertNotIn("payment_pending", self._run()["no_contact"])

    def test_passed_3d_secure_check_settles_the_items(self):
        _transaction, intent = self._start(self.new)
        self._confirm(intent, "pm_card_authenticationRequired")
        self.stripe.conclude(intent["id"], "succeeded")
        self.assertIn("Thank you", self._return(intent).text)
        self.assertEqual(self._residuals(), (200.0, 0.0))

    def test_failed_3d_secure_check_states_that_nothing_was_charged(self):
        _transaction, intent = self._start(self.new)
        self._confirm(intent, "pm_card_authenticationRequired")
        self.stripe.conclude(intent["id"], "declined", error=NOT_AUTHENTICATED)
        self.assertIn("nothing was charged", self._return(intent).text)
        self._assert_payable(self.new, 100.0)

    def _start_bank_debit(self):
        transaction, intent = self._start(self.old, self.new, payment_method_id=self.bank_debit.id)
        self._confirm(intent, "pm_usBankAccount_processing")
        return transaction, intent, self._return(intent)

    def test_payment_in_process_takes_the_items_and_excludes_reminders(self):
        transaction, _intent, page = self._start_bank_debit()
        self.assertEqual(transaction.state, "pending")
        self.assertIn("is being processed", page.text)
        self._assert_taken(self.old)
        self.assertEqual(self._run()["no_contact"], {"payment_pending": 1})

    def test_payment_in_process_that_succeeds_is_booked(self):
        _transaction, intent, _page = self._start_bank_debit()
        self.stripe.conclude(intent["id"], "succeeded")
        self._notify()
        self._book()
        self.assertEqual(self._residuals(), (0.0, 0.0))

    def test_payment_in_process_that_fails_is_payable_and_reminded_again(self):
        transaction, intent, _page = self._start_bank_debit()
        self.stripe.conclude(intent["id"], "declined")
        self._notify()
        self.assertIn("nothing was charged", self._page(paid=transaction.reference).text)
        self._assert_payable(self.old, 200.0)
        self.assertNotIn("payment_pending", self._run()["no_contact"])

    # === STRIPE DOES NOT ANSWER === #

    def _cut_off(self):
        self.stripe.down = True
        self.addCleanup(setattr, self.stripe, "down", False)

    def test_form_without_answer_from_stripe_charges_nothing(self):
        self._cut_off()
        transaction = self._submit(self._select(self.new))
        self.assertEqual(transaction.state, "error")
        self._assert_payable(self.new, 100.0)

    def test_return_without_answer_from_stripe_is_settled_by_the_webhook(self):
        _transaction, intent = self._start(self.new)
        self._confirm(intent)
        self._cut_off()
        with mute_logger("odoo.addons.payment_stripe.controllers.main"):
            page = self._return(intent)
        self.assertNotIn("nothing was charged", page.text)
        self.stripe.down = False
        self._notify()
        self._book()
        self.assertEqual(self._residuals(), (200.0, 0.0))
