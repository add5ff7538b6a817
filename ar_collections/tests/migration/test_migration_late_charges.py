"""The migration to 19.0.1.12.0: from which balances late charges were charged."""

from datetime import date

from ..late_charges.common_late_charges import ArLateChargeCommon
from .common_migration import run_migration


class TestMigrationLateCharges(ArLateChargeCommon):
    def test_balances_are_those_that_were_known(self):
        invoice = self._due(date(2026, 3, 1))
        self._note(invoice, 1000.0, date(2026, 3, 9))
        self._pay(invoice, 500.0, day=date(2026, 3, 11))
        charge = self._accrue(invoice.partner_id, day=date(2026, 3, 21))
        charge.sudo()._draft_invoices()
        row, known = charge.billing_ids, 4000.0 * 20 - 500.0 * 10
        self.assertEqual((charge.balance_days, row.balance_days), (known, known))
        payment = invoice.line_ids.matched_credit_ids.filtered(lambda match: match.debit_amount_currency == 500.0)
        for later, charged_from in (("0 days", known), ("1 day", 4000.0 * 20)):
            self.env.cr.execute("UPDATE ar_late_charge SET balance_days = NULL")
            self.env.cr.execute("UPDATE ar_late_charge_billing SET balance_days = NULL")
            self.env.cr.execute(
                "UPDATE account_partial_reconcile SET create_date = create_date + %s::interval WHERE id = %s",
                [later, payment.id],
            )
            run_migration(self.env, "19.0.1.12.0/post-late_charges.py", "19.0.1.11.0")
            self.assertEqual(row.balance_days, charged_from)
        self.assertEqual(charge.accrued_on, date(2026, 3, 21))
