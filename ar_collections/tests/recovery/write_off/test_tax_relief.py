"""The tax of what was written off: only where it is claimed, from its day on, and due again if money comes."""

from datetime import date

from odoo import Command
from odoo.exceptions import UserError

from ..common_recovery import ArRecoveryCommon


class TestTaxRelief(ArRecoveryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax = cls.company_data["default_tax_sale"].copy({"name": "Twenty", "amount": 20.0})
        # Taxes belong to the country of the company's books: it gets the rule of the United Kingdom.
        cls.rule = cls.env.ref("ar_collections.tax_relief_uk")
        cls.rule.country_id = cls.company.account_fiscal_country_id

    def _taxed(self, due, amount=1000.0, tax=None, **values):
        """Post an invoice of 1,000 with 20 % tax, supplied 30 days before it is due."""
        line = {"name": "Work", "price_unit": amount, "tax_ids": [Command.set((tax or self.tax).ids)]}
        return self._invoice(
            self.payer, invoice_date_due=due, invoice_date=date(2025, 10, 1), invoice_line_ids=[Command.create(line)],
            **values,
        )  # fmt: skip

    def _tax_account(self, invoice):
        return invoice.line_ids.filtered("tax_line_id").account_id

    def _booked(self, move, account):
        return sum(move.line_ids.filtered(lambda line: line.account_id == account).mapped("balance"))

    def test_without_relief_all_of_it_is_loss(self):
        invoice = self._taxed(date(2025, 11, 1))
        write_off = self._write_off(invoice)
        self.assertEqual(self._booked(write_off.move_id, self.loss), 1200)
        self.assertFalse(write_off.move_id.line_ids.filtered("tax_repartition_line_id"))

    def test_with_relief_the_tax_is_booked_back_with_its_tag(self):
        """United Kingdom: 1,200 with 20 %: 1,000 are lost and 200 come back."""
        invoice = self._taxed(date(2025, 11, 1))
        write_off = self._write_off(invoice, claims_relief=True)
        self.assertEqual(self._booked(write_off.move_id, self.loss), 1000)
        (tax_line,) = write_off.move_id.line_ids.filtered("tax_repartition_line_id")
        self.assertEqual((tax_line.account_id, tax_line.balance), (self._tax_account(invoice), 200))
        refund = self.tax.refund_repartition_line_ids.filtered(lambda part: part.repartition_type == "tax")
        self.assertEqual(tax_line.tax_repartition_line_id, refund)
        self.assertEqual(tax_line.tax_tag_ids, refund.tag_ids)
        self.assertEqual(invoice.amount_residual, 0)

    def test_of_a_part_its_share(self):
        """500 of 1,200 are not paid: 83.33."""
        invoice = self._taxed(date(2025, 11, 1))
        self._pay(invoice, 700)
        write_off = self._write_off(invoice, claims_relief=True)
        self.assertEqual(write_off.line_ids.amount_relieved, 83.33)
        self.assertAlmostEqual(self._booked(write_off.move_id, self.loss), 416.67)

    def test_too_early_it_is_a_task_on_its_day(self):
        invoice = self._taxed(date(2026, 3, 15))
        write_off = self._write_off(invoice, claims_relief=True)
        self.assertEqual(self._booked(write_off.move_id, self.loss), 1200)
        line = write_off.line_ids
        self.assertEqual((line.relief_from, line.relief_until), (date(2026, 9, 15), date(2030, 9, 15)))
        self.assertEqual(write_off.activity_ids.date_deadline, date(2026, 9, 15))
        with self.assertRaises(UserError), self._on(date(2026, 9, 14)):
            write_off.with_user(self.credit_manager).action_claim_relief()
        with self._on(date(2026, 9, 15)):
            write_off.with_user(self.credit_manager).action_claim_relief()
        self.assertEqual(self._booked(line.relief_move_id, self._tax_account(invoice)), 200)
        self.assertEqual(self._booked(line.relief_move_id, self.loss), -200)
        self.assertFalse(write_off.activity_ids)

    def test_each_invoice_has_its_own_task(self):
        write_off = self._write_off(self._taxed(date(2026, 3, 15)), self._taxed(date(2026, 4, 15)))
        self.assertEqual(
            sorted(write_off.activity_ids.mapped("date_deadline")), [date(2026, 9, 15), date(2026, 10, 15)]
        )

    def test_a_country_without_rule_has_no_task(self):
        self.rule.active = False
        write_off = self._write_off(self._taxed(date(2025, 11, 1)))
        self.assertFalse(write_off.line_ids.relief_from)
        self.assertFalse(write_off.activity_ids)

    def test_reversed_the_tax_is_due_again(self):
        invoice = self._taxed(date(2025, 11, 1))
        write_off = self._write_off(invoice, claims_relief=True)
        with self._on():
            write_off.with_user(self.manager).action_reverse()
        move = write_off.line_ids.reversal_move_id
        self.assertEqual(self._booked(move, self._tax_account(invoice)), -200)
        self.assertEqual(self._booked(move, self.loss), -1000)
        self.assertEqual(invoice.amount_residual, 1200)

    def test_a_tax_that_is_due_with_the_payment_does_not_become_due(self):
        """The loss is no payment: the tax leaves the account on which it waited."""
        company = self.company.sudo()
        waiting = self.env["account.account"].create(
            {"code": "TAXWAIT", "name": "Tax Waiting", "account_type": "liability_current", "reconcile": True}
        )
        company.tax_exigibility = True
        tax = self.tax.copy(
            {"name": "On payment", "tax_exigibility": "on_payment", "cash_basis_transition_account_id": waiting.id}
        )
        invoice = self._taxed(date(2025, 11, 1), tax=tax)
        before = self.env["account.move"].search_count([("tax_cash_basis_rec_id", "!=", False)])
        write_off = self._write_off(invoice)
        self.assertEqual(self.env["account.move"].search_count([("tax_cash_basis_rec_id", "!=", False)]), before)
        self.assertEqual(self._booked(write_off.move_id, waiting), 200)
        self.assertEqual(self._booked(write_off.move_id, self.loss), 1000)
