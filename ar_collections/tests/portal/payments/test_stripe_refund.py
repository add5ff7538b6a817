from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_stripe import ArStripeCommon


@tagged("post_install", "-at_install")
class TestStripeRefund(ArStripeCommon):
    """What core books for a refund, and what it means for collections.

    The invoices stay paid. The refund is a payment of ours to the customer, which nothing is matched with: an open item
    that can be paid back, but is not reminded, whether or not a credit note is the reason for it.
    """

    def _refunds(self, transaction):
        return transaction.child_transaction_ids.filtered(lambda child: child.operation == "refund")

    def _refund_by_staff(self, transaction, amount=None):
        """Refund through the payment's button; all of it by default; return what was booked for it."""
        wizard = self.env["payment.refund.wizard"].with_context(active_id=transaction.payment_id.id).create({})
        if amount:
            wizard.amount_to_refund = amount
        wizard.action_refund()
        self._book()
        return self._refunds(transaction).payment_id

    def _open(self):
        """Return what the customer owes and has to its credit: ([amounts], [amounts])."""
        facts = self.customer._get_facts()
        return [item.residual for item in facts.items], [credit.amount for credit in facts.credits]

    # === WHAT IS BOOKED === #

    def test_full_refund_leaves_invoices_paid_and_opens_what_was_given_back(self):
        transaction, _intent = self._pay_by_card(self.old, self.new)
        refund = self._refund_by_staff(transaction)
        self.assertEqual((refund.payment_type, refund.amount), ("outbound", 300.0))
        self.assertEqual(self.stripe.events[-1]["data"]["object"]["amount_refunded"], 30000)
        self.assertEqual(self._residuals(), (0.0, 0.0))
        self.assertEqual(self._open(), ([300], []))
        self.assertEqual(self.customer._get_facts().items[0].due_date, refund.date)
        self.assertIn(refund.move_id.name, self._page().text)

    def test_stripes_event_about_our_own_refund_books_nothing_more(self):
        transaction, _intent = self._pay_by_card(self.new)
        self._refund_by_staff(transaction)
        self.assertEqual(self._notify().status_code, 200)
        self._book()
        self.assertEqual(len(self._refunds(transaction)), 1)
        self.assertEqual(self._open(), ([200, 100], []))

    def test_parts_refunded_at_stripe_are_booked_once_each(self):
        transaction, intent = self._pay_by_card(self.old, self.new)
        for amount in (4000, 1000):
            self.stripe.refund(intent["id"], amount)
            for _replay in range(2):
                self.assertEqual(self._notify().status_code, 200)
        self._book()
        self.assertEqual(sorted(self._refunds(transaction).payment_id.mapped("amount")), [10.0, 40.0])
        self.assertEqual((self._residuals(), sorted(self._open()[0])), ((0.0, 0.0), [10, 40]))

    def test_refund_that_stripe_did_not_sign_changes_nothing(self):
        transaction, intent = self._pay_by_card(self.new)
        self.stripe.refund(intent["id"], 10000)
        with mute_logger("odoo.addons.payment_stripe.controllers.main"):
            self.assertEqual(self._notify(secret="whsec_guessed").status_code, 403)
        self._book()
        self.assertFalse(self._refunds(transaction))

    def test_refund_before_the_payment_is_booked_is_not_owed_twice(self):
        transaction, intent = self._start(self.new)
        self._confirm(intent)
        self._notify()
        self.stripe.refund(intent["id"], 10000)
        self._notify()
        for _run in range(2):
            self._book()
        self.assertEqual(len(self._payments(transaction)), 1)
        self.assertEqual((self._residuals(), self._open()), ((200.0, 0.0), ([200, 100], [])))

    def test_refund_that_fails_later_is_left_to_staff(self):
        transaction, intent = self._pay_by_card(self.new)
        self._refund_by_staff(transaction)
        charge = self.stripe.charges[intent["charges"]["data"][0]["id"]]
        self.stripe.fail_refund(charge["refunds"]["data"][0])
        self._notify()
        self._book()
        refund = self._refunds(transaction)
        self.assertEqual(refund.state, "error")
        self.assertIn("address any accounting discrepancies", refund.state_message)
        self.assertEqual(self._open(), ([200, 100], []), "Core leaves the booked refund as it is.")

    # === WHAT COMES AFTER === #

    def test_refund_for_a_credit_note_asks_for_nothing(self):
        transaction, _intent = self._pay_by_card(self.old, self.new)
        credit_note = self._invoice(self.payer, amount=300.0, move_type="out_refund")
        self._refund_by_staff(transaction)
        self.assertEqual(self._open(), ([300], [300]))
        self.assertEqual(self._run()["no_contact"], {"our_payment": 1})
        self.assertTrue(credit_note)

    def test_refund_of_what_was_paid_twice_asks_for_nothing(self):
        transaction, intent = self._start(self.new)
        self._pay(self.new)
        self._pay(self.old)
        self._confirm(intent)
        self._return(intent)
        self.assertEqual(self._open(), ([], [100]))
        self._refund_by_staff(transaction)
        self.assertEqual(self._open(), ([100], [100]))
        self.assertEqual(self._run()["no_contact"], {"our_payment": 1})

    def test_what_was_given_back_can_be_paid_again(self):
        transaction, _intent = self._pay_by_card(self.new)
        refund = self._refund_by_staff(transaction)
        line = refund.move_id.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        again = self._submit(self._select(item=[line.id]))
        intent = self._intent(again)
        self._confirm(intent)
        self.assertIn("Thank you", self._return(intent).text)
        self.assertEqual((self._open(), line.amount_residual), (([200], []), 0.0))
