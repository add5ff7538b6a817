"""What may become of a charge that was paid: taken back by the bank, with the fee of the policy, or refunded by us."""

from unittest.mock import patch

from odoo.tools import mute_logger

from odoo.addons.ar_collections.core import decision as codes

from ...migration.common_migration import run_migration
from ..common_autopay import AccountAutopayCase

POST_PROCESS_LOG = "odoo.addons.account_payment.models.payment_transaction"


class TestReturned(AccountAutopayCase):
    """A direct debit may come back for weeks; it is not collected again."""

    def setUp(self):
        super().setUp()
        sepa = self.env.ref("payment.payment_method_sepa_direct_debit").sudo()
        sepa.supported_currency_ids = False
        self.policy.autopay_return_fee = 8.5
        self._enrol(self._saved_method(payment_method_id=sepa.id, simulated="pending"))
        self._send_notice(0)
        self._charge(14)
        self.charge = self._collections().autopay_charge_ids
        with self._on(self._in(19)):
            self.charge.transaction_id._set_done()
            self._book_account()

    def _return_debit(self, day):
        """Let the bank take the money back on that day, and run the night after it."""
        with self._on(self._in(day)):
            payment = self.charge.transaction_id.payment_id
            payment.action_draft()
            payment.action_cancel()
        self.env.invalidate_all()
        self._run(self._in(day + 1))

    def test_how_long_it_may_come_back_is_shown(self):
        self.assertEqual(self.charge.returnable_until, self._in(19 + 56))
        self.assertEqual(self._collections().returnable_until, self._in(75))

    def test_after_forty_days_it_is_open_again_and_not_charged_again(self):
        self.assertEqual(self.invoice.amount_residual, 0)
        self._return_debit(59)
        self.assertEqual(self.invoice.amount_residual, 300)
        self.assertEqual((self.charge.returned_on, self.charge.returned_amount), (self._in(60), 300))
        self.assertEqual([self._charge(day) for day in (60, 61, 75, 90)], [{}] * 4)
        self.assertEqual(self._account_outcomes(), [(300.0, "done")])
        self.assertTrue(self.customer._get_live_autopay(), "The next invoices are still paid automatically.")

    def test_the_customer_and_the_collector_are_told(self):
        self._return_debit(60)
        (mail,) = [mail for mail in self._deliver(self._in(61)) if "was returned" in mail["subject"]]
        for text in (self.invoice.name, "300.00", "8.50", "/autopay/change?access_token="):
            self.assertIn(text, mail["body"])
        self.assertIn("300.00", self._tasks(self.customer, "returned").summary)
        with self._on(self._in(61)):
            status = [row["status"] for row in self.customer._get_autopay_history()]
        self.assertEqual(status, ["Returned by your bank"])

    def test_what_was_paid_before_it_could_be_told_is_not_told(self):
        self._return_debit(60)
        self._pay(self.invoice, 300)
        self.assertFalse([mail for mail in self._deliver(self._in(61)) if "was returned" in mail["subject"]])

    def test_the_fee_is_a_cost_to_be_charged_once(self):
        self._return_debit(59)
        cost = self.env["ar.legal.cost"].sudo().search([("customer_id", "=", self.customer.id)])
        self.assertEqual((cost.amount, cost.kind, cost.state), (8.5, "return", "open"))
        self.assertIn(self.charge.reference, cost.name)
        self._pay(self.invoice, 300)
        self._run(self._in(61))
        self.assertEqual(len(cost.search([("customer_id", "=", self.customer.id)])), 1)

    def test_without_a_fee_in_the_policy_there_is_none(self):
        self.policy.autopay_return_fee = 0
        self._return_debit(59)
        self.assertFalse(self.env["ar.legal.cost"].sudo().search([("customer_id", "=", self.customer.id)]))
        self.assertFalse(self.charge.return_fee)

    def test_reminders_go_on_but_not_with_the_last_step(self):
        self._return_debit(59)
        with self._on(self._in(60)):
            (item,) = self.customer._get_facts().items
        self.assertNotIn(codes.AUTOPAY_AGREED, [exclusion.code for exclusion in item.exclusions])
        self.assertEqual(item.returned_on, self._in(59))

    def test_more_than_was_refunded_is_a_return(self):
        self.charge.refunded_amount = 100
        self._return_debit(59)
        self.assertEqual((self.charge.returned_on, self.charge.returned_amount), (self._in(60), 300))

    def test_a_new_agreement_does_not_collect_it_either(self):
        self._return_debit(59)
        self._due(64, 70.0, self.customer)
        self._enrol(self._saved_method(), day=self._in(60))
        with self._on(self._in(60)):
            self.assertEqual([row["amount"] for row in self.customer._get_next_autopay()], [70.0])
            item = next(item for item in self.customer._get_facts().items if item.residual_currency == 300)
        self.assertNotIn(codes.AUTOPAY_AGREED, [exclusion.code for exclusion in item.exclusions])
        self._send_notice(61)
        self._charge(64)
        self.assertEqual(self._account_outcomes(), [(300.0, "done"), (70.0, "done")])

    def test_a_correction_of_the_books_is_no_return(self):
        with self._on(self._in(40)):
            line = self._collections().line_ids.move_line_id
            payment = line.matched_credit_ids.credit_move_id
            line.remove_move_reconcile()
            (line + payment).reconcile()
        self._run(self._in(41))
        self.assertFalse(self.charge.returned_on)

    def test_the_payment_itself_names_it_not_the_invoice(self):
        transaction = self.charge.transaction_id
        with self._on(self._in(20)):
            transaction.payment_id.action_draft()
            transaction.payment_id.action_cancel()
        waiting = self.env["ar.returned.payment"].sudo().search([("customer_id", "=", self.customer.id)])
        waiting.autopay_charge_id = False  # as before the upgrade
        for _again in range(2):
            run_migration(self.env, "19.0.1.12.0/post-returned-payments.py", "19.0.1.11.0")
        self.assertEqual(waiting.autopay_charge_id, self.charge)
        by_hand = self._pay(self.invoice, 300, day=self._in(20))
        with self._on(self._in(40)):
            by_hand.action_draft()
            by_hand.action_cancel()
        self._run(self._in(41))
        self.assertIn("300.00", self._tasks(self.customer, "returned").summary)
        self.assertFalse(self.charge.returned_on or self.charge.returned_amount)
        in_payment = patch.object(
            self.registry["account.move"], "_get_invoice_in_payment_state", lambda _moves: "in_payment"
        )
        self.enterContext(in_payment)
        transaction.payment_id.payment_method_line_id.payment_account_id = False
        transaction.payment_id = transaction.payment_id.copy(
            {"payment_token_id": False, "invoice_ids": [(6, 0, self.invoice.ids)]}
        )
        with self._on(self._in(42)):
            transaction.payment_id.action_post()
        self.assertFalse(transaction.payment_id.move_id)
        with self._on(self._in(59)):
            transaction.payment_id.unlink()
        self._run(self._in(60))
        self.assertEqual((self.charge.returned_on, self.charge.returned_amount), (self._in(60), 300))


