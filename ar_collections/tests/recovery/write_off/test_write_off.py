"""Write-offs: the entry, who decides, what is refused, and how it is undone."""

from datetime import date

from odoo.exceptions import UserError

from ..common_recovery import ArRecoveryCommon


class TestWriteOff(ArRecoveryCommon):
    def test_the_debt_is_gone_and_the_loss_is_booked(self):
        invoice = self._invoice(self.payer, 90, 250.0)
        write_off = self._write_off(invoice)
        self.assertEqual(write_off.state, "posted")
        self.assertEqual((invoice.payment_state, invoice.amount_residual), ("paid", 0))
        self.assertEqual(
            self._read_entry(write_off.move_id),
            [(self._debt(invoice).account_id, self.payer, -250), (self.loss, self.payer, 250)],
        )
        self.assertEqual(write_off.move_id.journal_id, self.company.ar_write_off_journal_id)
        self.assertTrue(write_off.move_id.journal_id.ar_is_write_off)
        self.assertEqual(self._sum_receivables(self.payer), 0)

    def test_a_part(self):
        invoice = self._invoice(self.payer, 90, 250.0)
        self._write_off(invoice, amount=100)
        self.assertEqual((invoice.payment_state, invoice.amount_residual), ("partial", 150))

    def test_several_installments(self):
        invoice = self._bill(self.payer, date(2026, 1, 1), 100, invoice_payment_term_id=self.pay_terms_b.id)
        write_off = self._write_off(invoice)
        self.assertEqual(write_off.line_ids.mapped("amount"), [30, 70])
        self.assertEqual(invoice.amount_residual, 0)

    def test_a_foreign_currency_leaves_no_exchange_difference(self):
        pounds = self.setup_other_currency("GBP", rates=[("1900-01-01", 2.0), ("2026-06-01", 4.0)])
        invoice = self._bill(self.payer, date(2026, 1, 5), 100, currency_id=pounds.id)
        for amount, left, left_company in [(33.33, 66.67, 33.34), (66.67, 0, 0)]:
            write_off = self._write_off(invoice, amount=amount)
            debt = self._debt(invoice)
            self.assertAlmostEqual(debt.amount_residual_currency, left)
            self.assertAlmostEqual(debt.amount_residual, left_company, 1)
            self.assertFalse(debt.matched_credit_ids.exchange_move_id)
            self.assertEqual(write_off.line_ids.currency_id, pounds)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(self._sum_receivables(self.payer), 0)

    def test_what_is_refused_leaves_nothing_behind(self):
        invoice = self._invoice(self.payer, 90, 250.0)
        before = self.env["account.move"].search_count([]), self.env["ar.write.off"].search_count([])
        for values in (
            {"amount": 250.01}, {"amount": 0}, {"amount": -1}, {"reason": " "}, {"date": date(2026, 6, 11)},
            {"kind": "small"},
        ):  # fmt: skip
            with self.subTest(values), self.assertRaises(UserError):
                self._write_off(invoice, **values)
        self.assertEqual((self.env["account.move"].search_count([]), self.env["ar.write.off"].search_count([])), before)

    def test_an_item_of_nobody_is_no_debt_of_a_customer(self):
        invoice = self._invoice(self.payer, 90, 250.0)
        item = invoice.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        self.env.cr.execute("UPDATE account_move_line SET partner_id = NULL WHERE id = %s", [item.id])
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "no open debt of a customer"):
            self._write_off(invoice)

    def test_a_locked_period_is_named(self):
        invoice = self._invoice(self.payer, 90, 250.0)
        self.company.sudo().fiscalyear_lock_date = date(2026, 5, 31)
        with self.assertRaisesRegex(UserError, "locked"):
            self._write_off(invoice, date=date(2026, 5, 31))
        self.assertEqual(invoice.amount_residual, 250)
        self.assertEqual(self._write_off(invoice, date=date(2026, 6, 1)).move_id.date, date(2026, 6, 1))

    def test_without_an_account_the_message_says_where_to_set_it(self):
        invoice = self._invoice(self.payer, 90, 250.0)
        self.loss.active = False
        with self.assertRaisesRegex(UserError, "is archived: .* Settings"):
            self._write_off(invoice)
        self.company.ar_bad_debt_account_id = False
        with self.assertRaisesRegex(UserError, "has no account .* Settings"):
            self._write_off(invoice)

    def test_nothing_is_reminded_after_it(self):
        customer, invoice = self._late(40)
        self._write_off(invoice)
        self._run()
        self.assertCode(customer, "nothing_due")


