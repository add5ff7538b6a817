from odoo import api, models


class ArOutreach(models.AbstractModel):
    """Notices about promises: their deadline is the promised date."""

    _inherit = "ar.outreach"

    @api.model
    def _prepare_notice_vals(self, agreement, notice, is_manual, rows, channel="email"):
        """Override to set the promised date as deadline, except in the notice of a broken promise."""
        values = super()._prepare_notice_vals(agreement, notice, is_manual, rows, channel)
        if agreement._name == "ar.promise" and notice != "promise_broken":
            values["deadline"] = agreement.date
        return values
