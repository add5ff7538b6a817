"""Settlements whose payment comes back, and those of which nothing is owed any more: what the page says and takes."""

from datetime import timedelta

from odoo.tests import tagged

from .common_settlement_page import SettlementPageCommon


@tagged("post_install", "-at_install")
class TestSettlementReturned(SettlementPageCommon):
    def _pay_settlement(self):
        """Pay what the page asks for; return the payment."""
        transaction = self._submit(self._press_pay())
        self._complete(transaction)
        return transaction.payment_id

    def _return(self, payment):
        """Let the bank take a payment back."""
        payment.move_id._reverse_moves([{"date": self.TODAY}], cancel=True)
        self.env.flush_all()
        self.env.invalidate_all()

    def _open_insolvency(self):
        day = self.new.invoice_date
        insolvency = self.env["ar.insolvency"].with_user(self.collector)
        insolvency.create({"customer_id": self.customer.id, "opened_on": day})
        self.env.flush_all()
        self.env.invalidate_all()

    def _credit(self, invoice):
        invoice._reverse_moves([{"invoice_date": self.TODAY}], cancel=True)
        self.env.flush_all()
        self.env.invalidate_all()

    def test_paid_returned_and_paid_again(self):
        payment = self._pay_settlement()
        self._judge()
        self.assertEqual(self.settlement.state, "paid")
        notes = self.settlement.credit_note_ids
        self._return(payment)
        self.assertIn("Pay until", self._open().text, "before the night has judged it")
        self._judge()
        self.assertEqual((self.settlement.state, set(notes.mapped("state"))), ("open", {"cancel"}))
        self.assertIn("180.00", self._open().text)
        self._pay_settlement()
        self._judge()
        self.assertEqual((self.settlement.state, self.settlement.amount_paid), ("paid", 180.0))
        self.assertEqual((self.settlement.credit_note_ids - notes).mapped("state"), ["draft", "draft"])

    def test_paid_again_after_one_of_the_credit_notes_was_posted(self):
        payment = self._pay_settlement()
        self._judge()
        posted = self.settlement.credit_note_ids[0]
        other = self.settlement.credit_note_ids - posted
        posted.sudo().action_post()
        self._return(payment)
        self._judge()
        self.assertEqual((self.settlement.state, posted.state, other.state), ("open", "posted", "cancel"))
        self._tasks(self.customer, "settlement").action_feedback()
        self._pay_settlement()
        self._judge()
        self.assertEqual(self.settlement.state, "paid")
        again = self.settlement.credit_note_ids - posted - other
        self.assertEqual((again.state, again.reversed_entry_id), ("draft", other.reversed_entry_id))
        self.assertEqual(again.amount_total, self.settlement.amount_left)
        self.assertTrue(self._tasks(self.customer, "settlement"))

    def test_paid_again_before_the_night_has_judged_the_return(self):
        payment = self._pay_settlement()
        self._judge()
        self._return(payment)
        self._pay_settlement()
        self._judge()
        self.assertEqual((self.settlement.state, self.settlement.amount_paid), ("paid", 180.0))
        self.assertIn("Paid, thank you", self._open().text)

    def test_clawed_back_in_insolvency_nothing_is_asked_for(self):
        payment = self._pay_settlement()
        self._judge()
        self._open_insolvency()
        self._return(payment)
        for state in ("paid", "withdrawn"):
            self.assertEqual(self.settlement.state, state)
            self.assertEqual(self.settlement._get_amount_to_pay(), 0.0)
            self.assertIn("has ended", self._open().text)
            self.assertNotIn(self.settlement.name, [row["name"] for row in self.customer._get_agreement_rows()])
            self.assertIn("can no longer be paid", self._press_pay().text)
            self.assertNotIn("o_ar_settlement_pay", self._page().text)
            self._judge()

    def test_paid_in_part_and_credited_nothing_is_being_processed(self):
        self._complete(self._submit(self._select(self.old, amounts={self.old: "50"})))
        self._credit(self.old)
        self._credit(self.new)
        page = self._open().text
        self.assertIn("Nothing is left to pay", page)
        self.assertNotIn("being processed", page)
        self.assertNotIn("the rest is being credited", page)
        self._judge()
        self.assertEqual(self.settlement.state, "open", "until its day, in case the match was a mistake")
        self.assertIn("Nothing is left to pay", self._open().text)
        self._judge(self.settlement.date_until + timedelta(days=1))
        self.assertEqual(self.settlement.state, "withdrawn")
        self.assertIn("nothing of its invoices is owed any more", self.customer.message_ids[0].body)

    def test_a_credit_note_that_was_matched_by_mistake_ends_nothing(self):
        self._credit(self.old)
        self._credit(self.new)
        self._judge()
        self._debt(self.old).remove_move_reconcile()
        self.env.flush_all()
        self.env.invalidate_all()
        self._judge()
        self.assertEqual((self.settlement.state, self.settlement._get_amount_to_pay()), ("open", 180.0))

    def test_paid_late_it_is_missed_whatever_is_open(self):
        self.settlement.sudo().date_until = self.TODAY - timedelta(days=1)
        for invoice in (self.old, self.new):
            self._pay(invoice)
        self.env.flush_all()
        self._judge()
        self.assertEqual(self.settlement.state, "missed")
