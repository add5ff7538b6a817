from odoo.addons.ar_collections.core.money import to_decimal

from ..metrics.common_ledger import LedgerCommon


class ArRecoveryCommon(LedgerCommon):
    """A company with accounts for losses; two credit managers, a manager and a collector."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("manager")
        cls.credit_manager = cls._user("credit_manager")
        cls.second = cls._user("credit_manager", login="second-credit-manager", name="Second Manager")
        cls.loss = cls.company_data["default_account_expense"]
        cls.company.write({"ar_bad_debt_account_id": cls.loss.id, "ar_write_off_alone": 100_000})
        cls.payer = cls._partner(name="Never Payer")

    def _write_off(self, *invoices, amount=None, user=None, kind="bad_debt", day=None, **values):
        """Write off what is open of invoices, or an amount of one, by the dialog."""
        with self._on(day):
            moves = self.env["account.move"].union(*invoices).with_user(user or self.credit_manager)
            action = moves.action_ar_write_off()
            wizard = moves.env["ar.write.off.new"].browse(action["res_id"])
            wizard.write({"kind": kind, "reason": "Insolvent", **values})
            if amount is not None:
                wizard.line_ids.amount = amount
            found = wizard.action_confirm()
        self.env.invalidate_all()
        return self.env["ar.write.off"].browse(found["res_id"])

    def _read_entry(self, move):
        """Return [(account, partner, balance)] of an entry."""
        return [(line.account_id, line.partner_id, line.balance) for line in move.line_ids]

    def _sum_receivables(self, partner):
        """Return the balance of the customer on the receivable accounts."""
        items = self.env["account.move.line"].search(
            [
                ("partner_id", "child_of", partner.ids), ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ]
        )  # fmt: skip
        return sum(to_decimal(item.balance) for item in items)