class TestProcessing(AccountAutopayCase):
    def test_no_reminder_while_the_bank_is_at_it(self):
        self._enrol(self._saved_method(simulated="pending"))
        self._send_notice(7)
        self._charge(10)
        for day in (11, 16, 23):
            with self._on(self._in(day)):
                (item,) = self.customer._get_facts().items
            self.assertIn(codes.AUTOPAY_AGREED, [exclusion.code for exclusion in item.exclusions], day)

    def test_a_card_payment_is_not_returnable(self):
        self._enrol()
        self._send_notice(7)
        self._charge(10)
        self.assertFalse(self._collections().returnable_until)


class TestRefunded(AccountAutopayCase):
    def setUp(self):
        super().setUp()
        self._enrol()
        self._send_notice(7)
        self._charge(10)
        self._book_account()
        self.charge = self._collections().autopay_charge_ids

    def _refund(self, amount):
        """Refund by Odoo's own action, as staff do from the payment; return the refund's transaction."""
        with self._on(self._in(12)), mute_logger(POST_PROCESS_LOG):
            self.charge.transaction_id.action_refund(amount_to_refund=amount)
            refund = self.charge.transaction_id.child_transaction_ids.sorted("id")[-1:]
            refund._post_process()
        self.env.invalidate_all()
        return refund

    def _assert_nothing_more(self):
        self.assertEqual([self._charge(day) for day in (12, 13, 20, 40)], [{}] * 4)
        self.assertEqual(self._account_outcomes(), [(300.0, "done")])

    def test_in_full(self):
        refund = self._refund(300)
        self.assertEqual((refund.state, refund.operation), ("done", "refund"))
        self.assertEqual((self.charge.refunded_amount, self._collections().refunded_amount), (300, 300))
        self._assert_nothing_more()

    def test_in_part_and_again(self):
        self._refund(100)
        self.assertEqual(self.charge.refunded_amount, 100)
        self._refund(50)
        self.assertEqual(self.charge.refunded_amount, 150)
        with self._on(self._in(13)):
            (status,) = [row["status"] for row in self.customer._get_autopay_history()]
        self.assertIn("150.00", status)
        self._assert_nothing_more()

    def test_with_the_invoice_opened_again_by_hand(self):
        refund = self._refund(300)
        line = self._collections().line_ids.move_line_id
        with self._on(self._in(13)):
            payment = line.matched_credit_ids.credit_move_id
            line.remove_move_reconcile()
            (
                payment + refund.payment_id.move_id.line_ids.filtered(lambda r: r.account_id == line.account_id)
            ).reconcile()
        self.env.invalidate_all()
        self.assertEqual(self.invoice.amount_residual, 300)
        self._run(self._in(14))
        self.assertFalse(self.charge.returned_on or self.charge.returned_amount, "The bank has taken nothing back.")
        self.assertFalse([mail for mail in self._deliver(self._in(14)) if "was returned" in mail["subject"]])
        self._assert_nothing_more()

    def test_a_credit_note_for_what_was_refunded_lowers_no_other_charge(self):
        refund = self._refund(100)
        self._due(30, 70.0, self.customer)
        credit = self._invoice(self.customer.partner_id, -13, 100.0, move_type="out_refund")
        lines = (credit + refund.payment_id.move_id).line_ids
        lines.filtered(lambda line: line.account_type == "asset_receivable").reconcile()
        with self._on(self._in(14)):
            self.assertEqual([row["amount"] for row in self.customer._get_next_autopay()], [70.0])

    def test_a_refund_is_no_failed_charge(self):
        self._refund(300)
        self.assertEqual(self.charge.outcome, "done")
        self.assertFalse(self._tasks(self.customer, "autopay_failed"))
