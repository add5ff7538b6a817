from odoo import api, models

from ...customers.core_flow import ignore_failure


class ArCommunication(models.Model):
    _inherit = "ar.communication"

    @api.model
    def _receive_bounce(self, messages, address, failure):
        """Override to record that an invoice came back."""
        result = super()._receive_bounce(messages, address, failure)
        if "account.move" in messages.mapped("model"):
            with ignore_failure(self.env, "the return of an invoice"):
                self.env["ar.invoice.arrival"]._record_bounce(messages, address)
        return result
