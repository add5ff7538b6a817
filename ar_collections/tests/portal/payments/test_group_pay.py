"""One payment of a payer over items of several customers: what is chosen, what is booked, and what comes back."""

from odoo import Command
from odoo.tests import tagged
from odoo.tests.common import JsonRpcException
from odoo.tools import mute_logger

from ..common_group import ArGroupCommon


@tagged("post_install", "-at_install")
class TestGroupPay(ArGroupCommon):
    def test_items_of_several_customers_are_settled_on_their_own_partners(self):
        transaction = self._submit(self._select(self.old, self.north_old, self.south_new, amounts={self.old: "120"}))
        self.assertEqual((transaction.amount, transaction.partner_id), (260.0, self.payer))
        self._complete(transaction)
        self.assertEqual(self._residuals(), [80.0, 100.0, 0.0, 50.0, 0.0])
        self.assertEqual(self._balances(), [(180.0, 180.0), (50.0, 50.0), (0.0, 0.0)])
        payment = transaction.payment_id
        lines = payment.move_id.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        self.assertEqual(
            sorted((line.partner_id.name, line.credit) for line in lines),
            [("North", 70.0), ("Portal Payer", 120.0), ("South", 70.0)],
        )
        self.assertEqual((payment.partner_id, payment.move_id.partner_id), (self.payer, self.payer))
        self.assertEqual(payment.reconciled_invoice_ids, self.old | self.north_old | self.south_new)
        self.assertEqual(transaction.invoice_ids, self.old | self.north_old | self.south_new)
        # It comes back: each item is open again on its own partner.
        payment.action_draft()
        payment.action_cancel()
        self.assertEqual(self._residuals(), [200.0, 100.0, 70.0, 50.0, 70.0])
        self.assertEqual(self._balances(), [(300.0, 300.0), (120.0, 120.0), (70.0, 70.0)])

    def test_one_item_of_a_member_alone(self):
        transaction = self._submit(self._select(self.north_new))
        self._complete(transaction)
        self.assertEqual(self._residuals(self.north_new), [0.0])
        self.assertEqual(self._balances(), [(300.0, 300.0), (70.0, 70.0), (70.0, 70.0)])

    def test_a_refund_is_the_payers(self):
        transaction = self._submit(self._select(self.old, self.south_new))
        self._complete(transaction)
        refund = transaction._create_child_transaction(50.0, is_refund=True)
        refund._set_done()
        refund._post_process()
        self.assertEqual(self._residuals(self.old, self.south_new), [0.0, 0.0])
        self.assertEqual(self._balances()[2], (0.0, 0.0))

    def test_all_of_the_group_and_an_amount_spread_over_it(self):
        self.assertEqual(self._form_of(self._select(scope="all"))[1], 490.0)
        self.assertEqual(self._form_of(self._select(scope="overdue"))[1], 490.0)
        response = self._select(scope="amount", sum="150")  # North and South are 60 days late, then comes our own
        transaction = self._submit(response)
        self._complete(transaction)
        self.assertEqual(self._residuals(), [190.0, 100.0, 0.0, 50.0, 0.0])
        response = self._select(scope="amount", sum="400")
        self.assertIn("it becomes your credit", response.text)
        transaction = self._submit(response)
        self.assertEqual(transaction.amount, 400.0)
        self._complete(transaction)
        self.assertEqual(self._residuals(), [0.0, 0.0, 0.0, 0.0, 0.0])
        self.assertEqual(self._balances(), [(-60.0, -60.0), (0.0, 0.0), (0.0, 0.0)])
        self.assertFalse(self._tasks(self.customer, "overpaid"), "It was meant.")
        for bad in ("", "-5", "1e3", "0", "nan"):
            self.assertIn("greater than zero", self._select(scope="amount", sum=bad).text)

    def test_credits_are_not_used_for_another(self):
        mine, theirs = (
            self._invoice(partner, 0, 500.0, move_type="out_refund") for partner in (self.payer, self.north.partner_id)
        )
        self.assertEqual(self._form_of(self._select(self.north_old, credits=[mine]))[1], 70.0)
        self.assertIn("no longer open", self._select(self.north_old, credits=[theirs]).text)
        transaction = self._submit(self._select(self.old, self.north_old, credits=[mine]))
        self.assertEqual(transaction.amount, 70.0)
        self._complete(transaction)
        self.assertEqual(self._residuals(self.old, self.north_old, mine, theirs), [0.0, 0.0, 300.0, 500.0])

    def test_what_a_member_paid_meanwhile_is_the_payers_credit(self):
        transaction = self._submit(self._select(self.old, self.north_old, amounts={self.old: "50"}))
        self._pay(self.north_old, 30.0)
        self._complete(transaction)
        # Nothing of it pays for somebody else, and North has no credit that it did not pay.
        self.assertEqual(self._residuals(self.old, self.north_old), [150.0 - 30.0, 0.0])
        self.assertEqual(self._balances(), [(220.0, 220.0), (50.0, 50.0), (70.0, 70.0)])

    def test_a_member_does_not_pay_what_the_group_is_paying(self):
        both = self._select(self.north_new, customer=self.north), self._select(self.north_new, self.old)
        self._submit(both[1])._set_pending()
        with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
            self._submit(both[0], access_token=self._key(self.north))
        page = self._page(self.north).text
        self.assertIn("Payment is being processed", page)
        self.assertNotIn(self.payer.name, page)

    def test_a_payment_in_the_air_survives_changes_of_the_group(self):
        transaction = self._submit(self._select(self.old, self.north_old, self.south_new))
        transaction._set_pending()
        self.north.payer_id = self.stranger
        self.customer.active = False
        self.env["base.partner.merge.automatic.wizard"].sudo()._merge(
            (self.payer | self.south.partner_id).ids, self.payer
        )
        self.env.invalidate_all()
        self.north_old.button_draft()
        self.north_old.action_post()
        self._complete(transaction)
        self.assertEqual(self._residuals(self.old, self.north_old, self.south_new), [0.0, 0.0, 0.0])
        self.assertEqual(self._balances()[:2], [(100.0, 100.0), (50.0, 50.0)])

    def _authorize(self, transaction):
        """Let the provider report that it may capture the money later."""
        self.provider.support_manual_capture = "partial"
        transaction._set_authorized()

    def _capture(self, transaction, amount):
        """Let the provider capture an amount of an authorized transaction, and Odoo book it; return the payment."""
        part = transaction._create_child_transaction(amount)
        part._set_done()
        part._post_process()
        self.env.invalidate_all()
        return part.payment_id

    def test_captured_as_a_whole(self):
        mine = self._invoice(self.payer, 0, 30.0, move_type="out_refund")
        transaction = self._submit(self._select(self.old, self.north_old, credits=[mine]))
        self._authorize(transaction)
        payment = self._capture(transaction, transaction.amount)
        self.assertEqual((payment.amount, transaction.state), (240.0, "done"))
        self.assertEqual(self._residuals(self.old, self.north_old, mine), [0.0, 0.0, 0.0])
        self.assertEqual(self._balances()[:2], [(100.0, 100.0), (50.0, 50.0)])
        self.assertEqual(payment.reconciled_invoice_ids, self.old | self.north_old)
        transaction._post_process()
        transaction._book_before_refund()
        self.assertFalse(transaction.payment_id, "It is booked by what was captured.")

    def test_captured_in_parts_the_oldest_items_first(self):
        transaction = self._submit(self._select(scope="amount", sum="600"))
        self._authorize(transaction)
        self._capture(transaction, 150.0)
        self.assertEqual(self._residuals(), [190.0, 100.0, 0.0, 50.0, 0.0])
        self._capture(transaction, 450.0)
        self.assertEqual(self._residuals(), [0.0, 0.0, 0.0, 0.0, 0.0])
        self.assertEqual(self._balances(), [(-110.0, -110.0), (0.0, 0.0), (0.0, 0.0)])
        self.assertEqual(transaction.invoice_ids, self.every)

    def test_a_captured_part_without_an_item_is_the_credit_of_the_payer(self):
        transaction = self._submit(self._select(scope="amount", sum="600"))
        self._authorize(transaction)
        self._capture(transaction, 490.0)
        payment = self._capture(transaction, 110.0)
        self.assertEqual((payment.amount, payment.move_id.state), (110.0, "posted"))
        self.assertEqual(self._balances(), [(-110.0, -110.0), (0.0, 0.0), (0.0, 0.0)])

    def test_what_is_left_is_of_the_page_whoever_is_logged_in(self):
        transaction = self._submit(self._select(scope="amount", sum="600"))
        transaction.partner_id = self._partner(parent_id=self.south.partner_id.id, name="Accountant of South")
        self._complete(transaction)
        self.assertEqual(self._residuals(), [0.0, 0.0, 0.0, 0.0, 0.0])
        self.assertEqual(self._balances(), [(-110.0, -110.0), (0.0, 0.0), (0.0, 0.0)])

    def test_no_discount_on_what_was_paid_meanwhile(self):
        terms = self.env["account.payment.term"].create(
            {
                "name": "2 % in 10 days",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 10,
                "line_ids": [Command.create({"value": "percent", "value_amount": 100, "nb_days": 30})],
            }
        )
        values = {"invoice_payment_term_id": terms.id, "invoice_date": self.TODAY, "invoice_date_due": False}
        theirs = self._invoice(self.north.partner_id, amount=100.0, **values)
        self.assertTrue(self.customer._get_page_values()["groups"][0]["has_discount"])  # beside the bank details
        mine, whole = (
            self._invoice(partner, amount=100.0, **values) for partner in (self.payer, self.south.partner_id)
        )
        transaction = self._submit(self._select(mine, theirs, whole))
        self.assertEqual(transaction.amount, 3 * 98.0)
        self._pay(mine, 50.0)
        self._pay(theirs, 100.0)
        self._complete(transaction)
        self.assertEqual(self._residuals(mine, theirs, whole), [0.0, 0.0, 0.0])
        self.assertEqual(self._balances(), [(300.0 - 48 - 98,) * 2, (120.0, 120.0), (70.0, 70.0)])

    def test_posted_again_each_line_pays_its_own_item(self):
        transaction = self._submit(self._select(self.old, self.north_old, amounts={self.old: "50"}))
        self._complete(transaction)
        transaction.payment_id.action_draft()
        transaction.payment_id.move_id.line_ids.remove_move_reconcile()
        self._pay(self.north_old, 70.0)
        transaction.payment_id.action_post()
        self.assertEqual(self._residuals(self.old, self.north_old), [150.0, 0.0])

    def test_foreign_items_are_refused(self):
        stolen = [self.foreign]
        for customer, invoices in (
            (self.customer, stolen),
            (self.north, [self.south_new]),
            (self.north, [self.old]),
            (self.stranger, [self.north_old]),
        ):
            with self.subTest(customer=customer.display_name):
                self.assertIn("no longer open", self._select(*invoices, customer=customer).text)
        chosen = self._select(self.north_old)
        self.north.payer_id = False  # gone between choice and payment
        with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
            self._submit(chosen)
        self.assertIn("no longer open", self._select(self.north_old).text)
