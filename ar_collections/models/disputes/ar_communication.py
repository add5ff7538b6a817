from odoo import models


class ArCommunication(models.Model):
    """Reminders by email link to the form in which customers say that something is wrong.

    The answer to a dispute lists what was not granted, which need not be all that is open of the invoice.
    """

    _inherit = "ar.communication"

    def _get_message_values(self):
        """Override to add ``dispute_url``: the address of the form with the items of this reminder; may be missing."""
        values = super()._get_message_values()
        if self.notice or not self._may_link_dispute(values["form_items"].move_line_id):
            return values
        return {**values, "dispute_url": self._get_form_url("dispute")}

    def _may_link_dispute(self, items):
        """Return whether the customer may dispute one of the items, by its policy and by what it disputed before.

        :param items: `account.move.line` recordset, the customer's own
        """
        customer = self.customer_id.sudo()  # for the message, whatever the user may read
        if not items or not customer._may_dispute():
            return False
        return len(customer._find_dispute_obstacles(items.ids, self._get_past())) < len(items)

    def _get_total_label(self):
        """Override to say that the total is about the disputed amounts alone."""
        if self.notice != "dispute_resolved":
            return super()._get_total_label()
        return self.with_context(lang=self.lang).env._("Remaining of the disputed amount")

    def _get_total_text(self, table):
        """Override to say that the total is about the disputed amounts alone."""
        if self.notice != "dispute_resolved":
            return super()._get_total_text(table)
        values = {"total": table["total"]}
        return self.with_context(lang=self.lang).env._("Remaining of the disputed amount: %(total)s", **values)
