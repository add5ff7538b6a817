from contextlib import nullcontext
from datetime import date, timedelta
from decimal import Decimal

from odoo import Command
from odoo.exceptions import UserError
from odoo.tools import mute_logger

from odoo.addons.ar_collections.core.portal.allocation import RequestRefused

from .common_dispute import ArDisputeCommon

DISPUTES_LOG = "odoo.addons.ar_collections.models.agreements.ar_agreement"

FRIDAY = date(2026, 6, 12)


class TestAnswer(ArDisputeCommon):
    def test_review_notifies_the_customer_once(self):
        dispute = self._dispute()
        dispute.with_user(self.collector).action_review()
        with mute_logger(DISPUTES_LOG):
            dispute.with_user(self.collector).action_review()
        self.assertEqual(dispute.state, "review")
        self.assertEqual(self._notices(), ["dispute_received", "dispute_review"])

    def test_who_was_refused_does_not_dispute_again_on_the_page(self):
        self._resolve(self._dispute(), 30)  # granted in part
        with self.assertRaisesRegex(RequestRefused, "rejected_before"):
            self._dispute(origin="portal")
        self.invoice.button_draft()
        self.invoice.action_post()  # its item may be another one
        with self.assertRaisesRegex(RequestRefused, "rejected_before"):
            self._dispute(origin="portal")
        self._resolve(self._dispute(), 0)  # staff may
        self.policy.dispute_item_rejected_max = 3
        self.assertEqual(self._dispute(origin="portal").state, "new")

    def test_what_was_granted_does_not_count_for_the_next_one_and_withdrawals_do(self):
        second = self._invoice(self.customer.partner_id, 2, 50)
        self._resolve(self._dispute(self.invoice, second, amount=40), 40, 0)
        with self.assertRaisesRegex(RequestRefused, "rejected_before"):
            self._dispute(second, origin="portal", amount=10)
        self._dispute(amount=10).with_user(self.collector).action_withdraw()  # staff are not bound
        for _time in range(2):  # the first one may undo a slip
            self._dispute(origin="portal", amount=10).sudo()._withdraw(by_customer=True)
        with self.assertRaisesRegex(RequestRefused, "withdrawn_before"):
            self._dispute(origin="portal", amount=10)

    def test_rejected_by_the_owner(self):
        dispute = self._dispute()
        self._resolve(dispute, 0, day=FRIDAY)
        self.assertEqual((dispute.state, dispute.answer), ("rejected", "We looked into it"))
        self.assertEqual((dispute.date_resolved, dispute.days_to_resolve), (FRIDAY, 2))
        self.assertEqual(dispute.grace_until, FRIDAY + timedelta(days=7))
        self.assertFalse(dispute.activity_ids)
        self.assertEqual(self._excluded(FRIDAY), [(100.0, date(2026, 6, 19))])
        self.assertEqual(self._excluded(date(2026, 6, 19)), [])

    def test_the_answer_is_notified_with_what_is_to_be_paid_after_all(self):
        dispute = self._dispute()
        self._resolve(dispute, 30, day=FRIDAY)
        answer = self._communications(self.customer).filtered(lambda c: c.notice == "dispute_resolved")
        self.assertEqual(answer.line_ids.amount_left, 70)
        body = str(answer.body)
        self.assertIn("We looked into it", body)
        self.assertIn("deduct part of the amount", body)
        self.assertIn("June 19, 2026", body)
        self.assertIn("$ 30.00</span>", body.replace("\xa0", " ").replace("&nbsp;", " ").replace(" deducted", ""))

    def test_the_answer_tells_what_else_of_the_invoice_is_open(self):
        for grace in (7, 0):
            self.policy.dispute_grace_days = grace
            customer, invoice = self._late(name=f"Payer {grace}", amount=635.0)
            dispute = self._dispute(invoice, customer=customer, amount=231)
            self._resolve(dispute, 186, day=FRIDAY)  # which is not credited yet
            answer = self._communications(customer)[-1:]
            with self.subTest(grace=grace):
                self.assertEqual(answer.line_ids.amount_left, 45)
                text = " ".join(answer._get_plain_text().replace("\xa0", " ").split())
                self.assertIn("Remaining of the disputed amount: $ 45.00", text)
                self.assertNotIn("Total due", text)
                self.assertIn(
                    "Also to be paid of it, besides what you disputed: *$ 404.00*, due on June 6, 2026.", text
                )

    def test_each_outcome_has_its_own_text(self):
        texts = {100: "You are right", 0: "we cannot deduct it", 40: "deduct part of the amount"}
        for amount, expected in texts.items():
            customer, invoice = self._late(name=f"Payer {amount}")
            dispute = self._dispute(invoice, customer=customer)
            self._resolve(dispute, amount)
            with self.subTest(amount=amount):
                self.assertIn(expected, str(self._communications(customer)[-1:].body))

    def test_the_confirmation_is_cancelled_when_the_answer_comes_first(self):
        dispute = self._dispute()
        self._resolve(dispute, 0)
        self.assertEqual(len(self._deliver()), 1)
        states = {c.notice: c.state for c in self._communications(self.customer)}
        self.assertEqual(states, {"dispute_received": "cancelled", "dispute_resolved": "sent"})

    def test_withdrawn_goes_on_at_once(self):
        dispute = self._dispute()
        dispute.with_user(self.collector).action_withdraw()
        self.assertEqual(dispute.state, "withdrawn")
        self.assertEqual(self._excluded(), [])

    def test_answered_twice_is_refused(self):
        dispute = self._dispute()
        self._resolve(dispute, 0)
        with self.assertRaisesRegex(UserError, "already resolved"):
            self._resolve(dispute, 100)

    def test_more_than_disputed_and_less_than_nothing_are_refused(self):
        dispute = self._dispute(amount=30)
        for amount in (30.01, -1):
            with self.subTest(amount=amount), self.assertRaises(UserError):
                self._resolve(dispute, amount)
        self.assertEqual(dispute.state, "new")

    def test_reopened_by_a_manager_it_is_excluded_again(self):
        dispute = self._dispute()
        self._resolve(dispute, 0)
        with self.assertRaisesRegex(UserError, "Only the role “Collections Manager” may do this"):
            dispute.with_user(self.collector).action_reopen()
        with self._on(FRIDAY):
            dispute.with_user(self.manager).action_reopen()
        self.assertEqual((dispute.state, dispute.date_deadline), ("review", date(2026, 6, 19)))
        self.assertFalse(dispute.grace_until)
        self.assertEqual(self._excluded(FRIDAY), [(100.0, None)])
        self.assertEqual(dispute.activity_ids.user_id, self.owner)

    def test_the_end_is_the_end(self):
        dispute = self._dispute()
        self._resolve(dispute, 100)
        with mute_logger(DISPUTES_LOG):
            dispute.with_user(self.manager).action_reopen()
            dispute.with_user(self.manager).action_withdraw()
        self.assertEqual(dispute.state, "accepted")

    def test_who_recorded_a_dispute_grants_alone_up_to_the_companys_amount(self):
        self.reason.user_id = self.collector  # who records them, too
        for amount, alone in ((10, 0), (40, 50), (11, 50)):  # 40 and 11 are more than 50
            self.company.ar_write_off_alone = alone
            dispute = self._dispute(self._invoice(self.customer.partner_id, 4), amount=amount)
            self.assertEqual(dispute.user_id == self.collector, bool(alone))  # who may grant nothing gets no task
            dispute.sudo().user_id = self.collector  # as before, or for want of another one
            is_alone = amount == 40
            refused = self.assertRaisesRegex(UserError, f"grants it: {self.company._ar_get_manager().name}")
            with self.subTest(amount=amount), nullcontext() if is_alone else refused:
                self._resolve(dispute, amount, user=self.collector)
            self.assertEqual(dispute.state, "accepted" if is_alone else "new")
        self._resolve(dispute, 11, user=self.manager)
        self.assertEqual((dispute.state, dispute.resolved_by_id), ("accepted", self.manager))
        foreign = self._invoice(self.customer.partner_id, 4, 100, currency_id=self.currency_euro.id)
        rates = self.env["res.currency.rate"].sudo()
        rates.create({"currency_id": self.currency_euro.id, "name": self.TODAY - timedelta(days=1), "rate": 100_000})
        with self.assertRaises(UserError):  # it counts as booked
            self._resolve(self._dispute(foreign), 100, user=self.collector)
        rejected = self._dispute()
        self._resolve(rejected, 0, user=self.collector)
        self.assertEqual(rejected.state, "rejected")

    def test_disputes_are_kept(self):
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            self._dispute().sudo().unlink()

    def test_several_items_are_granted_each_on_its_own(self):
        second = self._invoice(self.customer.partner_id, 2, 50)
        dispute = self._dispute(self.invoice, second)
        self._resolve(dispute, 100, 0)
        self.assertEqual((dispute.state, dispute.amount_accepted), ("partly", 100))
        self.assertEqual(self._excluded(), [(100.0, None), (50.0, date(2026, 6, 17))])


