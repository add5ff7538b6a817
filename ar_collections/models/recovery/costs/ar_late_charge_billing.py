from odoo import models


class ArLateChargeBilling(models.Model):
    """What invoices of legal costs charge of late charges: the lump sums that they set off."""

    _inherit = "ar.late.charge.billing"

    def _get_own_lines(self):
        """Override to take the set-off along, where the lump sum beside it is taken off a draft."""
        own = super()._get_own_lines()
        if not self.lump_sum:
            return own  # it is set off, whichever invoice charges it
        lines = self.move_id.invoice_line_ids
        return own | lines.filtered(lambda line: line.ar_lump_sum_of_id == self.charge_id)
