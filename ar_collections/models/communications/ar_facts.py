from odoo import api, models


class ArFacts(models.AbstractModel):
    """The channels that reach customers."""

    _inherit = "ar.facts"

    @api.model
    def _read_channels(self, customers):
        """Override to ask each channel, see `ar.channel._reaches_any`."""
        recipients = self._read_recipients(customers)
        channels = self.env["ar.channel"]._get_all().items()
        return {
            customer_id: frozenset(code for code, channel in channels if channel._reaches_any(rows))
            for customer_id, rows in recipients.items()
        }
