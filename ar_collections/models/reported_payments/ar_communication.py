from odoo import models


class ArCommunication(models.Model):
    """Reminders by email link to the form in which customers say that they have paid already."""

    _inherit = "ar.communication"

    def _get_message_values(self):
        """Override to add ``reported_url``: the address of the form with the items of this reminder; may be missing."""
        values = super()._get_message_values()
        if self.notice or not values["form_items"] or not self.customer_id._may_report_payments():
            return values
        return {**values, "reported_url": self._get_form_url("reported")}
