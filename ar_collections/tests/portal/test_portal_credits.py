from unittest.mock import patch

from odoo.exceptions import LockError
from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from .common_portal import ArPortalCommon


@tagged("post_install", "-at_install")
class TestPortalCredits(ArPortalCommon):
    """Credits settle what the customer chose, at most what is free, and once."""

    def setUp(self):
        super().setUp()
        self.credit = self._invoice(self.payer, overdue_days=3, amount=150.0, move_type="out_refund")

    def _confirm(self, response):
        """Press "Use my credits" on the page; return the response."""
        action = response.text.split('action="')[1].split('"')[0]
        csrf = response.text.split('name="csrf_token" value="')[1].split('"')[0]
        data = {"access_token": self._key(self.customer), "csrf_token": csrf}
        response = self.url_open(action, data=data)
        self.env.invalidate_all()
        return response

    def _choice(self, selected, credits):
        """Return the stored choice of a form that was never checked."""
        items = {self._item(invoice).id: amount for invoice, amount in selected.items()}
        return (
            self.env["ar.payment.choice"]
            .sudo()
            ._make(self.customer, items, [self._item(credit).id for credit in credits])
        )

    def _apply(self, choice):
        """Send the form of the page for any choice; return the response."""
        csrf = self._page().text.split('name="csrf_token" value="')[1].split('"')[0]
        data = {"access_token": self._key(self.customer), "csrf_token": csrf}
        response = self.url_open(f"/my/receivables/{self.customer.id}/apply/{choice.token}", data=data)
        self.env.invalidate_all()
        return response

    def _residuals(self):
        return [move.amount_residual for move in (self.old, self.new, self.credit)]

    def test_exactly_the_chosen_parts_are_settled(self):
        page = self._select(self.old, self.new, credits=[self.credit], amounts={self.old: "50.00", self.new: "60.00"})
        self.assertIn("Thank you", self._confirm(page).text)
        self.assertEqual(self._residuals(), [150.0, 40.0, 40.0])

    def test_the_page_shows_amounts_before_and_after(self):
        page = self._select(self.old, credits=[self.credit], amounts={self.old: "50.00"})
        rows = page.text.split("o_ar_credit_use")[1].split("</table>")[0]
        for amount in ("200.00", "50.00", "150.00", "100.00"):
            self.assertIn(amount, rows)

    def test_a_part_in_another_currency_leaves_the_exchange_difference_to_odoo(self):
        foreign = self._invoice(self.payer, overdue_days=9, amount=90.0, currency_id=self.currency_euro.id)
        credit = self._invoice(
            self.payer, overdue_days=3, amount=50.0, currency_id=self.currency_euro.id, move_type="out_refund"
        )
        self._confirm(self._select(foreign, credits=[credit], amounts={foreign: "20.00"}))
        self.assertEqual((foreign.amount_residual, credit.amount_residual), (70.0, 30.0))
        for move in foreign + credit:
            line = self._item(move)
            self.assertAlmostEqual(
                line.amount_residual, line.balance * line.amount_residual_currency / line.amount_currency, delta=0.02
            )

    def test_a_credit_on_another_receivable_account_pays_nothing(self):
        account = self.company_data["default_account_receivable"].copy({"code": "RECV2"})
        self.payer.property_account_receivable_id = account
        other = self._invoice(self.payer, overdue_days=2, amount=80.0)
        self.assertEqual(self._item(other).account_id, account)
        self.assertEqual(self._submit(self._select(other, credits=[self.credit])).amount, 80.0)

    def test_credits_that_do_not_cover_the_selection_settle_nothing(self):
        self.assertIn("do not cover", self._apply(self._choice({self.old: None}, [self.credit])).text)
        self.assertIn("do not cover", self._apply(self._choice({self.old: None}, [])).text)
        self.assertEqual(self._residuals(), [200.0, 100.0, 150.0])

    def test_what_is_being_paid_online_is_not_settled_again(self):
        self._submit(self._select(self.new, amounts={self.new: "60.00"}))._set_pending()
        self.assertIn("amount due", self._apply(self._choice({self.new: 60.0}, [self.credit])).text)
        self.assertEqual(self._residuals(), [200.0, 100.0, 150.0])
        self._apply(self._choice({self.new: None}, [self.credit]))
        self.assertEqual(self._residuals(), [200.0, 60.0, 110.0])

    def test_a_credit_of_a_pending_payment_is_not_used_twice(self):
        transaction = self._submit(self._select(self.old, credits=[self.credit]))
        self.assertEqual(transaction.amount, 50.0)
        transaction._set_pending()
        self.assertIn("do not cover", self._apply(self._choice({self.new: None}, [self.credit])).text)
        self._complete(transaction)
        self.assertEqual(self._residuals(), [0.0, 100.0, 0.0])

    def test_the_credit_of_a_payment_that_never_came_is_free_again(self):
        transaction = self._submit(self._select(self.old, credits=[self.credit]))
        transaction._set_pending()
        transaction.last_state_change = "2026-01-01 10:00:00"
        self._apply(self._choice({self.new: None}, [self.credit]))
        self.assertEqual(self._residuals(), [200.0, 0.0, 50.0])

    def test_parts_with_credit_and_payment_are_settled_as_chosen(self):
        """The credit covers 50 of the older invoice and all of the newer one; what is left of it is charged."""
        newest = self._invoice(self.payer, overdue_days=1, amount=80.0)
        transaction = self._submit(
            self._select(self.old, self.new, newest, credits=[self.credit], amounts={self.old: "50.00"})
        )
        self.assertEqual(transaction.amount, 80.0)
        self._complete(transaction)
        self.assertEqual([*self._residuals(), newest.amount_residual], [150.0, 0.0, 0.0, 0.0])

    def test_a_choice_that_was_applied_is_gone(self):
        choice = self._choice({self.new: None}, [self.credit])
        self._apply(choice)
        self.assertFalse(choice.exists())
        self.assertEqual(self._residuals(), [200.0, 0.0, 50.0])

    def test_a_locked_account_settles_nothing(self):
        choice = self._choice({self.new: None}, [self.credit])
        with patch.object(self.registry["ar.customer"], "_lock_account", side_effect=LockError("taken")):
            response = self._apply(choice)
        self.assertIn("try again in a moment", response.text)


