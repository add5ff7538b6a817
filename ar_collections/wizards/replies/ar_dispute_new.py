from odoo import models


class ArDisputeNew(models.TransientModel):
    """A dispute that is recorded from a reply answers it: the customer gets a confirmation."""

    _inherit = "ar.dispute.new"

    def action_confirm(self):
        """Override to note that the inquiry of the reply is answered."""
        result = super().action_confirm()
        self.env["ar.reply"]._answer_opened(self.customer_id)
        return result
