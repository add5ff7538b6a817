from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_order import ArOrderCommon


@tagged("post_install", "-at_install")
class TestOrderPayment(ArOrderCommon):
    """Money in hand is never refused: what is paid for is not held, and no hold stops the booking of a payment."""

    def setUp(self):
        super().setUp()
        self.provider.write({"code": "demo", "support_manual_capture": "partial"})

    def _pay_order(self, order, state, amount=None):
        """Pay a quotation online; return the transaction in this state."""
        transaction = self._create_transaction(
            "direct",
            reference=f"{order.name}-{state}-{amount}",
            amount=order.amount_total if amount is None else amount,
            currency_id=order.currency_id.id,
            partner_id=order.partner_id.id,
            state=state,
        )
        transaction.sale_order_ids = order
        return transaction

    def test_a_quotation_that_is_paid_authorized_or_pending_is_confirmed(self):
        for state in ("done", "authorized", "pending"):
            order = self._order(1600)
            self._pay_order(order, state)
            with self.subTest(state=state):
                self._confirm(order)
                self.assertEqual(order.state, "sale")

    def test_what_failed_or_was_only_begun_is_no_money(self):
        for state in ("draft", "cancel", "error"):
            order = self._order(1600)
            self._pay_order(order, state)
            with self.subTest(state=state), self.assertRaises(UserError):
                self._confirm(order)

    def test_a_bank_transfer_that_was_only_chosen_is_no_money(self):
        for code, mode in (("none", False), ("custom", "wire_transfer")):
            self.provider.write({"code": code, "custom_mode": mode})
            order = self._order(1600)
            self._pay_order(order, "pending")
            with self.subTest(code=code), self.assertRaises(UserError):
                self._confirm(order)

    def test_the_down_payment_that_is_asked_for_is_enough(self):
        order = self._order(1600, require_payment=True, prepayment_percent=0.25)
        self._pay_order(order, "authorized", 399.99)
        with self.assertRaises(UserError):
            self._confirm(order)
        self._pay_order(order, "authorized", 0.01)
        self._confirm(order)
        self.assertEqual(order.state, "sale")

    def test_a_part_that_is_paid_counts(self):
        order = self._order(1600)
        self._pay_order(order, "authorized", 599.99)
        with self.assertRaises(UserError):
            self._confirm(order)
        self._pay_order(order, "authorized", 0.01)
        self._confirm(order)
        self.assertEqual(order.state, "sale")
        self._book()
        self.assertEqual(self._lines(self.customer), {"orders": 1000})

    def test_a_payment_on_the_website_confirms_the_quotation_and_is_booked(self):
        self._invoice(self.partner, 0, 5000)
        order = self._order(1600, require_payment=True, prepayment_percent=1)
        transaction = self._pay_order(order, "done")
        with self._on():
            transaction._post_process()
        self.assertEqual(order.state, "sale")
        self.assertTrue(transaction.payment_id)

    def test_a_payment_of_a_part_is_booked_and_the_held_quotation_becomes_a_task(self):
        self._invoice(self.partner, 0, 5000)
        order = self._order(1600, user_id=self.env.user.id)
        transaction = self._pay_order(order, "done", 300)
        with self._on():
            transaction._post_process()
        self.assertTrue(transaction.payment_id)
        self.assertNotEqual(order.state, "sale")
        self.assertEqual(order.activity_ids.user_id, self.env.user)
        self.assertIn("paid a part", order.activity_ids.note)

    def test_what_was_refunded_is_no_money(self):
        order = self._order(1600)
        transaction = self._pay_order(order, "done")
        self._create_transaction(
            "direct",
            reference="refund",
            operation="refund",
            amount=-1600,
            currency_id=order.currency_id.id,
            partner_id=order.partner_id.id,
            state="done",
            source_transaction_id=transaction.id,
        )
        with self.assertRaises(UserError):
            self._confirm(order)

    def test_an_order_of_the_shop_that_is_paid_on_delivery_becomes_a_task(self):
        """Odoo confirms it in the post-processing of the payment, where an error is tried again and then forgotten."""
        self.provider.write({"code": "custom", "custom_mode": "wire_transfer"})
        held, free = self._order(1600, user_id=self.env.user.id), self._order(600)
        for order in held | free:
            self._pay_order(order, "pending")
            with self._on():
                order.sudo().with_context(send_email=True).action_confirm()
        self.assertEqual((held.state, free.state), ("draft", "sale"))
        self.assertEqual(held.activity_ids.user_id, self.env.user)

    def test_a_pending_payment_frees_its_order_and_makes_no_room_for_others(self):
        """A direct debit that is on its way may come back; what is authorized only waits for us."""
        for state, counted in (("pending", 1600), ("authorized", 0)):
            order = self._order(1600)
            transaction = self._pay_order(order, state)
            self._confirm(order)
            with self.subTest(state=state):
                self.assertEqual(self._fresh(), counted)
            transaction.sale_order_ids = False
            order._action_cancel()

    def test_a_paid_order_needs_no_lock(self):
        order = self._order(1600)
        self._pay_order(order, "done")
        locked = []
        self.patch(self.registry["ar.customer"], "_lock_rows", lambda accounts: locked.append(accounts))
        self._confirm(order)
        self.assertFalse(locked)
