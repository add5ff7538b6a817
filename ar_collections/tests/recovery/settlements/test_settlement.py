"""Settlements: who agrees, what is held, and what follows when they are paid, missed or undone."""

from datetime import date, timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError

from ..common_recovery import ArRecoveryCommon

LAST = date(2026, 6, 30)


class SettlementCommon(ArRecoveryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late(40, 1000.0)

    def _request(self, agreed=600, day=LAST, reason="No assets", user=None, customer=None, items=None):
        """Request a settlement by the dialog; by default of all that is overdue."""
        with self._on():
            customer = (customer or self.customer).with_user(user or self.collector)
            wizard = self.env["ar.settlement.new"].with_user(user or self.collector)
            wizard = wizard.browse(customer.action_settle()["res_id"])
            wizard.write({"amount_agreed": agreed, "date_until": day, "reason": reason})
            if items is not None:
                wizard.move_line_ids = items
            found = wizard.action_request()
        self.env.invalidate_all()
        return self.env["ar.settlement"].browse(found["res_id"])

    def _agree(self, *args, **values):
        settlement = self._request(*args, **values)
        with self._on():
            settlement.with_user(self.credit_manager).action_approve()
        self.env.invalidate_all()
        return settlement

    def _judge(self, day):
        with self._on(day):
            self.env["ar.settlement"].sudo()._judge_company(self.company, day)
        self.env.invalidate_all()

    def _money(self, amount, day, invoice=None):
        """Book money of that day, and match it with the invoice."""
        debt = self._debt(invoice or self.invoice)
        line = self._entry(debt, day, amount)
        (line | debt).reconcile()
        return line

    def _held(self, day=None):
        with self._on(day):
            items = self.env["ar.facts"]._gather(self.customer, day or self.TODAY)[self.customer.id].items
        return sum(part.amount for item in items for part in item.exclusions if part.code == "settlement_open")


class TestSettlement(SettlementCommon):
    def test_two_persons_agree(self):
        settlement = self._request()
        self.assertEqual(
            (settlement.state, settlement.amount_total, settlement.amount_released), ("requested", 1000, 400)
        )
        self.assertEqual((self._held(), len(settlement.activity_ids)), (0, 1))
        for user in (self.collector, self.manager):
            with self.subTest(user=user.name), self.assertRaises(UserError), self._on():
                settlement.with_user(user).action_approve()
        with self._on():
            settlement.with_user(self.credit_manager).action_approve()
        self.assertEqual((settlement.state, settlement.decided_by_id), ("open", self.credit_manager))
        self.assertEqual(settlement.activity_ids.mapped("user_id"), self.collector)  # to send the offer
        self.assertEqual(self._held(), 1000)

    def test_who_requested_it_does_not_approve_it(self):
        settlement = self._request(user=self.credit_manager)
        with self.assertRaisesRegex(UserError, "yourself"), self._on():
            settlement.with_user(self.credit_manager).action_approve()
        self.second.sudo().write({"ar_limits_write_off": True, "ar_writes_off_up_to": 399})
        with self.assertRaisesRegex(UserError, "higher"), self._on():
            settlement.with_user(self.second).action_approve()
        self.second.sudo().ar_writes_off_up_to = 400
        with self._on():
            settlement.with_user(self.second).action_approve()
        self.assertEqual(settlement.state, "open")

    def test_what_is_refused_leaves_nothing_behind(self):
        not_due = self._debt(self._invoice(self.customer.partner_id, -5, 50.0))
        for values in (
            {"agreed": 1000}, {"agreed": 0}, {"agreed": -1}, {"reason": " "},
            {"day": self.TODAY - timedelta(days=1)}, {"day": False}, {"items": not_due},
            {"items": self.env["account.move.line"]},
        ):  # fmt: skip
            with self.subTest(values), self.assertRaises(UserError), self.env.cr.savepoint():
                self._request(**values)
        self.assertFalse(self.env["ar.settlement"].search([]))

    def test_nothing_is_reminded_until_the_day(self):
        self._agree()
        self._run()
        self.assertCode(self.customer, "settlement_open")
        self._run(LAST)
        self.assertCode(self.customer, "settlement_open")
        after = LAST + timedelta(days=1)
        self._run(after)
        self.assertCode(self.customer, "settlement_open")  # until it is judged
        self._judge(after)
        self.assertEqual((self.env["ar.settlement"].search([]).state, self._held(after)), ("missed", 0))
        self.assertEqual(len(self._tasks(self.customer, "settlement")), 1)
        self._run(LAST + timedelta(days=8))
        self.assertTrue(self._communications(self.customer))

    def test_paid_in_time_the_rest_is_drafted_as_a_credit_note(self):
        settlement = self._agree()
        self._money(600, LAST)
        self._judge(LAST)
        self.assertEqual((settlement.state, settlement.amount_paid), ("paid", 600))
        note = settlement.credit_note_ids
        self.assertEqual((note.state, note.move_type, note.amount_total), ("draft", "out_refund", 400))
        self.assertEqual(note.reversed_entry_id, self.invoice)
        self.assertEqual(self._held(LAST + timedelta(days=9)), 400)
        with self._on(LAST):
            note.action_post()
            (self._receivable(note) | self._debt(self.invoice)).filtered(lambda x: not x.reconciled).reconcile()
        self._judge(LAST + timedelta(days=1))
        self.assertEqual((settlement.state, self.invoice.amount_residual), ("paid", 0))
        self.assertEqual(len(settlement.credit_note_ids), 1)

    def test_the_credit_note_settles_the_installments_of_the_settlement(self):
        terms = self.env["account.payment.term"].create(
            {
                "name": "Three parts",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": part, "nb_days": days})
                    for part, days in ((30, 10), (30, 20), (40, 30))
                ],
            }
        )
        invoice = self._invoice(
            self._partner(name="In Parts"), amount=1000.0, invoice_payment_term_id=terms.id, invoice_date_due=False,
            invoice_date=self.TODAY - timedelta(days=90),
        )  # fmt: skip
        first, second, third = self._debt(invoice)
        settlement = self._agree(500, customer=self._customer(invoice.partner_id), items=second | third)
        for item, amount in ((second, 200), (third, 300)):
            (self._entry(item, self.TODAY, amount) | item).reconcile()
        self._judge(self.TODAY)
        self.assertEqual((settlement.state, settlement.credit_note_ids.amount_total), ("paid", 200))
        with self._on():
            settlement.credit_note_ids.action_post()
        self.assertEqual([item.amount_residual for item in (first, second, third)], [300, 0, 0])
        self.assertFalse(settlement.amount_left)

    def test_the_credit_note_has_the_tax_of_the_invoice(self):
        tax = self.env["account.tax"].create(
            {
                "name": "Tax 19",
                "amount": 19,
                "amount_type": "percent",
                "type_tax_use": "sale",
                "company_id": self.company.id,
            }
        )
        lines = [(0, 0, {"name": name, "price_unit": 333.33, "tax_ids": [(6, 0, tax.ids)]}) for name in "ab"]
        invoice = self._invoice(self._partner(name="Taxed"), 40, invoice_line_ids=lines)
        settlement = self._agree(400, customer=self._customer(invoice.partner_id))
        self._money(400, self.TODAY, invoice)
        self._judge(self.TODAY)
        note = settlement.credit_note_ids
        self.assertEqual(note.amount_total, invoice.amount_residual)
        self.assertAlmostEqual(note.amount_tax / note.amount_total, invoice.amount_tax / invoice.amount_total, 4)
        self.assertEqual(note.invoice_line_ids.tax_ids, tax)

    def test_several_invoices_paid_as_it_comes(self):
        second = self._invoice(self.customer.partner_id, 20, 500.0)
        settlement = self._agree(800)
        self._money(500, self.TODAY, second)
        self._money(300, self.TODAY)
        self._judge(self.TODAY)
        self.assertEqual(settlement.state, "paid")
        self.assertEqual(settlement.credit_note_ids.mapped("amount_total"), [700])
        self.assertEqual(settlement.credit_note_ids.reversed_entry_id, self.invoice)

    def test_a_payment_in_time_that_is_matched_late_counts_by_its_date(self):
        settlement = self._agree()
        money = self._entry(self._debt(self.invoice), LAST, 600)
        self._judge(LAST + timedelta(days=1))
        self.assertEqual(settlement.state, "missed")
        (money | self._debt(self.invoice)).reconcile()
        self._judge(LAST + timedelta(days=2))
        self.assertEqual((settlement.state, settlement.credit_note_ids.amount_total), ("paid", 400))

    def test_a_registered_payment_that_is_not_in_the_bank_yet_is_waited_for(self):
        settlement = self._agree()
        self._pay(self.invoice, 600, LAST)
        after = LAST + timedelta(days=1)
        self._judge(after)
        self.assertIn(settlement.state, ("open", "paid"))

    def test_paid_too_late_or_too_little_is_missed(self):
        settlement = self._agree()
        self._money(599, LAST)
        self._money(1, LAST + timedelta(days=1))
        self._judge(LAST + timedelta(days=1))
        self.assertEqual((settlement.state, settlement.amount_paid), ("missed", 599))
        self.assertFalse(settlement.credit_note_ids)

    def test_credit_notes_and_losses_pay_nothing(self):
        settlement = self._agree()
        loss = self._entry(self._debt(self.invoice), self.TODAY, 600, counterpart=self.loss, post=False)
        loss.move_id.journal_id = self.company_data["default_journal_misc"]
        loss.move_id.action_post()
        (loss | self._debt(self.invoice)).reconcile()
        self._judge(LAST + timedelta(days=1))
        self.assertEqual(settlement.state, "missed")

    def test_a_payment_that_comes_back_takes_the_draft_back(self):
        settlement = self._agree()
        money = self._money(600, self.TODAY)
        self._judge(self.TODAY)
        note = settlement.credit_note_ids
        money.remove_move_reconcile()
        self._judge(LAST)
        self.assertEqual((settlement.state, note.state), ("open", "cancel"))
        self._judge(LAST + timedelta(days=1))
        self.assertEqual(settlement.state, "missed")

    def test_rejected_and_withdrawn(self):
        settlement = self._request()
        with self._on():
            settlement.with_user(self.credit_manager)._reject("Ask for a plan")
        self.assertEqual((settlement.state, settlement.decision_note), ("rejected", "Ask for a plan"))
        other = self._agree()
        with self._on():
            other.with_user(self.collector).action_withdraw()
        self.assertEqual((other.state, self._held()), ("withdrawn", 0))
        with self.assertRaisesRegex(UserError, "already"), self._on():
            other.with_user(self.credit_manager).action_approve()

    def test_the_ability_to_pay_is_noted_by_collectors_and_never_deleted(self):
        values = {"customer_id": self.customer.id, "reason": "Lost a customer", "proposal": "Half of it in June"}
        note = self.env["ar.payment.ability"].with_user(self.collector).create(values)
        self.assertEqual((note.user_id, self.customer.ability_count), (self.collector, 1))
        self.assertIn(self.customer.display_name, note.display_name)
        self.assertEqual(self._request().ability_count, 1)
        with self.assertRaises(AccessError):
            note.unlink()
        auditor = self._user("auditor", login="ability-auditor")
        with self.assertRaises(AccessError):
            self.env["ar.payment.ability"].with_user(auditor).create(values)

    def test_what_the_customer_said_stays_and_staff_adds_notes(self):
        """A collector may neither rewrite nor move or date anew what the customer wrote on its page."""
        values = {"customer_id": self.customer.id, "reason": "Lost a customer", "proposal": "Half of it in June"}
        note = self.env["ar.payment.ability"].sudo().create({**values, "origin": "portal"}).with_user(self.collector)
        other = self._customer(self._partner(name="Other Payer"))
        for changes in (
            {"reason": "Does not want to pay"},
            {"means": "A villa"},
            {"proposal": False},
            {"date": "2026-01-01"},
            {"customer_id": other.id},
            {"note": "Seen", "reason": "Does not want to pay"},
        ):
            with self.subTest(changes), self.assertRaisesRegex(UserError, "add a note"):
                note.write(changes)
        self.assertEqual((note.reason, note.proposal, note.note), ("Lost a customer", "Half of it in June", False))
        note.write({"note": "Bank statements seen", "reason": "Lost a customer"})  # a form sends what did not change
        self.assertEqual(note.note, "Bank statements seen")
        with self.assertRaises(AccessError):
            note.write({"origin": "staff"})

    def test_staff_corrects_what_staff_noted(self):
        values = {"customer_id": self.customer.id, "reason": "Lost a customer"}
        note = self.env["ar.payment.ability"].with_user(self.collector).create(values)
        note.write({"reason": "Lost the main customer", "means": "A van"})
        self.assertEqual((note.reason, note.means), ("Lost the main customer", "A van"))
        with self.assertRaises(AccessError):
            self.env["ar.payment.ability"].with_user(self.collector).create({**values, "origin": "portal"})
