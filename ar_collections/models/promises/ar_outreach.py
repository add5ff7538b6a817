from odoo import api, models


class ArOutreach(models.AbstractModel):
    """What a notice about a promise knows besides what every notice knows."""

    _inherit = "ar.outreach"

    @api.model
    def _prepare_notice_vals(self, agreement, notice, is_manual, rows):
        """Override to name the promised date as the one by which the customer pays."""
        values = super()._prepare_notice_vals(agreement, notice, is_manual, rows)
        if agreement._name == "ar.promise" and notice != "promise_broken":
            values["deadline"] = agreement.date
        return values
