from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ar_collections.tests.common import PROBLEM_LOG

from .disputes.common_stripe_disputes import ArStripeDisputesCommon

TASK = "ar_collections_stripe.mail_activity_type_chargeback_booking"


@tagged("post_install", "-at_install")
class TestStripeBooking(ArStripeDisputesCommon):
    """Money taken back reverses the payment, money returned undoes that; each balance transaction is booked once."""

    def test_approved_by_a_person_by_default(self):
        self.assertReceivable(150.0)
        data, chargeback = self._contest()
        booking = self._move(data, -15000, fee=1500)
        self.assertEqual((booking.state, booking.kind, booking.amount, booking.fee), ("waiting", "withdrawn", 150, 15))
        self.assertEqual(self._residuals(), (150.0, 0.0))
        task = chargeback.dispute_ids.activity_ids.filtered(lambda each: each.activity_type_id == self.env.ref(TASK))
        self.assertEqual(len(task), 1)
        self.assertIn("150.00", task.summary)
        self.assertEqual(self.chargebacks.search([("is_waiting", "=", True)]), chargeback)
        booking.with_user(self.manager).action_book()
        self.assertEqual((booking.state, booking.decided_by_id), ("booked", self.manager))
        self.assertEqual(self._residuals(), (200.0, 100.0))
        self.assertFalse(task.exists())
        self.assertFalse(self.chargebacks.search([("is_waiting", "=", True)]))
        self.assertReceivable(300.0)

    def test_the_entry_has_the_payments_accounts_and_the_payment_stays_as_it_was(self):
        self._automatic()
        before = self.payment.move_id.line_ids.read(["balance", "account_id", "parent_state", "name"])
        data, _chargeback = self._contest()
        booking = self._move(data, -15000)
        self.assertEqual(self.payment.move_id.line_ids.read(["balance", "account_id", "parent_state", "name"]), before)
        move = booking.move_id
        self.assertEqual((move.state, move.journal_id), ("posted", self.payment.journal_id))
        balances = {
            account: sum(lines.mapped("balance")) for account, lines in move.line_ids.grouped("account_id").items()
        }
        of_payment = self.payment.move_id.line_ids.grouped("account_id").items()
        self.assertEqual(balances, {account: -sum(lines.mapped("balance")) for account, lines in of_payment})
        self.assertTrue(all(line.reconciled for line in booking.line_ids.reversal_line_id))
        self.assertEqual(booking.line_ids.move_id, self.old + self.new)

    def test_a_part_reopens_what_the_dispute_is_about(self):
        self._automatic()
        data, chargeback = self._contest(amount=7500)
        self._move(data, -7500)
        self.assertEqual(self._residuals(), (175.0, 50.0))
        contested = {line.move_id: line.amount for line in chargeback.dispute_ids.line_ids}
        self.assertEqual(contested, {self.old: 25.0, self.new: 50.0})
        self.assertReceivable(225.0)

    def test_won_and_returned_undoes_it(self):
        self._automatic()
        data, chargeback = self._contest()
        self._move(data, -15000)
        returned = self._move(data, 15000, status="won")
        self.assertEqual((returned.state, self._residuals()), ("booked", (150.0, 0.0)))
        self.assertEqual(chargeback.dispute_ids.state, "withdrawn")
        self.assertReceivable(150.0)
        lines = chargeback.booking_ids.move_id.line_ids
        self.assertEqual(sum(lines.filtered(lambda line: line.account_type != "asset_receivable").mapped("balance")), 0)
        self.assertEqual(self.payment.move_id.line_ids.matched_debit_ids.debit_move_id.move_id, self.old + self.new)

    def test_a_part_of_it_is_returned(self):
        self._automatic()
        data, _chargeback = self._contest()
        self._move(data, -15000)
        self._move(data, 7500)
        self.assertEqual(sum(self._residuals()), 225.0)
        self._move(data, 7500)
        self.assertEqual(self._residuals(), (150.0, 0.0))
        self.assertReceivable(150.0)

    def test_won_keeps_the_dispute_until_the_money_is_back_in_the_books(self):
        data, chargeback = self._contest()
        self._move(data, -15000).with_user(self.manager).action_book()
        self._deliver_all(self.stripe.move_dispute(data, "won", name="closed"))
        self.assertEqual((chargeback.outcome, chargeback.dispute_ids.state), ("won", "new"))
        returned = self._move(data, 15000)
        self.assertEqual(chargeback.dispute_ids.state, "new", "Its invoices are still open.")
        returned.with_user(self.manager).action_book()
        self.assertEqual(chargeback.dispute_ids.state, "withdrawn")
        self.assertEqual(self._residuals(), (150.0, 0.0))

    def test_won_while_the_withdrawal_waits_keeps_the_dispute(self):
        data, chargeback = self._contest()
        booking = self._move(data, -15000)
        self._deliver_all(self.stripe.move_dispute(data, "won", name="closed"))
        self.assertEqual((chargeback.outcome, booking.state, chargeback.dispute_ids.state), ("won", "waiting", "new"))
        booking.with_user(self.manager).action_book()
        self.assertEqual((self._residuals(), chargeback.dispute_ids.state), ((200.0, 100.0), "new"))

    def test_a_withdrawal_that_is_first_heard_of_with_the_win_keeps_the_dispute(self):
        data, chargeback = self._contest()
        self.stripe.move_money(data, -15000)
        self._deliver_all(self.stripe.move_dispute(data, "won", name="closed"))
        self.assertEqual((chargeback.is_waiting, chargeback.dispute_ids.state), (True, "new"))

    def test_returned_before_it_was_approved_needs_no_entry(self):
        data, chargeback = self._contest()
        self._move(data, -15000)
        self._move(data, 15000, status="won")
        self.assertEqual(set(chargeback.booking_ids.mapped("state")), {"skipped"})
        self.assertFalse(chargeback.booking_ids.move_id)
        self.assertFalse(chargeback.dispute_ids.activity_ids)
        self.assertEqual(chargeback.dispute_ids.state, "withdrawn")

    def test_returned_although_lost_settles_the_invoices_again(self):
        self._automatic()
        data, chargeback = self._contest()
        self._move(data, -15000)
        self._move(data, 15000, status="lost")
        self.assertEqual((chargeback.outcome, self._residuals()), ("lost", (150.0, 0.0)))

    def test_replays_and_any_order_book_it_once(self):
        self._automatic()
        data = self.stripe.dispute(self.intent)
        self.stripe.move_money(data, -15000)
        events = self.stripe.events[-2:]
        self._deliver_all(*events[::-1])
        self._mine().write({"state": "received", "next_try": "2020-01-01 00:00:00"})
        self._handle()
        self.stripe.move_money(data, 15000, status="won")
        self._deliver_all(self.stripe.events[-1])
        self._deliver_all(*events)
        bookings = self.bookings.search([("provider_id", "=", self.provider.id)])
        self.assertEqual(bookings.mapped("state"), ["booked", "booked"])
        self.assertEqual(self._residuals(), (150.0, 0.0))
        with self.assertRaisesRegex(UserError, "decided already"):
            bookings[0].with_user(self.manager).action_book()

    def test_both_at_once_need_no_entry(self):
        self._automatic()
        data = self.stripe.dispute(self.intent)
        self.stripe.move_money(data, -15000)
        self.stripe.move_money(data, 15000, status="won")
        self._deliver_all(self.stripe.events[-1])
        self.assertEqual(self._residuals(), (150.0, 0.0))
        self.assertFalse(self.bookings.search([("provider_id", "=", self.provider.id)]).move_id)

    def test_the_fee_is_booked_where_it_has_an_account(self):
        self._automatic()
        self.provider.ar_stripe_fee_account_id = self.company_data["default_account_expense"]
        data, _chargeback = self._contest()
        booking = self._move(data, -15000, fee=1500)
        fee = booking.move_id.line_ids.filtered(lambda line: line.account_id == self.provider.ar_stripe_fee_account_id)
        self.assertEqual((fee.balance, sum(booking.move_id.line_ids.mapped("balance"))), (15.0, 0.0))
        self.assertEqual(self._residuals(), (200.0, 100.0))

    @mute_logger(PROBLEM_LOG)
    def test_a_locked_period_is_a_problem_and_nothing_is_half_done(self):
        self._automatic()
        data, chargeback = self._contest()
        self.company.sudo().fiscalyear_lock_date = self.TODAY
        booking = self._move(data, -15000)
        self.assertEqual((booking.state, booking.move_id.ids, self._residuals()), ("waiting", [], (150.0, 0.0)))
        self.assertIn("locked", self._problem(booking).message)
        self.assertEqual(chargeback.withdrawn, 150.0)
        with self.assertRaisesRegex(UserError, "Book Today"):
            booking.with_user(self.manager).action_book()
        self.company.sudo().fiscalyear_lock_date = False
        self.events._try_catch_up(self.provider)
        self.assertEqual((booking.state, self._residuals()), ("booked", (200.0, 100.0)))
        self.assertFalse(self._problem(booking))

    def test_book_today_where_the_day_of_the_bank_is_locked(self):
        data, _chargeback = self._contest()
        booking = self._move(data, -15000, created=1_700_000_000)
        self.company.sudo().fiscalyear_lock_date = "2024-12-31"
        with self.assertRaisesRegex(UserError, "Dec"):
            booking.with_user(self.manager).action_book()
        booking.with_user(self.manager).action_book_today()
        self.assertEqual((booking.move_id.date, self._residuals()), (self.company._ar_today(), (200.0, 100.0)))

    def test_a_chargeback_is_no_collection(self):
        self._automatic()
        self.assertEqual(self._collected(), 150.0)
        data, _chargeback = self._contest(amount=7500)
        self._move(data, -7500)
        self.assertEqual(self._collected(), 75.0)
        self._move(data, 7500, status="won")
        self.assertEqual(self._collected(), 150.0)

    def _collected(self):
        self.env.flush_all()
        rows = self.env.execute_query_dict(self.env["ar.collected"]._select_payments(self.company))
        return float(sum(row["amount"] for row in rows))

    def test_what_was_booked_by_hand(self):
        data, chargeback = self._contest()
        booking = self._move(data, -15000)
        (self.old + self.new).sudo().line_ids.remove_move_reconcile()
        self.payment.move_id._reverse_moves([{"date": self.TODAY}], cancel=True)
        with self.assertRaisesRegex(UserError, "by hand"):
            booking.with_user(self.manager).action_book()
        self.assertFalse(booking.move_id)
        booking.with_user(self.manager).action_skip()
        self.assertEqual((booking.state, self._residuals()), ("skipped", (200.0, 100.0)))
        returned = self._move(data, 15000, status="won")
        with self.assertRaisesRegex(UserError, "Nothing was booked"):
            returned.with_user(self.manager).action_book()
        self.assertEqual(chargeback.dispute_ids.state, "new", "Its invoices are open until it is booked back.")
        returned.with_user(self.manager).action_skip()
        self.assertEqual(chargeback.dispute_ids.state, "withdrawn")

    def test_who_may_approve(self):
        data, _chargeback = self._contest()
        booking = self._move(data, -15000)
        for user in (self.collector, self._user("auditor", login="auditor-chargebacks")):
            for method in ("action_book", "action_book_today", "action_skip"):
                with self.assertRaises(UserError):
                    getattr(booking.with_user(user), method)()
        self.assertEqual(booking.state, "waiting")
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            booking.unlink()
