from urllib.parse import urljoin

from odoo import models


class ArCommunication(models.Model):
    """Reminders by email link to the form in which customers say that they have paid already."""

    _inherit = "ar.communication"

    def _get_message_values(self):
        """Override to add ``reported_url``: the address of the form with the items of this reminder; may be empty."""
        values = super()._get_message_values()
        is_linked = self._get_channel()._has_addresses and not self.notice
        if not is_linked or not self.customer_id._may_report_payments():
            return values
        # What a customer pays for others, these report themselves.
        if not self._get_lines_of(self.customer_id).filtered(lambda line: line.kind == "item"):
            return values
        address = self.customer_id._get_page_address("/reported", message=self.id)
        return {**values, "reported_url": urljoin(self.get_base_url(), address)}