class TestDecision(ArRecoveryCommon):
    def test_a_collector_requests_and_a_credit_manager_decides(self):
        invoice = self._invoice(self.payer, 90, 250.0)
        write_off = self._write_off(invoice, user=self.collector)
        self.assertEqual((write_off.state, invoice.amount_residual), ("open", 250))
        for user in (self.collector, self.manager):
            with self.subTest(user=user.name), self.assertRaises(UserError):
                write_off.with_user(user).action_approve()
        with self._on():
            write_off.with_user(self.credit_manager).action_approve()
        self.assertEqual((write_off.state, invoice.amount_residual), ("posted", 0))
        self.assertEqual(write_off.decided_by_id, self.credit_manager)
        self.assertFalse(write_off.activity_ids)

    def test_above_the_amount_a_second_person_approves(self):
        self.company.ar_write_off_alone = 200
        invoice = self._invoice(self.payer, 90, 250.0)
        write_off = self._write_off(invoice)
        self.assertEqual(write_off.state, "open")
        with self.assertRaisesRegex(UserError, "yourself"), self._on():
            write_off.with_user(self.credit_manager).action_approve()
        with self._on():
            write_off.with_user(self.second).action_approve()
        self.assertEqual(write_off.state, "posted")
        with self.assertRaisesRegex(UserError, "decided"), self._on():
            write_off.with_user(self.second).action_approve()

    def test_a_period_that_was_locked_since_the_request_is_left(self):
        invoice = self._invoice(self.payer, 90, 250.0)
        write_off = self._write_off(invoice, user=self.collector, date=date(2026, 5, 31))
        self.company.sudo().fiscalyear_lock_date = date(2026, 5, 31)
        with self._on():
            write_off.with_user(self.credit_manager).action_approve()
        self.assertEqual((write_off.state, write_off.date, write_off.move_id.date), ("posted", self.TODAY, self.TODAY))
        self.assertIn("was locked meanwhile", "".join(write_off.message_ids.mapped("body")))

    def test_several_small_write_offs_of_a_customer_count_together(self):
        self.company.ar_write_off_alone = 200
        first, second = (self._invoice(self.payer, 90, 150.0) for _number in range(2))
        self.assertEqual(self._write_off(first).state, "posted")
        self.assertEqual(self._write_off(second).state, "open")
        self.assertEqual(self._write_off(self._invoice(self._partner(), 90, 150.0)).state, "posted")

    def test_nobody_decides_above_the_own_authority(self):
        self.credit_manager.sudo().write({"ar_limits_write_off": True, "ar_writes_off_up_to": 100})
        invoice = self._invoice(self.payer, 90, 250.0)
        self.assertEqual(self._write_off(invoice).state, "open")
        other = self._write_off(self._invoice(self.payer, 90, 250.0), user=self.collector)
        with self.assertRaisesRegex(UserError, "higher"), self._on():
            other.with_user(self.credit_manager).action_approve()

    def test_a_payment_in_between_is_noticed(self):
        invoice = self._invoice(self.payer, 90, 250.0)
        write_off = self._write_off(invoice, user=self.collector)
        self._pay(invoice, 100)
        with self.assertRaisesRegex(UserError, "More than is open"), self._on():
            write_off.with_user(self.credit_manager).action_approve()
        self.assertEqual((write_off.state, invoice.amount_residual), ("open", 150))

    def test_rejected_and_withdrawn(self):
        invoice = self._invoice(self.payer, 90, 250.0)
        write_off = self._write_off(invoice, user=self.collector)
        with self._on():
            write_off.with_user(self.credit_manager)._reject("Call again first")
        self.assertEqual((write_off.state, write_off.decision_note), ("rejected", "Call again first"))
        other = self._write_off(invoice, user=self.collector)
        with self._on():
            other.with_user(self.collector).action_withdraw()
        self.assertEqual((other.state, invoice.amount_residual), ("withdrawn", 250))


class TestReversal(ArRecoveryCommon):
    def test_money_comes_after_all(self):
        invoice = self._invoice(self.payer, 90, 250.0)
        customer = self._customer(self.payer)
        write_off = self._write_off(invoice, day=date(2026, 6, 1))
        self._entry(self._debt(invoice), date(2026, 6, 9), 250)
        with self._on():
            self.env["ar.write.off"].sudo()._find_money_company(self.company, self.TODAY)
        self.assertEqual(len(write_off.activity_ids), 1)
        with self._on():
            write_off.with_user(self.manager).action_reverse()
        self.assertEqual((write_off.state, invoice.amount_residual), ("reversed", 250))
        self.assertFalse(write_off.activity_ids)
        self.assertFalse(self.env["ar.returned.payment"].search([("customer_id", "=", customer.id)]))
        self.assertEqual(self._sum_receivables(self.payer), 0)
        self.assertTrue(write_off.line_ids.loss_line_id.reconciled)

    def test_one_item_of_several(self):
        invoices = [self._invoice(self.payer, 90, amount) for amount in (100.0, 200.0)]
        write_off = self._write_off(*invoices)
        with self._on():
            write_off.line_ids[0].with_user(self.manager).action_reverse()
        self.assertEqual(write_off.state, "posted")
        self.assertEqual(sorted(move.amount_residual for move in invoices), [0, write_off.line_ids[0].amount])
        with self.assertRaises(UserError), self._on():
            write_off.line_ids[0].with_user(self.manager).action_reverse()

    def test_a_collector_does_not_reverse(self):
        write_off = self._write_off(self._invoice(self.payer, 90, 100.0))
        with self.assertRaises(UserError):
            write_off.with_user(self.collector).action_reverse()


class TestSmallDifferences(ArRecoveryCommon):
    def _small(self, partner, paid=98.0):
        invoice = self._invoice(partner, 30, 100.0)
        self._customer(partner)
        self._pay(invoice, paid)
        return invoice

    def test_one_entry_of_many_customers(self):
        self.policy.write({"tolerance_amount": 5, "tolerance_share": 3})
        invoices = [self._small(partner) for partner in self._partners(2)]
        self._invoice(invoices[1].partner_id, 0, 50.0)  # another open invoice
        self.env.flush_all()
        rows = self.env["ar.small.difference"].with_user(self.credit_manager).search([])
        rows = rows.filtered(lambda row: row.move_id in invoices)
        self.assertEqual(len(rows), 2)
        with self._on():
            action = rows.action_write_off()
            wizard = rows.env["ar.write.off.new"].browse(action["res_id"])
            write_off = self.env["ar.write.off"].browse(wizard.action_confirm()["res_id"])
        self.assertEqual((write_off.state, write_off.amount_total), ("posted", 2))
        self.assertEqual([move.amount_residual for move in invoices], [0, 2])
