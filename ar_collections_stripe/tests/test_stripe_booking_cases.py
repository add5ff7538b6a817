from unittest.mock import patch

from odoo import Command
from odoo.exceptions import LockError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ar_collections.tests.common import PROBLEM_LOG

from .disputes.common_stripe_disputes import ArStripeDisputesCommon


@tagged("post_install", "-at_install")
class TestStripeBookingCases(ArStripeDisputesCommon):
    """Books that changed between the payment and the chargeback."""

    def setUp(self):
        super().setUp()
        self._automatic()

    def test_an_invoice_paid_otherwise_meanwhile(self):
        data, _chargeback = self._contest()
        self._move(data, -15000)
        self._pay(self.new, 100.0)
        self._move(data, 15000, status="won")
        self.assertEqual(self._residuals(), (150.0, 0.0))
        credit = self.payment.move_id.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        self.assertEqual(sum(credit.mapped("amount_residual")), -100.0)
        self.assertTrue(self._tasks(self.customer, "overpaid"))
        self.assertReceivable(50.0)

    def test_an_invoice_canceled_between_withdrawal_and_return_leaves_a_credit(self):
        for is_forgotten in (False, True):
            with self.subTest(is_forgotten=is_forgotten), self.cr.savepoint(flush=True) as savepoint:
                data, _chargeback = self._contest()
                booking = self._move(data, -15000)
                self.new.sudo().button_draft()
                self.new.sudo().button_cancel()
                if is_forgotten:  # as where its items were made anew
                    booking.line_ids.filtered(lambda line: line.move_id == self.new).item_id = False
                returned = self._move(data, 15000, status="won")
                self.assertEqual((returned.state, self.old.amount_residual), ("booked", 150.0))
                self.assertIn("100.00", self._tasks(self.customer, "overpaid").summary)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_what_was_never_applied_is_not_left_over(self):
        other = self._invoice(self.payer, overdue_days=2, amount=40.0)
        self._item(self.new).remove_move_reconcile()
        lines = self.payment.move_id.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        (self._item(other) + lines.filtered("amount_residual")).reconcile()
        data, chargeback = self._contest()
        self._move(data, -15000)
        self.assertEqual((self._residuals(), other.amount_residual), ((200.0, 100.0), 40.0))
        self._move(data, 15000, status="won")
        self.assertEqual(chargeback.booking_ids.mapped("state"), ["booked", "booked"])
        self.assertEqual((self._residuals(), other.amount_residual), ((150.0, 100.0), 0.0))
        self.assertFalse(self._tasks(self.customer, "overpaid"))

    def test_an_invoice_credited_meanwhile(self):
        data, _chargeback = self._contest()
        credit = self._invoice(self.payer, amount=100.0, move_type="out_refund")
        self._move(data, -15000)
        self.assertEqual(self._residuals(), (200.0, 100.0))
        (self._item(self.new) + self._item(credit)).reconcile()
        self._move(data, 15000, status="won")
        self.assertEqual(self._residuals(), (150.0, 0.0))
        self.assertReceivable(50.0)

    def test_an_invoice_that_is_not_there_any_more(self):
        data, _chargeback = self._contest()
        self.new.sudo().button_draft()
        self.new.sudo().button_cancel()
        booking = self._move(data, -15000)
        self.assertEqual((booking.state, self.old.amount_residual), ("booked", 200.0))
        self.assertReceivable(200.0)
        self._move(data, 15000, status="won")
        self.assertEqual(self.old.amount_residual, 150.0)
        self.assertReceivable(50.0)

    def test_a_payment_that_was_moved_to_another_invoice_contests_that_one_too(self):
        other = self._invoice(self.payer, overdue_days=2, amount=100.0)
        data, chargeback = self._contest()
        self._item(self.new).remove_move_reconcile()
        lines = self.payment.move_id.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        (self._item(other) + lines.filtered("amount_residual")).reconcile()
        self._move(data, -15000)
        self.assertEqual((self._residuals(), other.amount_residual), ((200.0, 100.0), 100.0))
        self.assertIn(other, chargeback.dispute_ids.line_ids.move_id)
        self.assertFalse(any(dispute._get_recorder() for dispute in chargeback.dispute_ids))  # not who booked it

    @mute_logger(PROBLEM_LOG)
    def test_a_refund_in_between_leaves_what_was_not_refunded(self):
        refund = self.transaction.sudo()._refund(100.0)
        self._deliver_all()
        refund._post_process() if not refund.payment_id else None
        money = refund.payment_id.move_id.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        self._item(self.new).remove_move_reconcile()
        lines = self.payment.move_id.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        (money + lines.filtered("amount_residual")).reconcile()
        data, _chargeback = self._contest(amount=5000)
        self.assertEqual(self._move(data, -5000).state, "booked")
        self.assertEqual(self._residuals(), (200.0, 100.0))
        other, chargeback = self._contest(amount=15000)
        booking = self._move(other, -15000)
        self.assertEqual((booking.state, chargeback.withdrawn), ("waiting", 150.0))
        self.assertIn("refunded", self._problem(booking).message)

    def test_the_currency_of_the_account_is_another_one(self):
        data, chargeback = self._contest()
        booking = self._move(data, -14012, currency="eur", fee=2000)
        self.assertEqual((booking.amount, booking.fee, booking.fee_currency_id.name), (150.0, 20.0, "EUR"))
        self.assertEqual(self._residuals(), (200.0, 100.0))
        adjusted = self._move(data, -45, currency="eur")
        self.assertEqual((adjusted.state, adjusted.amount, chargeback.withdrawn), ("skipped", 0.48, 150.0))
        returned = self._move(data, 14001, currency="eur", status="won")
        self.assertEqual((returned.state, returned.amount, chargeback.withdrawn), ("booked", 150.0, 0.0))
        self.assertEqual((self._residuals(), chargeback.dispute_ids.state), ((150.0, 0.0), "withdrawn"))

    def test_a_payment_in_another_currency_is_reversed_at_its_own_rate(self):
        euro = self.setup_other_currency("EUR", rates=[("2016-01-01", 2.0)])
        invoice = self._invoice(self.payer, overdue_days=5, amount=120.0, currency_id=euro.id)
        transaction, self.intent = self._pay_in_currency(invoice, euro)
        self.assertEqual(invoice.amount_residual, 0.0)
        before = self._receivable()
        euro.rate_ids.rate = 4.0
        data, chargeback = self._contest(amount=6000)
        booking = self._move(data, -6000)
        self.assertEqual((booking.state, invoice.amount_residual), ("booked", 60.0))
        opened = booking.line_ids.reversal_line_id
        self.assertEqual((opened.amount_currency, opened.balance), (60.0, 30.0))
        self.assertReceivable(before[0] + 30.0)
        self.assertEqual(chargeback.dispute_ids.currency_id, euro)
        self._move(data, 6000, status="won")
        self.assertEqual(invoice.amount_residual, 0.0)
        self.assertReceivable(before[0])
        self.assertEqual(transaction.payment_id.move_id.line_ids.matched_debit_ids.debit_move_id.move_id, invoice)

    def _pay_in_currency(self, invoice, currency):
        """Pay an invoice in its currency, past the page; return (transaction, intent)."""
        self.stripe.customers["cus_euro"] = {}
        values = {
            "amount": "12000", "currency": "eur", "customer": "cus_euro", "description": "EURO-1",
            "payment_method_types[]": "card",
        }  # fmt: skip
        number = self.stripe._create_intent(values)["id"]
        self.stripe.conclude(number, "succeeded", "pm_card_visa")
        transaction = self.env["payment.transaction"].sudo().create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.card.id,
                "reference": "EURO-1",
                "provider_reference": number,
                "amount": 120.0,
                "operation": "online_direct",
                "currency_id": currency.id,
                "partner_id": self.payer.id,
                "invoice_ids": [Command.set(invoice.ids)],
            }
        )  # fmt: skip
        self._complete(transaction)
        return transaction, self.stripe.intents[number]

    def test_a_payment_that_is_not_in_the_books_yet_is_booked_first(self):
        transaction, intent = self._start(self.old)
        self._confirm(intent)
        self._deliver_all(*[event for event in self.stripe.events if event["data"]["object"]["id"] == intent["id"]])
        self.assertFalse(transaction.payment_id)
        data = self.stripe.dispute(intent)
        self.stripe.move_money(data, -15000)
        self._deliver_all(self.stripe.events[-1])
        self.assertEqual((bool(transaction.payment_id), self._residuals()), (True, (150.0, 0.0)))

    @mute_logger(PROBLEM_LOG)
    def test_a_reversal_whose_entry_was_deleted_is_left_to_a_person(self):
        data, _chargeback = self._contest()
        move = self._move(data, -15000).move_id
        move.button_draft()
        move.with_context(force_delete=True).unlink()
        returned = self._move(data, 15000)
        self.assertEqual((returned.state, returned.payment_id.ids), ("waiting", []))
        self.assertIn("deleted", self._problem(returned).message)
        returned.with_user(self.manager).action_skip()
        self.assertFalse(self._problem(returned))

    def test_payments_without_an_entry(self):
        self._move_to_no_entry()
        data, chargeback = self._contest(amount=7500)
        booking = self._move(data, -7500)
        self.assertEqual(booking.state, "booked")
        self.assertEqual((self.payment.state, booking.payment_id.amount), ("rejected", 75.0))
        self.assertEqual(booking.payment_id.invoice_ids, self.payment.invoice_ids)
        returned = self._move(data, 7500, status="won", created=1_700_000_000)
        self.assertEqual((returned.payment_id.amount, returned.payment_id.state), (75.0, "in_process"))
        self.assertEqual((returned.payment_id.date, booking.payment_id.date), (returned.date, self.payment.date))
        self.assertNotEqual(returned.date, self.payment.date)
        self.assertFalse((returned + booking).payment_id.payment_transaction_id, "They are no payments of Stripe's.")
        self.assertEqual(chargeback.dispute_ids.state, "withdrawn")

    @mute_logger(PROBLEM_LOG)
    def test_contested_before_the_success_is_heard_of(self):
        transaction, intent = self._start(self.old)
        self.stripe.conclude(intent["id"], "processing", "pm_usBankAccount_processing")
        self._deliver_all(self.stripe.events[-1])
        self.stripe.conclude(intent["id"], "succeeded")
        success = self.stripe.events[-1]
        data = self.stripe.dispute(intent, status="lost", due=0)
        self._deliver_all(self.stripe.move_money(data, -15000))
        booking = self.bookings.search([("stripe_dispute_id.reference", "=", data["id"])])
        self.assertEqual((transaction.state, booking.state, bool(self._problem(booking))), ("pending", "waiting", True))
        self._deliver_all(success)
        self._book()
        self.events._try_catch_up(self.provider)
        self.assertEqual((booking.state, self._residuals()), ("booked", (150.0, 0.0)))
        self.assertReceivable(150.0)

    def test_a_success_that_is_told_again_does_not_settle_it_again(self):
        data, _chargeback = self._contest()
        self._move(data, -15000)
        self._deliver_all(next(each for each in self.stripe.events if each["type"] == "payment_intent.succeeded"))
        self._book()
        self.assertEqual(self._residuals(), (200.0, 100.0))

    @mute_logger(PROBLEM_LOG)
    def test_more_is_returned_than_was_taken_back(self):
        data, _chargeback = self._contest(amount=7500)
        self._move(data, -7500)
        booking = self._move(data, 15000)
        self.assertEqual((booking.state, self._residuals()), ("waiting", (175.0, 50.0)))
        self.assertIn("more was returned", self._problem(booking).message)

    @mute_logger("odoo.addons.payment.models.payment_transaction", "odoo.addons.payment.models.payment_provider")
    def test_stripe_refuses_to_refund_what_is_contested_and_nothing_is_booked(self):
        self._contest()
        refund = self.transaction.sudo()._refund(100.0)
        self.assertEqual((refund.state, refund.payment_id.ids), ("error", []))
        self.assertReceivable(150.0)

    @mute_logger(PROBLEM_LOG)
    def test_a_lost_chargeback_without_an_invoice_stays_a_problem_until_somebody_has_dealt_with_it(self):
        self.transaction.sudo().ar_allocation_ids.unlink()
        self.transaction.sudo().invoice_ids = False
        (self.old + self.new).sudo().line_ids.remove_move_reconcile()
        data, chargeback = self._contest()
        booking = self._move(data, -15000)
        self.assertEqual((booking.state, chargeback.dispute_ids.ids), ("booked", []))
        self.assertReceivable(300.0)
        self._deliver_all(self.stripe.move_dispute(data, "lost", name="closed"))
        self.assertIn("Mark as Handled", self._problem(chargeback, "stripe_dispute").message)
        self.events._try_catch_up(self.provider)
        problem = self._problem(chargeback, "stripe_dispute")
        self.assertIn("Mark as Handled", problem.message)
        with self.assertRaises(UserError):
            chargeback.with_user(self.collector).action_mark_handled()
        chargeback.with_user(self.manager).action_mark_handled()
        self.events._try_catch_up(self.provider)
        self.assertFalse(self._problem(chargeback, "stripe_dispute"))

    @mute_logger(PROBLEM_LOG)
    def test_without_an_invoice_approval_is_asked_for_on_the_list_of_problems(self):
        self.provider.ar_stripe_booking = "approve"
        self.transaction.sudo().ar_allocation_ids.unlink()
        self.transaction.sudo().invoice_ids = False
        (self.old + self.new).sudo().line_ids.remove_move_reconcile()
        data, _chargeback = self._contest()
        booking = self._move(data, -15000)
        self.assertIn("150.00", self._problem(booking).message)
        booking.with_user(self.manager).action_book()
        self.assertFalse(self._problem(booking))

    # === ONCE A DAY === #

    @mute_logger(PROBLEM_LOG)
    def test_another_operation_on_the_booking_does_not_stop_the_daily_look(self):
        self.provider.ar_stripe_booking = "approve"
        data, _chargeback = self._contest()
        booking = self._move(data, -15000)
        self._automatic()
        with patch.object(type(booking), "_book", side_effect=LockError("busy")):
            self.events._try_catch_up(self.provider)
        self.assertEqual(booking.state, "waiting")
        self.events._try_catch_up(self.provider)
        self.assertEqual(booking.state, "booked")

    # === CHARGEBACKS FROM BEFORE === #

    def _forget_bookings(self, chargeback):
        """Remove the bookings, as where the chargeback was stored by a version without them."""
        self.env.cr.execute("DELETE FROM ar_stripe_booking WHERE stripe_dispute_id = %s", [chargeback.id])
        self.env.invalidate_all()

    @mute_logger(PROBLEM_LOG)
    def test_a_lost_chargeback_from_before_is_asked_for(self):
        self.provider.ar_stripe_booking = "approve"
        data, chargeback = self._contest()
        self._move(data, -15000, status="lost")
        self._forget_bookings(chargeback)
        self.events._try_catch_up(self.provider)
        self.env.invalidate_all()
        self.assertEqual(chargeback.booking_ids.mapped("state"), ["waiting"])
        chargeback.booking_ids.with_user(self.manager).action_book()
        self.assertEqual(self._residuals(), (200.0, 100.0))

    @mute_logger(PROBLEM_LOG)
    def test_won_after_it_was_reversed_by_hand_is_left_to_a_person(self):
        for mode in ("approve", "auto"):
            with self.subTest(mode), self.cr.savepoint(flush=True) as savepoint:
                self.provider.ar_stripe_booking = mode
                data, chargeback = self._contest()
                self.stripe.move_money(data, -15000)
                (self.old + self.new).sudo().line_ids.remove_move_reconcile()
                self.payment.move_id._reverse_moves([{"date": self.TODAY}], cancel=True)
                self._move(data, 15000, status="won")
                self.assertEqual(chargeback.booking_ids.mapped("state"), ["waiting", "waiting"])
                self.assertEqual((self._residuals(), chargeback.dispute_ids.state), ((200.0, 100.0), "new"))
                chargeback.booking_ids.with_user(self.manager).action_skip()
                self.assertEqual(chargeback.dispute_ids.state, "withdrawn")
                savepoint.rollback()
                self.env.invalidate_all()
