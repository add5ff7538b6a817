from odoo import api, models


class ArOutreach(models.AbstractModel):
    """Offers of settlements: their deadline is the last day to pay."""

    _inherit = "ar.outreach"

    @api.model
    def _prepare_notice_vals(self, agreement, notice, is_manual, rows, channel="email"):
        """Override to set the last day of a payment that counts as deadline."""
        values = super()._prepare_notice_vals(agreement, notice, is_manual, rows, channel)
        if agreement._name == "ar.settlement":
            values["deadline"] = agreement.date_until
        return values
