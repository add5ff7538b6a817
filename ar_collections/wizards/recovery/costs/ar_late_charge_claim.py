from odoo import models

from ....core.money import ZERO


class ArLateChargeClaim(models.TransientModel):
    """The claim against a customer names the costs of legal steps, too."""

    _inherit = "ar.late.charge.claim"

    def _read_others(self, rows):
        """Override to add claimable costs that no invoice charges yet, less the lump sums that count against them."""
        others = super()._read_others(rows)
        lump_sums = self._read_claimed_lump_sums(rows) if self.has_lump_sums else {}
        for currency, (costs, counted) in self.customer_id._read_open_costs(self.date, lump_sums).items():
            rows = others.setdefault(currency.id, [])
            rows.append((self.env._("Legal costs"), costs))
            if counted:
                rows.append((self.env._("Lump sums counted against costs"), ZERO - counted))
        return others

    def _read_claimed_lump_sums(self, rows):
        """Return {late charge: Decimal} of the lump sums that the rows claim, and that listed invoices charge."""
        charges = self.env["ar.late.charge"].sudo()  # read for the claim, whose access was checked
        found = charges.search([("move_line_id", "in", [row.item_id for row in rows])])
        claimed = {row.item_id: row.lump_sum_claimed for row in rows}
        return {charge: claimed[charge.move_line_id.id] for charge in found}
