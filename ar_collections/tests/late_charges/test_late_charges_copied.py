"""Invoices of late charges are copied, reversed and replaced: none of them bears interest, nothing is charged twice."""

from datetime import date

from odoo import Command
from odoo.tests import tagged

from .common_late_charges import ArLateChargeCommon

#: Late enough before today that interest would have accrued.
DUE = date(2026, 1, 15)


@tagged("post_install", "-at_install")
class TestLateChargesCopied(ArLateChargeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("manager", login="copies-late-charges")
        cls.source = cls._invoice(cls._partner(), 0, 5000.0, today=date(2025, 5, 15))
        cls.partner = cls.source.partner_id
        cls._pay(cls.source, day=date(2025, 8, 13))

    def setUp(self):
        super().setUp()
        self.charge = self._accrue(self.partner)
        self.move = self.env["account.move"].browse(self.charge.with_user(self.manager).action_invoice()["res_id"])
        self._post_late(self.move)

    def _post_late(self, move):
        """Post an invoice that has been due for long."""
        move.write({"invoice_date": DUE, "invoice_date_due": DUE, "invoice_payment_term_id": False})
        move.invoice_date_due = DUE
        move.action_post()
        self.env.flush_all()

    def _assert_charged_once(self):
        self.assertEqual(self._accrue(self.partner), self.charge, "no late charge of late charges")
        self.assertEqual((self.charge.state, self.charge.charged, self.charge.left), ("charged", 171.44, 0.0))

    def test_a_copy_bears_no_interest_and_explains_nothing(self):
        self.assertIn(self.source.name, self.move.narration)
        self.move.button_draft()
        self.move.invoice_line_ids = [Command.create({"name": "Work", "price_unit": 500.0, "tax_ids": []})]
        self._post_late(self.move)
        copy = self.move.copy()
        self.assertFalse(copy.ar_late_charges)
        self.assertEqual((copy.invoice_line_ids.mapped("name"), copy.amount_total), (["Work"], 500.0))
        self.assertIn("charged once", copy.message_ids[0].body)
        self.assertIn(self.source.name, copy.message_ids[0].body)
        self.assertNotIn(self.source.name, copy.narration or "")
        self._post_late(copy)
        alone = self._due(DUE, 500.0)
        self._accrue(self.partner, alone.partner_id)
        self.assertEqual(self._charge_of(copy).total, self._charge_of(alone).total)
        self.assertEqual((self.charge.state, self.charge.charged, self.charge.left), ("charged", 171.44, 0.0))

    def test_with_goods_on_the_copy_these_alone_bear_interest(self):
        copy = self.move.copy()
        copy.invoice_line_ids = [Command.create({"name": "Work", "price_unit": 1000.0, "tax_ids": []})]
        self._post_late(copy)
        alone = self._due(DUE, 1000.0)
        charges = self._accrue(self.partner, alone.partner_id) - self.charge
        self.assertEqual(charges.move_id, copy | alone)
        self.assertEqual(len(set(charges.mapped("interest"))), 1)

    def test_the_products_of_the_company_count_too(self):
        own = self.env["product.product"].create({"name": "Zinsen", "type": "service"})
        self.company.ar_late_interest_product_id = own
        invoice = self._due(
            DUE, 0.0, self.partner,
            invoice_line_ids=[Command.create({"product_id": own.id, "price_unit": 500.0, "tax_ids": []})],
        )  # fmt: skip
        self.assertEqual(invoice.amount_total, 500.0)
        self._assert_charged_once()

    def test_reversed_by_people_it_counts_as_charged(self):
        note = self.move._reverse_moves([{"invoice_date": self.TODAY}], cancel=True)
        self.assertEqual((note.state, note.amount_total, self.move.payment_state), ("posted", 171.44, "reversed"))
        self.assertNotIn(self.source.name, note.narration or "")
        self._assert_charged_once()
        self.policy.late_charge_invoicing = "own"
        self._charge_night()
        self.assertEqual(self.charge.billing_ids.move_id, self.move, "nothing is drafted again")

    def test_replaced_by_another_invoice_it_is_charged_once(self):
        wizard = self.env["account.move.reversal"].with_context(active_model="account.move", active_ids=self.move.ids)
        action = wizard.create({"date": self.TODAY, "journal_id": self.move.journal_id.id}).modify_moves()
        new = self.env["account.move"].browse(action["res_id"])
        self.assertEqual((new.state, new.amount_total, self.move.payment_state), ("draft", 171.44, "reversed"))
        self._post_late(new)
        self._assert_charged_once()
        self.assertEqual(new.amount_residual, 171.44)

    def _credit_source(self, amount):
        """Credit an amount of the late invoice, so that its payment is left over; return what is taken back for it."""
        payment = self._debt(self.source).matched_credit_ids.credit_move_id
        self.source.line_ids.remove_move_reconcile()
        self._note(self.source, amount, self.TODAY)
        if not self._debt(self.source).reconciled:
            (self._debt(self.source) | payment).reconcile()
        for _again in range(2):
            self._accrue(self.partner)
        return self.charge.billing_ids.filtered(lambda row: row.amount < 0)

    def test_what_people_reversed_is_not_credited_again(self):
        note = self.move._reverse_moves([{"invoice_date": self.TODAY}], cancel=True)
        rows = self._credit_source(2500.0)
        self.assertEqual((rows.move_id, rows.interest, rows.lump_sum), (note, -65.72, 0.0))
        self.assertEqual(self.charge.charged, 105.72)
        task = self._customer(self.partner).activity_ids
        self.assertIn(note.name, task.summary)
        self.assertIn("65.72", task.summary)

    def test_what_people_credited_in_part_counts_first(self):
        self.move.button_draft()
        self.move.invoice_line_ids = [Command.create({"name": "Work", "price_unit": 500.0, "tax_ids": []})]
        self._post_late(self.move)
        note = self.move._reverse_moves([{"invoice_date": self.TODAY}])
        interest, lump_sum, _work = note.invoice_line_ids
        note.invoice_line_ids = [Command.update(interest.id, {"price_unit": 30.0}), Command.delete(lump_sum.id)]
        note.action_post()
        rows = self._credit_source(5000.0)
        self.assertEqual(rows.mapped("amount"), [-30.0, -141.44], "what the work cost is no late charge")
        self.assertEqual((rows[0].move_id, rows[1].move_id.state, self.charge.charged), (note, "draft", 0.0))
