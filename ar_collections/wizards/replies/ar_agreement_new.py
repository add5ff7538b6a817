from odoo import models


class ArAgreementNew(models.AbstractModel):
    """A dialog that was opened from a reply: what is recorded there, and confirmed to the customer, answers it."""

    _inherit = "ar.agreement.new"

    def action_record(self):
        """Override to note that the inquiry of the reply is answered."""
        result = super().action_record()
        self.env["ar.reply"]._answer_opened(self.customer_id)
        return result