@tagged("post_install", "-at_install")
class TestPaidTwice(ArPortalCommon):
    """One choice makes one payment; what is paid twice all the same is booked, and a person is told."""

    def test_coming_back_to_the_form_continues_the_same_transaction(self):
        page = self._select(self.new)
        self.assertEqual(self._submit(page), self._submit(page))

    def test_another_amount_or_method_is_another_transaction(self):
        page = self._select(self.new)
        first = self._submit(page)
        self._pay(self.new, 40.0)
        with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
            self._submit(page)
        again = self._submit(self._select(self.new))
        self.assertEqual((first.amount, again.amount), (100.0, 60.0))

    def test_two_windows_that_both_pay_leave_a_credit_and_one_task(self):
        transactions = [self._submit(self._select(self.new)) for _window in range(2)]
        self.assertNotEqual(*transactions)
        for transaction in transactions:
            self._complete(transaction)
        self.assertEqual(self.new.amount_residual, 0.0)
        self.assertEqual(sum(credit.amount for credit in self.customer._get_facts().credits), 100)
        task = self.customer.activity_ids
        self.assertEqual(task.activity_type_id, self.env.ref("ar_collections.mail_activity_type_overpaid"))
        self.assertIn("100.00", task.summary)

    def test_a_payment_that_fits_makes_no_task(self):
        self._complete(self._submit(self._select(self.old, self.new)))
        self.assertFalse(self.customer.activity_ids)

    def test_nobody_saves_a_card_by_a_link(self):
        page = self._select(self.new)
        with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
            self._submit(page, tokenization_requested=True)
        self.assertFalse(self.env["payment.transaction"].search([("ar_customer_id", "=", self.customer.id)]))
