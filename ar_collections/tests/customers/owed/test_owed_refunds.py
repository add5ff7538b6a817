import csv
import io

from odoo import Command

from .common_owed import ArOwedCommon


class TestOurPayments(ArOwedCommon):
    """Debit items that are no invoices: what we paid to the customer is not reminded, what the customer owes is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._customer()
        cls.partner = cls.customer.partner_id
        cls.bank = cls.company_data["default_journal_bank"]

    def _refund(self, amount, day=None, **values):
        """Post a transfer of ours to the customer, with its journal entry."""
        payment = self.env["account.payment"].create(
            {
                "payment_type": "outbound",
                "partner_type": "customer",
                "partner_id": self.partner.id,
                "amount": amount,
                "date": day or self.TODAY.replace(day=1),
                "journal_id": self.bank.id,
                **values,
            }
        )
        payment.action_post()
        return payment

    def _credit_note(self, amount, post=True):
        note = self._invoice(self.partner, 5, amount, move_type="out_refund")
        if not post:
            note.button_draft()
        return note

    # === OUR PAYMENTS === #

    def test_our_refund_with_the_credit_note_in_draft_is_not_reminded(self):
        refund = self._refund(300.0)
        self._credit_note(300.0, post=False)
        self.assertIsNone(self._requested())
        self.assertCode(self.customer, "our_payment")
        line = refund.move_id.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        self.assertIn(line, self.customer.open_line_ids)
        with self._on():
            self.assertEqual(line.with_user(self.collector).ar_status, "Payment to the customer, not matched")

    def test_other_invoices_are_reminded_in_full(self):
        self._invoice(self.partner, 5, 80.0)
        self._refund(300.0)
        self.assertEqual(self._requested(), 80)
        self.assertEqual(len(self._communications(self.customer).line_ids), 1)

    def test_the_credit_note_that_was_paid_back_covers_nothing(self):
        self._invoice(self.partner, 5, 80.0)
        self._credit_note(300.0)
        self._refund(300.0)
        self.assertEqual(self._requested(), 80)

    def test_what_was_not_paid_back_of_a_credit_still_counts(self):
        self._invoice(self.partner, 5, 80.0)
        self._credit_note(300.0)
        self._refund(250.0)
        self.assertEqual(self._requested(), 30)

    def test_a_credit_that_was_paid_back_cannot_pay_an_invoice_online(self):
        invoice = self._invoice(self.partner, 5, 80.0)
        note = self._credit_note(300.0)
        self._refund(250.0)
        with self._on():
            credits = self.customer._get_usable_credits([self._receivable(note).id], {invoice.currency_id.name})
        self.assertEqual([float(amount) for amount in credits.values()], [50])

    def _receivable(self, move):
        return move.line_ids.filtered(lambda line: line.account_type == "asset_receivable")

    def test_a_transfer_booked_from_the_bank_statement_is_ours_too(self):
        self._entry(self.partner, 300.0, journal=self.bank)
        self.assertIsNone(self._requested())

    def test_a_returned_payment_booked_from_the_statement_is_owed_once_a_person_says_so(self):
        line = self._entry(self.partner, 300.0, journal=self.bank, day=self.TODAY.replace(day=1))
        self.customer._resume_items(line)
        self.assertEqual(self._requested(), 300)

    def test_a_refund_in_cash_is_ours_too(self):
        self._entry(self.partner, 300.0, journal=self.company_data["default_journal_cash"])
        self.assertIsNone(self._requested())

    def test_matched_with_its_credit_note_nothing_is_left(self):
        note = self._credit_note(300.0)
        refund = self._refund(300.0)
        (self._receivable(note) | self._receivable(refund.move_id)).reconcile()
        self.assertFalse(self._facts().items)

    def test_the_balance_stays_that_of_the_ledger(self):
        self._invoice(self.partner, 5, 80.0)
        self._credit_note(100.0)
        self._refund(300.0)
        self._run()
        self.env.invalidate_all()
        self.assertEqual(self.customer.balance, 280)

    def test_the_page_does_not_ask_for_it(self):
        invoice = self._invoice(self.partner, 5, 80.0)
        self._refund(300.0)
        with self._on():
            (group,) = self.customer._get_page_values()["groups"]
            self.assertEqual((group["open"], group["overdue"]), (380, 80))
            self.assertEqual((group["buckets"][0], sum(group["buckets"][1:])), (300, 80))
            self.assertEqual((group["pay_all"], group["pay_overdue"]), (80, 80))
            self.assertEqual({row["name"]: row["ticked"] for row in group["rows"]}[invoice.name], True)
            self.assertEqual(sum(row["ticked"] for row in group["rows"]), 1)
            chosen = self.customer._get_items_to_pay("all", group["currency"].name)
        self.assertEqual(list(chosen), self._debt(invoice).ids)

    def test_it_is_overdue_nowhere(self):
        self.policy.user_id = self.collector
        self._invoice(self.partner, 5, 80.0)
        refund = self._receivable(self._refund(300.0).move_id)
        for excluded in (False, True):
            refund.no_followup = excluded
            self._run()
            self.env.flush_all()
            self.env.invalidate_all()
            with self.subTest(excluded=excluded), self._on():
                debtor = self.env["ar.top.debtor"].search([("partner_id", "=", self.partner.id)])
                board = self.env["ar.team.board"].search([("collector_id", "=", self.collector.id)])
                item = self.env["ar.aging.item"].search([("move_id", "=", refund.move_id.id)])
                aging = self.env["ar.as.of"]._read_aging(self.company, self.TODAY)
                (group,) = self.env["ar.statement"]._get_values(self.customer, self.TODAY)["groups"]
                late = sum(self.customer[f"aged_{number}"] for number in range(1, 6))
                self.assertEqual((self.customer.balance, self.customer.overdue, late), (380, 80, 80))
                self.assertEqual((debtor.balance, debtor.overdue), (380, 80))
                self.assertEqual((board.open_amount, board.overdue), (380, 80))
                self.assertEqual((aging.overdue, item.not_due, item.days_late), (80, 300, None))
                self.assertEqual(self._days(refund), 0)
                self.assertEqual((group["total"], group["buckets"][0], sum(group["buckets"][1:])), (380, 300, 80))

    def _days(self, line):
        """Return the days late of an item on the customer's form."""
        return line.with_user(self.collector).ar_days_overdue

    def test_credits_are_never_late_and_debts_are(self):
        invoice = self._invoice(self.partner, 5, 80.0)
        note = self._invoice(self.partner, 95, 30.0, move_type="out_refund")
        with self._on():
            days = [self._days(self._receivable(move)) for move in (invoice, note)]
            (group,) = self.env["ar.statement"]._get_values(self.customer, self.TODAY)["groups"]
            rows = self.env["ar.statement"]._render_csv(self.customer, self.TODAY)[0].decode("utf-8-sig")
        self.assertEqual(days, [5, 0])
        self.assertEqual([row["days_late"] for row in group["rows"]], [5, 0])
        self.assertEqual({row["Number"]: row["Days late"] for row in csv.DictReader(io.StringIO(rows))},
                         {invoice.name: "5", note.name: "0"})  # fmt: skip

    def test_it_lowers_no_share_of_what_is_overdue(self):
        self.policy.minimum_share = 10
        invoice = self._invoice(self.partner, 4, 80.0)
        self._refund(1500.0)
        with self._on():
            verdict = self.customer._decide(self.TODAY)[self.customer]
        self.assertEqual([item.item.item_id for item in verdict.decision.items], self._debt(invoice).ids)

    def test_it_cannot_be_promised(self):
        refund = self._refund(300.0)
        with self._on():
            item = self._facts().items[0]
        self.assertEqual(item.item_id, self._receivable(refund.move_id).id)
        self.assertFalse(item.is_debt)

    def test_it_is_no_overdue_work(self):
        self._refund(300.0)
        self._run()
        self.env.invalidate_all()
        self.assertEqual(self.customer.priority_score, 0)

    def test_a_refund_registered_without_an_entry_reduces_credits(self):
        self._invoice(self.partner, 5, 80.0)
        self._credit_note(80.0)
        self.assertIsNone(self._requested())
        self.bank.outbound_payment_method_line_ids.payment_account_id = False
        method = self.bank.outbound_payment_method_line_ids[:1]
        self._register(80.0, payment_type="outbound", payment_method_line_id=method.id)
        self.assertEqual(self._requested(), 80)

    def test_a_credit_note_that_was_cancelled_or_is_a_draft_covers_nothing(self):
        self._invoice(self.partner, 5, 80.0)
        self._credit_note(80.0, post=False)
        self._credit_note(80.0, post=False).button_cancel()
        self.assertEqual(self._requested(), 80)

    def test_in_another_currency_it_reduces_nothing(self):
        rates = [Command.create({"name": "2020-01-01", "rate": 2.0, "company_id": self.company.id})]
        currency = self.env["res.currency"].create({"name": "XTS", "symbol": "X", "rate_ids": rates})
        self._invoice(self.partner, 5, 80.0)
        self._credit_note(80.0)
        self._refund(80.0, currency_id=currency.id)
        self.assertIsNone(self._requested())

    # === DEBTS === #

    def test_an_opening_balance_is_owed(self):
        self._entry(self.partner, 300.0, day=self.TODAY.replace(month=1))
        self.assertEqual(self._requested(), 300)

    def test_an_opening_balance_that_a_person_excluded_is_not_reminded_until_resumed(self):
        line = self._entry(self.partner, 300.0, day=self.TODAY.replace(month=5))
        self.customer._set_no_chase(line, "Talks")
        self.assertEqual(self._chased(), [0])
        self.customer._resume_items(line)
        self.assertEqual(self._chased(), [300])
        line.no_followup = True  # in Odoo's own list of journal items
        self.assertEqual(self._chased(), [0])

    def test_a_correction_in_the_general_journal_is_owed(self):
        self._entry(self.partner, 20.0, day=self.TODAY.replace(month=5, day=1))
        self._invoice(self.partner, 5, 80.0)
        self.assertEqual(self._requested(), 100)

    def test_an_invoice_entered_by_hand_in_the_sales_journal_is_owed(self):
        self._entry(
            self.partner, 20.0, journal=self.company_data["default_journal_sale"], day=self.TODAY.replace(month=5)
        )
        self.assertEqual(self._requested(), 20)

    def test_a_payment_that_was_reversed_is_owed_again(self):
        invoice = self._invoice(self.partner, 10, 80.0)
        payment = self._pay(invoice, day=self.TODAY.replace(day=1))
        reversal = payment.move_id._reverse_moves([{"date": self.TODAY.replace(day=5)}])
        reversal.action_post()
        with self._on():
            self.assertEqual(self._days(self._receivable(reversal)), 9)  # since the day of the payment
        self.assertEqual(self._requested(), 80)

    def test_a_payment_cancelled_leaves_the_invoice_owed(self):
        invoice = self._invoice(self.partner, 10, 80.0)
        self._pay(invoice, day=self.TODAY.replace(day=1)).action_cancel()
        self.assertEqual(self._requested(), 80)

    def test_an_exchange_difference_is_not_reminded(self):
        rates = [
            Command.create({"name": f"2026-0{month}-01", "rate": rate, "company_id": self.company.id})
            for month, rate in ((1, 2.0), (6, 4.0))
        ]
        currency = self.env["res.currency"].create({"name": "XTS", "symbol": "X", "rate_ids": rates})
        invoice = self._invoice(self.partner, 10, 80.0, currency_id=currency.id)
        self._pay(invoice, day=self.TODAY)
        self.assertIsNone(self._requested())
        self.assertFalse(self._facts().items)
