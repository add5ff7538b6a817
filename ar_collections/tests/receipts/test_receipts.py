"""Thanks for payments: once for each payment, merged by day, never for what is no payment or came back."""

from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import ValidationError

from ...core.metrics.periods import Period
from ...models.communications.mail.mail_mail import MailMail
from ..common import ArCommon

#: Of the delivery of one message without documents, its share of what is read for all of `MAILS` included.
MOST_QUERIES, MAILS = 30, 16


class TestReceipts(ArCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.receipt_enabled = True
        cls.policy.sudo().receipt_since = cls.TODAY - timedelta(days=7)
        cls.customer, cls.invoice = cls._late(overdue_days=4)
        cls.other = cls._invoice(cls.customer.partner_id, -10, 40.0)
        cls.tomorrow = cls.TODAY + timedelta(days=1)

    def _enter(self, payments):
        """Let the payments have been entered at noon; return them."""
        self.env.flush_all()
        entered = datetime.combine(self.TODAY, datetime.min.time()) + timedelta(hours=12)
        self.env.cr.execute("UPDATE account_payment SET create_date = %s WHERE id = ANY(%s)", [entered, payments.ids])
        return payments

    def _prepare(self, day=None):
        day = day or self.tomorrow
        with self._on(day):
            self.env["ar.payment.receipt"].sudo()._prepare_company(self.company, day)
        self.env.invalidate_all()
        return self.env["ar.payment.receipt"].search([("customer_id", "=", self.customer.id)])

    def test_payments_of_a_day_are_thanked_for_once_together(self):
        payments = self._enter(self._pay(self.invoice, 60.0) | self._pay(self.other))
        self.assertFalse(self._prepare(self.TODAY))  # the day is not over
        receipt = self._prepare()
        self.assertEqual(self._prepare(self.tomorrow + timedelta(days=1)), receipt)
        self.assertEqual(receipt.payment_ids, payments)
        (mail,) = self._deliver(self.tomorrow)
        for text in (self.invoice.name, "60.00", "40.00", "left to pay", self.other.name, "settled", "Still open"):
            self.assertIn(text, mail["body"])
        self.assertEqual(receipt.communication_state, "sent")
        text = receipt.communication_id._get_plain_text().replace("\xa0", " ")
        self.assertIn(f"*{self.invoice.name}*: $ 60.00, $ 40.00 left to pay", text)
        (attachment,) = receipt.communication_id.attachment_ids
        self.assertTrue(attachment.raw)
        payments[0].action_draft()
        payments[0].action_post()
        self.assertEqual(self._prepare(self.tomorrow + timedelta(days=2)), receipt)

    def test_it_is_no_contact(self):
        self._enter(self._pay(self.other))
        self._prepare()
        self._deliver(self.tomorrow)
        self.policy.minimum_gap_days = 5
        self.assertEqual(sum(self._run(self.tomorrow)["contacted"].values()), 1)

    def test_what_came_back_before_it_was_sent_is_left_out(self):
        kept, undone = self._enter(self._pay(self.other)), self._enter(self._pay(self.invoice))
        receipt = self._prepare()
        undone.action_draft()
        (mail,) = self._deliver(self.tomorrow) + self._deliver(self.tomorrow)
        self.assertNotIn(self.invoice.name, mail["body"])
        self.assertEqual(receipt.payment_ids, kept)

    def _prepare_others(self, number):
        """Prepare thanks to as many other customers, besides this one; return their payments."""
        self.policy.receipt_pdf = False
        invoices = [self._late(name=f"P{n}", email=f"p{n}@customer.example.com")[1] for n in range(number)]
        payments = self.env["account.payment"].union(*(self._pay(each) for each in (self.other, *invoices)))
        self._enter(payments)
        self._prepare()
        return payments

    def test_a_payment_that_comes_back_after_all_were_compared(self):
        undone, prepare = self._prepare_others(2)[-1], MailMail._prepare_group

        def change(mails, group):
            found = prepare(mails, group)
            if undone.state != "draft":
                self.assertEqual(len(found), 3)
                undone.action_draft()
                self.env.flush_all()
            return found

        with patch.object(MailMail, "_prepare_group", change):
            self.assertEqual(len(self._deliver(self.tomorrow)), 2)
        receipt = self.env["ar.payment.receipt"].search([("customer_id.partner_id.name", "=", "P1")])
        self.assertEqual(receipt.state, "left_out")

    def test_queries_of_a_delivery(self):
        self._prepare_others(MAILS - 1)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.assertEqual(len(self._deliver(self.tomorrow)), MAILS)
        self.assertLessEqual((self.env.cr.sql_log_count - before) / MAILS, MOST_QUERIES)

    def test_nothing_is_sent_where_no_payment_is_left(self):
        payment = self._enter(self._pay(self.invoice))
        receipt = self._prepare()
        payment.action_draft()
        self.assertFalse(self._deliver(self.tomorrow) + self._deliver(self.tomorrow))
        self.env.invalidate_all()
        self.assertEqual((receipt.state, receipt.reason), ("left_out", "payment_undone"))
        self.assertEqual(receipt.communication_id.state, "cancelled")
        self.assertFalse(payment.ar_receipt_id)

    def test_what_is_no_payment_for_an_invoice_is_not_thanked_for(self):
        unmatched = self.env["account.payment"].create(
            {
                "partner_id": self.customer.partner_id.id, "payment_type": "inbound", "partner_type": "customer",
                "amount": 10.0, "date": self.TODAY,
            }
        )  # fmt: skip
        unmatched.action_post()
        refund = self._invoice(self.customer.partner_id, 0, 40.0, move_type="out_refund")
        (self._debt(refund) | self._debt(self.other)).reconcile()
        old = self._pay(self.invoice, 50.0, day=self.TODAY - timedelta(days=8))  # from before it was switched on
        self._enter(unmatched | old)
        self.assertFalse(self._prepare())

    def test_money_counts_and_not_what_was_written_off_with_it(self):
        doubtful = self.company_data["default_account_receivable"].copy({"name": "Doubtful debts"})
        moved = self._pay_and_write_off(self.other, 36.0, account=doubtful)
        self._enter(self._pay_and_write_off(self.invoice, 97.0) | moved)
        found = [
            (float(payment["amount"]), float(item["paid"]), float(item["left"]))
            for payment in self._prepare().contents["payments"]
            for item in payment["items"]
        ]
        self.assertEqual(sorted(found), [(36.0, 36.0, 0.0), (97.0, 97.0, 0.0)])
        money = self.env["ar.metric.snapshot"].sudo()._read_collected(self.company, Period(self.TODAY, self.TODAY))
        self.assertEqual(money, 133)

    def test_of_an_entry_of_several_customers_the_own_part_is_told(self):
        """Opening balances of two customers, and of this one in another currency, too."""
        receivable, partner = self.company_data["default_account_receivable"], self.customer.partner_id
        euro, base = self.setup_other_currency("EUR"), self.company.currency_id
        lines = [(partner, 300.0, 300.0, base), (partner, 70.0, 90.0, euro), (partner, -20.0, -20.0, base)]
        lines.append((self._partner(name="Other"), 500.0, 500.0, base))
        values = [
            {"partner_id": owner.id, "balance": balance, "amount_currency": amount, "currency_id": currency.id}
            for owner, balance, amount, currency in lines
        ]
        rest = {"account_id": self.company_data["default_account_revenue"].id, "balance": -850.0}
        journal = self.company_data["default_journal_misc"].id
        move = self.env["account.move"].create(
            {
                "move_type": "entry", "date": self.TODAY - timedelta(days=60), "journal_id": journal,
                "line_ids": [
                    Command.create(each) for each in (*({**each, "account_id": receivable.id} for each in values), rest)
                ],
            }
        )  # fmt: skip
        move.action_post()
        own = move.line_ids.filtered(lambda line: line.balance == 300)
        payment = self.env["account.payment"].create(
            {
                "partner_id": partner.id, "payment_type": "inbound", "partner_type": "customer",
                "amount": 250.0, "date": self.TODAY,
            }
        )  # fmt: skip
        payment.action_post()
        (own | payment.move_id.line_ids.filtered(lambda line: line.account_id == receivable)).reconcile()
        self._enter(payment)
        (found,) = self._prepare().contents["payments"]
        (item,) = found["items"]
        self.assertEqual((float(item["paid"]), float(item["left"])), (250.0, 50.0))

    def test_what_is_overdue_is_not_more_than_what_is_open(self):
        self._invoice(self.customer.partner_id, 0, 30.0, move_type="out_refund")
        self._enter(self._pay(self.other))
        (row,) = self._prepare().contents["open"]
        left = self.invoice.amount_residual - 30
        self.assertEqual((float(row["total"]), float(row["overdue"])), (left, left))

    def test_a_customer_who_moves_to_a_policy_is_thanked_from_then_on(self):
        self.policy.receipt_enabled = False
        thanking = self._policy(name="Thanks", receipt_enabled=True, partner_domain="[('id', '=', 0)]")
        thanking.sudo().receipt_since = self.TODAY - timedelta(days=7)
        with self._on(self.tomorrow):
            self.customer.policy_override_id = thanking
            self.env.flush_all()
        self._enter(self._pay(self.other) | self._pay(self.invoice, 10.0, day=self.tomorrow))
        with self._on(self.tomorrow + timedelta(days=1)):
            self.customer.policy_override_id = thanking  # the same one
            self.env.flush_all()
        receipt = self._prepare(self.tomorrow + timedelta(days=1))
        self.assertEqual(receipt.payment_ids.mapped("date"), [self.tomorrow])

    def test_who_is_not_thanked_and_what_needs_a_template(self):
        self.customer.write({"excluded": True, "exclusion_reason": "Key account"})
        self._enter(self._pay(self.other))
        self.assertEqual(self._prepare().reason, "excluded")
        with self.assertRaises(ValidationError):
            self.policy.receipt_template_id = False
        self.policy.receipt_enabled = False
        self._enter(self._pay(self.invoice))
        self.assertEqual(len(self._prepare(self.tomorrow + timedelta(days=1))), 1)
