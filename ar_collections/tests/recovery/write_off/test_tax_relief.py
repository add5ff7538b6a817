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

    def _insolvent(self, invoice):
        customer = self._customer(self.payer)
        with self._on():
            insolvencies = self.env["ar.insolvency"].with_user(self.collector)
            return insolvencies.create({"customer_id": customer.id, "opened_on": date(2026, 6, 1)})

    def test_in_insolvency_from_the_opening_where_the_country_says_so(self):
        """Spain: six months, but three months from the opening; by hand, so that nothing is booked."""
        self.rule.write({"from_opening": True, "opening_months": 3})
        invoice = self._taxed(date(2026, 5, 15))
        insolvency = self._insolvent(invoice)
        task = insolvency.activity_ids.filtered(lambda task: "Tax of 1" in task.summary)
        self.assertEqual(task.date_deadline, date(2026, 9, 1))
        write_off = self._write_off(invoice, claims_relief=True)
        line = write_off.line_ids
        self.assertEqual((line.relief_from, line.relief_until), (date(2026, 6, 1), date(2026, 9, 1)))
        self.assertEqual(line.amount_relieved, 200)

    def test_by_hand_it_is_a_date_and_a_task_alone(self):
        self.rule.write({"by_hand": True})
        write_off = self._write_off(self._taxed(date(2025, 11, 1)), claims_relief=True)
        self.assertEqual(self._booked(write_off.move_id, self.loss), 1200)
        self.assertEqual(write_off.activity_ids.date_deadline, date(2026, 5, 1))
        self.assertFalse(write_off.can_claim)

    def test_only_in_insolvency_no_day_is_known_without(self):
        self.rule.write({"only_insolvency": True, "from_opening": True})
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

    def test_reversed_after_the_last_day_of_relief_the_tax_is_due_again(self):
        """What was booked is booked back, whatever could be claimed on that day."""
        invoice = self._taxed(date(2025, 11, 1))
        write_off = self._write_off(invoice, claims_relief=True)
        with self._on(date(2031, 1, 15)):
            write_off.with_user(self.manager).action_reverse()
        move = write_off.line_ids.reversal_move_id
        self.assertEqual(self._booked(move, self._tax_account(invoice)), -200)
        self.assertEqual(self._booked(move, self.loss), -1000)

    def test_reversed_before_relief_was_claimed_no_tax_is_booked_back(self):
        """Since the write-off the day came on which it could be claimed, but nobody did."""
        invoice = self._taxed(date(2026, 3, 15))
        write_off = self._write_off(invoice, claims_relief=True)
        with self._on(date(2026, 10, 1)):
            write_off.with_user(self.manager).action_reverse()
        move = write_off.line_ids.reversal_move_id
        self.assertEqual(self._booked(move, self._tax_account(invoice)), 0)
        self.assertEqual(self._booked(move, self.loss), -1200)

    def test_reversing_one_of_two_installments_its_share_waits_again(self):
        """1,200 in two installments are lost; one is reversed: 100 of the tax wait, and become due when it is paid."""
        tax, waiting = self._on_payment()
        half = [{"value": "percent", "value_amount": 50, "nb_days": days} for days in (0, 30)]
        term = self.env["account.payment.term"].create(
            {"name": "Two", "line_ids": [Command.create(values) for values in half]}
        )
        invoice = self._taxed(date(2025, 11, 1), tax=tax, invoice_payment_term_id=term.id)
        write_off = self._write_off(invoice)
        self.assertEqual(len(write_off.line_ids), 2)
        self.assertEqual(self._read_waiting(waiting), (0, 0))
        with self._on():
            write_off.line_ids[1:].with_user(self.manager).action_reverse()
        self.assertEqual(self._read_waiting(waiting), (-100, -100))
        self.assertEqual(invoice.amount_residual, 600)
        self._pay(invoice, 600)
        self.assertEqual((self._sum_due(invoice), self._read_waiting(waiting)), (100, (0, 0)))

    def _on_payment(self):
        """Return a tax of 20 % that is due with the payment, and the account on which it waits."""
        waiting = self.env["account.account"].create(
            {"code": "TAXWAIT", "name": "Tax Waiting", "account_type": "liability_current", "reconcile": True}
        )
        self.company.sudo().tax_exigibility = True
        values = {"tax_exigibility": "on_payment", "cash_basis_transition_account_id": waiting.id}
        return self.tax.copy({"name": "On payment", **values}), waiting

    def _read_waiting(self, waiting):
        """Return the balance of the account and what of it is not matched, of posted lines."""
        lines = self.env["account.move.line"].search([("account_id", "=", waiting.id), ("parent_state", "=", "posted")])
        return tuple(round(sum(lines.mapped(name)), 2) for name in ("balance", "amount_residual"))

    def _sum_due(self, invoice):
        """Return the tax of the invoice that became due."""
        entries = self.env["account.move"].search([("tax_cash_basis_origin_move_id", "=", invoice.id)])
        lines = entries.line_ids.filtered("tax_repartition_line_id").filtered("tax_line_id")
        return -round(sum(lines.mapped("balance")), 2)

    def test_a_tax_that_is_due_with_the_payment_does_not_become_due(self):
        """The loss is no payment: the tax leaves the account on which it waited."""
        tax, waiting = self._on_payment()
        invoice = self._taxed(date(2025, 11, 1), tax=tax)
        before = self.env["account.move"].search_count([("tax_cash_basis_rec_id", "!=", False)])
        write_off = self._write_off(invoice)
        self.assertEqual(self.env["account.move"].search_count([("tax_cash_basis_rec_id", "!=", False)]), before)
        self.assertEqual(self._booked(write_off.move_id, waiting), 200)
        self.assertEqual(self._booked(write_off.move_id, self.loss), 1000)

    def test_of_a_tax_due_with_the_payment_only_the_share_of_the_payment_becomes_due(self):
        """500 of 1,200 are lost, then 700 are paid: 116.67 of 200 are due and nothing waits."""
        tax, waiting = self._on_payment()
        invoice = self._taxed(date(2025, 11, 1), tax=tax)
        self._write_off(invoice, amount=500)
        self.assertEqual(self._read_waiting(waiting), (-116.67, -116.67))
        self._pay(invoice, 700)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(self._sum_due(invoice), 116.67)
        self.assertEqual(self._read_waiting(waiting), (0, 0))

    def test_of_a_foreign_currency_too(self):
        tax, waiting = self._on_payment()
        pounds = self.setup_other_currency("GBP", rates=[("1900-01-01", 2.0)])
        invoice = self._taxed(date(2025, 11, 1), tax=tax, currency_id=pounds.id)
        self._write_off(invoice, amount=500)
        tax_line = invoice.line_ids.filtered("tax_line_id")
        self.assertAlmostEqual(tax_line.amount_residual_currency, -116.67)
        self._pay(invoice, 700)
        self.assertAlmostEqual(self._sum_due(invoice), 58.33, 1)
        self.assertEqual(self._read_waiting(waiting), (0, 0))

    def test_reversed_a_tax_that_is_due_with_the_payment_waits_again(self):
        tax, waiting = self._on_payment()
        invoice = self._taxed(date(2025, 11, 1), tax=tax)
        write_off = self._write_off(invoice, amount=500)
        self._pay(invoice, 700)
        with self._on():
            write_off.with_user(self.manager).action_reverse()
        tax_line = invoice.line_ids.filtered("tax_line_id")
        self.assertAlmostEqual(tax_line.amount_residual, -83.33)
        self.assertEqual(self._read_waiting(waiting), (-83.33, -83.33))
        taken = write_off.move_id.line_ids.filtered(lambda line: line.account_id == waiting)
        self.assertTrue(taken.reconciled)
        self._pay(invoice, 500)
        self.assertEqual(self._sum_due(invoice), 200)
        self.assertEqual(self._read_waiting(waiting), (0, 0))

    def test_claimed_later_a_tax_that_waited_is_not_booked_back_again(self):
        tax, waiting = self._on_payment()
        invoice = self._taxed(date(2026, 3, 15), tax=self.tax | tax)
        write_off = self._write_off(invoice, claims_relief=True)  # too early for the other tax
        self.assertEqual(self._booked(write_off.move_id, waiting), 200)
        with self._on(date(2026, 9, 15)):
            write_off.with_user(self.credit_manager).action_claim_relief()
        relief = write_off.line_ids.relief_move_id
        self.assertEqual((self._booked(relief, waiting), self._booked(relief, self.loss)), (0, -200))
        self.assertEqual(self._read_waiting(waiting), (0, 0))
