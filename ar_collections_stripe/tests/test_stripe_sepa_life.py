from datetime import timedelta
from decimal import Decimal

from odoo.tests import tagged

from .disputes.common_stripe_disputes import ArStripeDisputesCommon


@tagged("post_install", "-at_install")
class TestStripeSepaLife(ArStripeDisputesCommon):
    """A bank debit that fails after five days, and one that is taken back after forty."""

    def _pay_for_dispute(self):
        """Start a bank debit over the only open invoice; it is under way for days."""
        self._pay(self.old)
        transaction, intent = self._start(self.new)
        self.stripe.conclude(intent["id"], "processing", "pm_usBankAccount_processing")
        self._deliver_all()
        return transaction, intent

    def _reminded(self, first, days):
        """Run day after day, from that number of days on; return the steps of the reminders that were sent."""
        since = self.TODAY + timedelta(days=first)
        for number in range(days):
            self._day(since + timedelta(days=number))
        sent = self._communications(self.customer).filtered(lambda each: each.step_id and each.date_sent)
        return sent.filtered(lambda each: each.date_sent >= since).step_id

    def _take_back(self):
        """Settle the debit, then take it back forty days later; return the chargeback."""
        self._automatic()
        self.stripe.conclude(self.intent["id"], "succeeded")
        self._deliver_all(self.stripe.events[-1])
        self._book()
        self.assertEqual(self.new.amount_residual, 0.0)
        with self._on(self.TODAY + timedelta(days=40)):
            data = self.stripe.dispute(self.intent, status="lost", reason="debit_not_authorized", due=0)
            self.stripe.move_money(data, -10000, fee=750)
            self._deliver_all(*self.stripe.events[-2:])
        return self.chargebacks.search([("reference", "=", data["id"])])

    def test_it_fails_after_five_days_and_reminders_go_on(self):
        self.assertEqual((self.transaction.state, self.new.amount_residual), ("pending", 100.0))
        self._run(self.TODAY + timedelta(days=2))
        self.assertCode(self.customer, "payment_pending")
        with self._on(self.TODAY + timedelta(days=5)):
            self.stripe.conclude(self.intent["id"], "declined")
            self._deliver_all(self.stripe.events[-1])
        self.assertEqual((self.transaction.state, bool(self.payment)), ("error", False))
        self.assertReceivable(100.0)
        self.assertEqual(self._reminded(5, 5), self.friendly)

    def test_it_is_taken_back_after_forty_days_and_no_answer_is_possible(self):
        chargeback = self._take_back()
        self.assertEqual((chargeback.outcome, chargeback.due_by, chargeback.can_answer), ("lost", False, False))
        self.assertIn("No answer is possible", chargeback.dispute_ids.note)
        self.assertEqual(self.new.amount_residual, 100.0)
        self.assertReceivable(100.0)
        returned = self.env["ar.returned.payment"].sudo().search([("move_id", "=", self.new.id)])
        self.assertEqual((returned.amount, returned._get_fate()), (100.0, "returned"))
        self.assertEqual((chargeback.dispute_ids.state, chargeback.dispute_ids.amount_total), ("new", 100.0))

    def test_nothing_is_reminded_until_a_person_has_closed_it_and_then_mildly(self):
        chargeback = self._take_back()
        self.assertFalse(self._reminded(40, 14))
        self.assertCode(self.customer, "disputed")
        with self._on(self.TODAY + timedelta(days=54)):
            dispute = chargeback.dispute_ids
            dispute._resolve(dict.fromkeys(dispute.line_ids, Decimal(0)), "The mandate was valid.", grace_days=3)
        self.assertFalse(self._reminded(54, 3), "Three days of grace.")
        self.assertEqual(self._reminded(57, 4), self.friendly, "The mildest step, though it is late by months.")
