from odoo import api, models


class ArOutreach(models.AbstractModel):
    """Several workers deliver what a run has queued."""

    _inherit = "ar.outreach"

    @api.model
    def _trigger_mail_queue(self):
        """Override to let jobs deliver beside the mail queue, where many messages wait."""
        result = super()._trigger_mail_queue()
        self.env["mail.mail"]._share_deliveries()
        return result
