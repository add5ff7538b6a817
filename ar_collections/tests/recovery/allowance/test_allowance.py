"""The allowance from the ledger: own roll rates, entered rates, the insured part, and the draft entry."""

import base64
import io
from datetime import date

import openpyxl

from odoo.exceptions import UserError, ValidationError

from ..common_recovery import ArRecoveryCommon


class TestAllowance(ArRecoveryCommon):
    DAY = date(2026, 5, 31)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        account = {"code": "ALLOW1", "name": "Allowance", "account_type": "asset_current"}
        cls.allowance_account = cls.env["account.account"].create(account)
        cls.company.ar_allowance_account_id = cls.allowance_account

    def _compute(self, day=None, **values):
        """Compute the allowance as the credit manager."""
        allowances = self.env["ar.allowance"].with_user(self.credit_manager)
        with self._on(day or self.TODAY):
            made = allowances.create({"company_id": self.company.id, "date": day or self.DAY, **values})
            made.action_compute()
        return made

    def _history(self):
        """Bill 1,000 a year ago: 500 paid when due, 270 by 30 days late, 150 by 60, 60 by 90; 20 are written off."""
        due = date(2025, 9, 1)
        for amount, day in [(500, due), (270, date(2025, 9, 20)), (150, date(2025, 10, 20)), (60, date(2025, 11, 20))]:
            self._settle(self._bill(self._partner(), date(2025, 8, 1), amount, due), day)
        self._write_off(self._bill(self.payer, date(2025, 8, 1), 20, due), day=date(2025, 12, 1))

    def test_own_roll_rates(self):
        """20 of 1,000 were lost: 2 %, of 500 that were late 4 %, of 230 8.7 %, of 80 25 %, then all."""
        self._history()
        self._bill(self._partner(), date(2026, 5, 20), 300, date(2026, 6, 20))
        self._bill(self._partner(), date(2026, 5, 1), 140, date(2026, 5, 15))
        allowance = self._compute()
        self.assertEqual(allowance.invoiced, 1000)
        self.assertEqual([round(line.rate, 2) for line in allowance.line_ids], [2, 4, 8.7, 25, 100, 100])
        self.assertEqual(allowance.line_ids.mapped("balance"), [300, 140, 0, 0, 0, 0])
        self.assertEqual(allowance.amount_total, 6 + 5.6)

    def test_what_was_credited_was_never_owed(self):
        """1,000 of 1,000 is canceled, and 200 of another 220, late: the rates are those of 1,000 and 20 more."""
        self._history()
        due = date(2025, 9, 1)
        for amount, credited in ((1000, 1000), (220, 200)):
            bill = self._bill(self._partner(), date(2025, 8, 1), amount, due)
            day = date(2025, 10, 16)
            note = self._bill(bill.partner_id, day, credited, day, move_type="out_refund")
            (self._debt(bill) | self._debt(note)).reconcile()
        allowance = self._compute()
        self.assertEqual(allowance.invoiced, 1020)
        rates = [100 * 40 / entered for entered in (1020, 520, 250, 100)]
        self.assertEqual([round(line.rate, 2) for line in allowance.line_ids[:4]], [round(rate, 2) for rate in rates])

    def test_entered_rates_with_a_factor_and_a_reason(self):
        self._bill(self._partner(), date(2026, 5, 1), 1000, date(2026, 5, 15))
        allowance = self._compute(method="typed")
        self.assertEqual(allowance.amount_total, 0)
        allowance.line_ids[1].rate = 10
        allowance.action_compute()
        self.assertEqual(allowance.amount_total, 100)
        allowance.factor = 1.5
        with self.assertRaisesRegex(UserError, "reason"):
            allowance.action_compute()
        allowance.factor_reason = "More insolvencies"
        allowance.action_compute()
        self.assertEqual(allowance.amount_total, 150)
        with self._on(date(2026, 6, 30)):
            following = allowance.copy()
        self.assertEqual((following.date, following.factor, following.amount_total), (date(2026, 6, 30), 1.5, 0))
        self.assertEqual((following.line_ids[1].rate, following.line_ids[1].amount), (10, 0))

    def test_credits_cover_and_the_insured_part_is_out(self):
        partner = self._partner()
        invoice = self._bill(partner, date(2026, 5, 1), 1000, date(2026, 5, 15))
        self._entry(self._debt(invoice), date(2026, 5, 20), 200)
        self._customer(partner).sudo().write(
            {"insured_amount": 500, "insured_percent": 90, "insured_until": date(2026, 12, 31)}
        )
        allowance = self._compute(method="typed")
        allowance.line_ids[1].rate = 10
        allowance.action_compute()
        line = allowance.line_ids[1]
        self.assertEqual((line.balance, line.insured, line.exposed, line.amount), (800, 450, 350, 35))

    def test_the_draft_entry_is_the_difference(self):
        self._bill(self._partner(), date(2026, 4, 1), 1000, date(2026, 4, 15))
        first = self._compute(date(2026, 4, 30), method="typed")
        first.line_ids[1].rate = 10
        first.action_create_entry()
        self.assertEqual(first.move_id.state, "draft")
        self.assertEqual(
            sorted((line.account_id, line.balance) for line in first.move_id.line_ids),
            sorted([(self.loss, 100), (self.allowance_account, -100)]),
        )
        second = self._compute(method="typed")
        second.line_ids[2].rate = 30
        with self.assertRaisesRegex(UserError, "still a draft"):
            second.action_create_entry()
        first.move_id.sudo().action_post()
        second.action_create_entry()
        self.assertEqual((second.amount_total, second.amount_before, second.difference), (300, 100, 200))
        with self.assertRaisesRegex(UserError, "made"):
            second.factor = 2
        with self.assertRaisesRegex(UserError, "made"):
            second.line_ids[2].rate = 5
        with self.assertRaisesRegex(UserError, "made"):
            second.action_create_entry()

    def test_what_is_refused(self):
        with self.assertRaisesRegex(UserError, "history"):
            self._compute()
        with self.assertRaises(ValidationError):
            self.company.ar_allowance_account_id = self.company_data["default_account_receivable"]
        with self.assertRaisesRegex(UserError, "future"):
            self.env["ar.allowance"].create({"date": date(2100, 1, 1), "method": "typed"}).action_compute()

    def test_the_workbook_holds_the_matrix(self):
        self._bill(self._partner(), date(2026, 5, 1), 1000, date(2026, 5, 15))
        allowance = self._compute(method="typed")
        allowance.line_ids[1].rate = 10
        allowance.action_compute()
        allowance.action_export()
        sheet = openpyxl.load_workbook(io.BytesIO(base64.b64decode(allowance.sudo().file))).active
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        self.assertEqual(rows[4][1:], [1000, 0, 1000, 10, 10, 100])
        sums = next(row for row in rows if row[0] == "Sum")
        self.assertEqual(sums[1:], [1000, 0, 1000, None, None, 100])
