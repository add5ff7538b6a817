from odoo import api, models


class ArOutreach(models.AbstractModel):
    _inherit = "ar.outreach"

    @api.model
    def _perform(self, verdicts, waiting, today, **order):
        """Override to give the collector a task about invoices that are not reminded because they may be unknown."""
        communications = super()._perform(verdicts, waiting, today, **order)
        self.env["ar.customer"]._tell_not_arrived(verdicts, today)
        return communications
