from datetime import timedelta

from odoo import Command
from odoo.tests import tagged
from odoo.tests.common import JsonRpcException
from odoo.tools import mute_logger

from odoo.addons.ar_collections.core.metrics.periods import Period

from ..common_portal import ArPortalCommon


@tagged("post_install", "-at_install")
class TestPortalPay(ArPortalCommon):
    def test_page_shows_what_is_due(self):
        response = self._page()
        self.assertEqual(response.status_code, 200)
        for text in (self.old.name, self.new.name, "40 days late", "Pay selected"):
            self.assertIn(text, response.text)

    def test_selected_amounts_are_reconciled_as_selected_not_oldest_first(self):
        response = self._select(self.old, self.new, amounts={self.old: "50", self.new: "100"})
        self.assertEqual(response.status_code, 200)
        transaction = self._submit(response)
        self.assertEqual(transaction.amount, 150.0)
        self._complete(transaction)
        self.assertEqual((self.old.amount_residual, self.new.amount_residual), (150.0, 0.0))

    def test_amounts_are_read_as_the_language_of_the_page_writes_them(self):
        large = self._invoice(self.payer, amount=3000.0)
        self.assertEqual(self._form_of(self._select(large, amounts={large: "1,250"}))[1], 1250.0)
        self.assertEqual(self._form_of(self._select(large, amounts={large: "1250.50"}))[1], 1250.5)
        for text in ("1.250", "10.005", "1,2500"):
            with self.subTest(text=text):
                response = self._select(large, amounts={large: text})
                self.assertIn("no more decimals than the currency", response.text)

    def test_a_currency_without_decimals_has_none(self):
        yen = self.setup_other_currency("JPY", rounding=1.0)
        invoice = self._invoice(self.payer, amount=3000.0, currency_id=yen.id)
        self.assertIn("no more decimals", self._select(invoice, amounts={invoice: "100.5"}).text)
        self._select(invoice, amounts={invoice: "1,000"})
        chosen = self.env["ar.payment.choice.line"].search([("move_line_id", "=", self._item(invoice).id)])
        self.assertEqual(chosen.amount, 1000.0)

    def test_single_selected_installment_is_the_one_that_is_settled(self):
        halves = self.env["account.payment.term"].create(
            {
                "name": "Two halves",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": days}) for days in (0, 60)
                ],
            }
        )
        invoice = self._invoice(self.payer, amount=80.0, invoice_payment_term_id=halves.id, invoice_date_due=False)
        first, second = invoice.line_ids.filtered(lambda line: line.display_type == "payment_term").sorted(
            "date_maturity"
        )
        self._complete(self._submit(self._select(item=[second.id])))
        self.assertEqual((first.amount_residual, second.amount_residual), (40.0, 0.0))

    def test_everything_overdue_and_everything(self):
        upcoming = self._invoice(self.payer, overdue_days=-10, amount=30.0)
        self.assertEqual(self._form_of(self._select(scope="overdue"))[1], 300.0)
        self.assertEqual(self._form_of(self._select(scope="all"))[1], 330.0)
        self.assertTrue(upcoming)

    def _discounted(self, amount):
        """Return an invoice with an early-payment discount of 2 % within 10 days."""
        term = self.env["account.payment.term"].create(
            {
                "name": "2 % in 10 days",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 10,
                "line_ids": [Command.create({"value": "percent", "value_amount": 100, "nb_days": 30})],
            }
        )
        values = {"invoice_payment_term_id": term.id, "invoice_date": self.TODAY, "invoice_date_due": False}
        return self._invoice(self.payer, amount=amount, **values)

    def test_early_payment_discounts_of_several_invoices_are_all_granted(self):
        one, two = self._discounted(100.0), self._discounted(200.0)
        self.env["res.partner.bank"].create({"acc_number": "IE1", "partner_id": self.company.partner_id.id})
        (page,) = self.customer._get_page_values()["groups"][0]["transfers"]
        (printed,) = self.customer._get_statement_values()["transfers"]
        self.assertEqual(page["amount"], printed["amount"])  # the account is used after the last day, too
        form = self._select(one, two, self.new)
        self.assertIn("400.00", form.text)
        self.assertIn("discounts are not deducted here", form.text)
        transaction = self._submit(form)
        self.assertEqual(transaction.amount, 98.0 + 196.0 + 100.0)
        self._complete(transaction)
        self.assertEqual([invoice.amount_residual for invoice in (one, two, self.new)], [0.0, 0.0, 0.0])
        self.assertEqual(transaction.payment_id.amount, 394.0)
        money = self.env["ar.metric.snapshot"].sudo()._read_collected(self.company, Period(self.TODAY, self.TODAY))
        self.assertEqual(money, 394)
        payment = transaction.payment_id
        partial = one.line_ids.matched_credit_ids  # of two, as where a part was undone and matched again
        partial.copy({"amount": 40, "debit_amount_currency": 40, "credit_amount_currency": 40})
        partial.write({"amount": 60, "debit_amount_currency": 60, "credit_amount_currency": 60})
        paid = self.env["ar.payment.receipt"].sudo()._read_paid_items(payment.ids)[payment.id]
        self.assertEqual(
            {row["name"]: (float(row["paid"]), float(row["left"])) for row in paid},
            {one.name: (98.0, 0.0), two.name: (196.0, 0.0), self.new.name: (100.0, 0.0)},
        )

    def test_the_discount_holds_where_the_bank_answers_after_its_last_day(self):
        one = self._discounted(100.0)
        transaction = self._submit(self._select(one))
        self.assertEqual(transaction.amount, 98.0)
        transaction._set_pending()
        with self._on(self.TODAY + timedelta(days=14)):
            self._complete(transaction)
        self.assertEqual(one.amount_residual, 0.0)
        counterpart = transaction.payment_id.move_id.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        self.assertEqual(counterpart.mapped("balance"), [-100.0])

    def _opening_balance(self, account=None):
        """Return the lines of an entry with what three partners owe or have paid: 300 of the payer, 500 and -200."""
        receivable = account or self.company_data["default_account_receivable"]
        others = self._partner(name="Another"), self._partner(name="A third one")
        balances = zip((self.payer, *others), (300.0, 500.0, -200.0), strict=True)
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": self.TODAY - timedelta(days=60),
                "journal_id": self.company_data["default_journal_misc"].id,
                "line_ids": [
                    *(
                        Command.create({"account_id": receivable.id, "partner_id": partner.id, "balance": balance})
                        for partner, balance in balances
                    ),
                    Command.create({"account_id": self.company_data["default_account_revenue"].id, "balance": -600.0}),
                ],
            }
        )
        move.action_post()
        return move.line_ids.filtered(lambda line: line.account_id == receivable).sorted("id")

    def test_an_opening_balance_is_paid_like_an_invoice_and_nothing_else_of_its_entry(self):
        own, debt, credit = self._opening_balance()
        transaction = self._submit(self._select(item=[own.id, self._item(self.new).id]))
        self.assertEqual(transaction.amount, 400.0)
        self._pay(self.new)  # what is left of its payment is no payment of others, either
        self._complete(transaction)
        self.assertEqual((own.amount_residual, self.new.amount_residual), (0.0, 0.0))
        self.assertEqual((debt.amount_residual, credit.amount_residual), (500.0, -200.0))
        self.assertEqual(transaction.payment_id.invoice_ids, self.new, "Odoo knows invoices alone.")
        self.assertTrue(transaction.invoice_ids, "What is paid is still named.")

    def test_a_single_opening_balance_is_paid_on_its_own_account(self):
        account = self.company_data["default_account_receivable"].copy({"code": "121999"})
        own, _debt, _credit = self._opening_balance(account)
        self._complete(self._submit(self._select(item=[own.id], amounts={})))
        self.assertEqual(own.amount_residual, 0.0)

    def test_credit_is_set_off_and_the_rest_charged(self):
        credit = self._invoice(self.payer, overdue_days=3, amount=60.0, move_type="out_refund")
        transaction = self._submit(self._select(self.old, credits=[credit]))
        self.assertEqual(transaction.amount, 140.0)
        self.assertEqual(credit.amount_residual, 60.0, "Nothing is settled before the payment is done.")
        self._complete(transaction)
        self.assertEqual((self.old.amount_residual, credit.amount_residual), (0.0, 0.0))

    def test_credit_that_covers_everything_needs_no_payment(self):
        credit = self._invoice(self.payer, overdue_days=3, amount=250.0, move_type="out_refund")
        response = self._select(self.old, credits=[credit])
        self.assertIn("Your credits cover this", response.text)
        action = response.text.split('action="')[1].split('"')[0]
        csrf = response.text.split('name="csrf_token" value="')[1].split('"')[0]
        data = {"access_token": self._key(self.customer), "csrf_token": csrf}
        self.assertIn("Thank you", self.url_open(action, data=data).text)
        self.env.invalidate_all()
        self.assertEqual((self.old.amount_residual, credit.amount_residual), (0.0, 50.0))

    def test_foreign_currency_is_paid_in_its_own(self):
        foreign = self._invoice(self.payer, overdue_days=3, amount=70.0, currency_id=self.currency_euro.id)
        franc = self.setup_other_currency("CHF")
        self.provider.sudo().available_currency_ids = False
        self.env["payment.method"].sudo().browse(self.payment_method_id).supported_currency_ids = False
        other = self._invoice(self.payer, overdue_days=3, amount=10.0, currency_id=franc.id)
        self.assertIn("o_payment_form", self._select(other).text)
        franc.active = False  # a payment could not be booked
        page = self._select(other)
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("o_payment_form", page.text)
        transaction = self._submit(self._select(foreign))
        self.assertEqual((transaction.amount, transaction.currency_id), (70.0, self.currency_euro))
        self._complete(transaction)
        self.assertEqual(foreign.amount_residual, 0.0)

    def test_second_window_finds_the_item_taken(self):
        first, second = self._select(self.new), self._select(self.new)
        self._submit(first)._set_done()
        with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
            self._submit(second)
        self.assertEqual(self.env["payment.transaction"].search_count([("ar_customer_id", "=", self.customer.id)]), 1)

    def test_pending_payment_excludes_reminders_and_shows_on_the_page(self):
        self._submit(self._select(self.old, self.new))._set_pending()
        self.assertIn("Payment is being processed", self._page().text)
        self.assertEqual(self._run()["no_contact"], {"payment_pending": 1})

    def test_item_settled_meanwhile_leaves_the_rest_as_credit(self):
        transaction = self._submit(self._select(self.new))
        self._pay(self.new)
        self._complete(transaction)
        self.assertEqual(self.new.amount_residual, 0.0)
        self.assertEqual(self.old.amount_residual, 200.0, "Nobody chose the other invoice.")
        self.assertEqual(sum(credit.amount for credit in self.customer._get_facts().credits), 100)