class TestCreditNote(ArDisputeCommon):
    def _bill(self, *prices, tax=None, **values):
        """Return the account and an invoice with a line for each (quantity, price, discount)."""
        lines = [
            Command.create(
                {"name": f"Work {n}", "quantity": q, "price_unit": price, "discount": discount,
                 "tax_ids": [Command.set(tax.ids if tax else [])]}
            )
            for n, (q, price, discount) in enumerate(prices)
        ]  # fmt: skip
        invoice = self._invoice(self._partner(name="Credited Payer"), 4, invoice_line_ids=lines, **values)
        return self._customer(invoice.partner_id), invoice

    def _tax(self, amount, **values):
        return self.env["account.tax"].create(
            {"name": f"{amount}% {values}", "amount": amount, "company_id": self.company.id, **values}
        )

    def _note(self, customer, invoice, granted):
        dispute = self._dispute(invoice, customer=customer)
        self._resolve(dispute, granted, draft_credit=True)
        return dispute.line_ids.credit_note_id

    def test_granted_in_whole_is_odoos_own_reversal(self):
        customer, invoice = self._bill((3, 10, 0), (1, 5.5, 0), tax=self._tax(19))
        note = self._note(customer, invoice, invoice.amount_total)
        self.assertEqual((note.move_type, note.state, note.amount_total), ("out_refund", "draft", invoice.amount_total))
        self.assertEqual(note.invoice_line_ids.mapped("quantity"), [3, 1])
        self.assertEqual(note.reversed_entry_id, invoice)
        self.assertIn(customer.dispute_ids.name, note.ref)

    def test_a_part_is_exact_to_the_cent_whatever_the_taxes(self):
        taxes = {
            "none": None,
            "19 %": self._tax(19),
            "7.7 %": self._tax(7.7),
            "included": self._tax(21, price_include_override="tax_included"),
        }
        prices = ((3, 33.33, 0), (7, 1.99, 5), (1, 12.5, 0))
        for name, tax in taxes.items():
            customer, invoice = self._bill(*prices, tax=tax)
            self.env.flush_all()
            for granted in (0.03, 1.0, 17.77, 50.01, 99.99):
                with self.subTest(tax=name, granted=granted), self.env.cr.savepoint() as savepoint:
                    note = self._note(customer, invoice, granted)
                    self.assertEqual(note.amount_total, granted)
                    self.assertEqual(note.state, "draft")
                    note.action_post()
                    self.assertEqual(note.amount_total, granted)
                    self.assertAlmostEqual(invoice.amount_residual, invoice.amount_total - granted)
                    savepoint.rollback()
                    self.env.invalidate_all()

    def test_a_reduction_returns_no_goods(self):
        product = self.env["product.product"].create({"name": "Box", "type": "consu"})
        customer, invoice = self._bill((10, 10, 0))
        invoice.button_draft()
        invoice.invoice_line_ids.write({"product_id": product.id, "quantity": 10, "price_unit": 10, "tax_ids": False})
        invoice.action_post()
        note = self._note(customer, invoice, 20)
        self.assertFalse(note.invoice_line_ids.product_id)
        self.assertEqual(note.invoice_line_ids.quantity, 1)
        self.assertEqual(note.invoice_line_ids.account_id, invoice.invoice_line_ids.account_id)

    def test_excluded_until_the_note_is_posted_and_again_when_it_is_undone(self):
        dispute = self._dispute(amount=30)
        self._resolve(dispute, 30, draft_credit=True)
        note = dispute.credit_note_ids
        self.assertEqual(self._excluded(), [(30.0, None)])
        self.assertEqual(dispute.activity_ids.user_id, self.collector)  # who is asked to post it
        note.action_post()
        self.assertFalse(dispute.activity_ids)
        self.assertEqual((self.invoice.amount_residual, self._excluded()), (70, []))
        note.button_draft()
        note.button_cancel()
        self.assertEqual((self.invoice.amount_residual, self._excluded()), (100, [(30.0, None)]))

    def test_excluded_while_the_rest_is_paid_before_the_note_is_posted(self):
        dispute = self._dispute(amount=30)
        self._resolve(dispute, 30, draft_credit=True)
        self._pay(self.invoice, 70)
        self.assertEqual(self._excluded(), [(30.0, None)])
        dispute.credit_note_ids.action_post()
        self.assertEqual(self.invoice.amount_residual, 0)

    def test_a_note_posted_before_the_answer_counts(self):
        dispute = self._dispute(amount=30)
        credit = self._invoice(self.customer.partner_id, 0, 30, move_type="out_refund")
        (self._debt(self.invoice) + self._debt(credit)).reconcile()
        self._resolve(dispute, 30)
        self.assertEqual(self._excluded(), [])

    def test_a_note_from_before_the_dispute_does_not_count(self):
        credit = self._invoice(self.customer.partner_id, 0, 20, move_type="out_refund")
        (self._debt(self.invoice) + self._debt(credit)).reconcile()
        self._resolve(self._dispute(amount=30), 30)
        self.assertEqual(self._excluded(), [(30.0, None)])

    def test_the_note_settles_the_very_installment_that_was_disputed(self):
        invoice = self._invoice(
            self._partner(name="In Two Parts"), 0, 100, invoice_date_due=False,
            invoice_payment_term_id=self.env["account.payment.term"].create(
                {
                    "name": "Two parts",
                    "line_ids": [
                        Command.create({"value": "percent", "value_amount": 50, "nb_days": days}) for days in (10, 20)
                    ],
                }
            ).id,
        )  # fmt: skip
        customer = self._customer(invoice.partner_id)
        first, second = self._debt(invoice)
        with self._on():
            dispute = self.env["ar.dispute"]._raise_dispute(customer, self.reason, {second.id: Decimal(20)}, "Late")
        self._resolve(dispute, 20, draft_credit=True)
        dispute.credit_note_ids.action_post()
        self.assertEqual((first.amount_residual, second.amount_residual), (50, 30))
        self.assertEqual(self._excluded(customer=customer), [])

    def test_the_note_is_in_the_invoices_currency(self):
        invoice = self._invoice(self._partner(name="Euro Payer"), 4, 100, currency_id=self.currency_euro.id)
        note = self._note(self._customer(invoice.partner_id), invoice, 25)
        self.assertEqual((note.currency_id, note.amount_total), (self.currency_euro, 25))

    def test_what_is_no_invoice_is_credited_by_hand(self):
        customer, receipt = self._late(name="Receipt Payer")
        receipt = self._invoice(customer.partner_id, 4, 40, move_type="out_receipt")
        dispute = self._dispute(receipt, customer=customer)
        with self.assertRaisesRegex(UserError, "manually"):
            self._resolve(dispute, 40, draft_credit=True)
        self._resolve(dispute, 40)
        self.assertEqual(dispute.state, "accepted")
