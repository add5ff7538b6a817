from odoo import models

from ....core.money import ZERO


class ArLateChargeClaim(models.TransientModel):
    """The claim against a customer names the costs of legal steps, too."""

    _inherit = "ar.late.charge.claim"

    def _read_others(self):
        """Override to add claimable costs that no invoice charges yet, less the lump sums that count against them."""
        others = super()._read_others()
        among = None if self.has_lump_sums else self.env["ar.late.charge"]  # what was charged counts in any case
        for currency, (costs, counted) in self.customer_id._read_open_costs(self.date, among).items():
            rows = others.setdefault(currency.id, [])
            rows.append((self.env._("Legal costs"), costs))
            if counted:
                rows.append((self.env._("Lump sums counted against costs"), ZERO - counted))
        return others
