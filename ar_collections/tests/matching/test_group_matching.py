"""Bank statement lines of a payer: suggestions over its group, booked on each customer's own ledger."""

from odoo.exceptions import UserError

from .common_matching import ArMatchingCommon


class TestGroupMatching(ArMatchingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.payer, cls.own = cls._late(4, 100.0, name="Head Office")
        (cls.north, cls.first), (cls.south, cls.second) = (
            cls._late(days, amount, name=name) for days, amount, name in ((9, 70.0, "North"), (7, 30.0, "South"))
        )
        (cls.north | cls.south).write({"payer_id": cls.payer.id})

    def _line(self, amount, **values):
        self._statement_line(amount, partner_id=self.payer.partner_id.id, **values)
        return self._rows(self.payer.partner_id)

    def _balances(self):
        partners = (self.payer | self.north | self.south).partner_id
        self.env.flush_all()
        self.env.invalidate_all()
        return [
            sum(
                self.env["account.move.line"]
                .search([("partner_id", "=", partner.id), ("account_type", "=", "asset_receivable")])
                .mapped("amount_residual")
            )
            for partner in partners
        ]

    def test_a_total_of_the_group_is_booked_by_customer(self):
        row = self._line(200.0)
        self.assertEqual((row.suggestion_code, len(row.target_ids)), ("all_due", 3))
        self.assertIn("North", row.suggestion_text)
        move = row.move_id
        row.action_apply()
        self.assertEqual(self._balances(), [0.0, 0.0, 0.0])
        for invoice in (self.own, self.first, self.second):
            self.assertEqual(invoice.payment_state, "paid")
        lines = move.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        self.assertEqual(
            sorted((line.partner_id.name, line.credit) for line in lines),
            [("Head Office", 100.0), ("North", 70.0), ("South", 30.0)],
        )
        move.statement_line_id.action_undo_reconciliation()
        self.assertEqual(self._balances(), [100.0, 70.0, 30.0])
        self.assertEqual(len(self._rows(self.payer.partner_id).target_ids), 3)

    def test_what_is_above_is_the_payers(self):
        row = self._line(150.0, reference=f"{self.first.name} {self.second.name}")
        self.assertEqual(row.target_ids, self._debt(self.first) | self._debt(self.second))
        row.action_apply()
        self.assertEqual(self._balances(), [50.0, 0.0, 0.0])
        self.assertEqual((self.first.payment_state, self.own.payment_state), ("paid", "not_paid"))

    def test_what_is_above_the_invoice_of_one_member_is_the_payers(self):
        self._line(150.0, reference=self.first.name).action_apply()
        self.assertEqual(self._balances(), [20.0, 0.0, 30.0])

    def test_found_by_the_name_of_the_payer(self):
        line = self._statement_line(200.0, partner_name="Head Office")
        self._rows(self.payer.partner_id).action_apply()
        self.assertEqual(self._balances(), [0.0, 0.0, 0.0])
        self.assertEqual(line.move_id.line_ids.partner_id, (self.payer | self.north | self.south).partner_id)
        self.assertTrue(all(each.partner_id for each in line.move_id.line_ids))

    def test_one_invoice_of_a_member(self):
        row = self._line(30.0)
        self.assertEqual(row.target_ids, self._debt(self.second))
        row.action_apply()
        self.assertEqual(self._balances(), [100.0, 70.0, 0.0])

    def test_nothing_is_suggested_for_others(self):
        # Booked as the payer's credit: it stays its own, whatever it names.
        self._payment(self.payer.partner_id, 30.0, memo=self.second.name)
        self.assertFalse(self._rows(self.payer.partner_id).suggestion_code)
        # A member pays for itself only.
        line = self._statement_line(30.0, partner_id=self.north.partner_id.id, reference=self.own.name)
        self.assertFalse(self._rows(self.north.partner_id).suggestion_code)
        line.unlink()
        row = self._line(200.0).filtered(lambda each: each.kind == "statement")
        key = row.suggestion_key
        self.north.payer_id = False
        with self.assertRaisesRegex(UserError, "open items have changed"):
            row.with_context(ar_suggestion=key).action_apply()

    def test_money_of_the_payer_that_names_an_invoice_holds_the_reminder_of_the_group(self):
        self._line(30.0, reference=self.second.name)
        self._run()
        self.assertCode(self.payer, "unmatched_payment")
        self.assertCode(self.south, "payer_held")
