from odoo import models


class ArAutopayCharge(models.Model):
    """A charge without an answer is not repeated for what is claimed in proceedings: it may not have been made yet."""

    _inherit = "ar.autopay.charge"

    def _filter_owed(self):
        """Override: a person looks up at the provider what became of it."""
        owed = super()._filter_owed()
        claimed = owed.transaction_id.ar_allocation_ids.move_line_id._ar_find_claimed()
        return owed.filtered(lambda charge: not charge.transaction_id.ar_allocation_ids.move_line_id & claimed)
