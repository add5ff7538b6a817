from odoo import models


class ArCommunication(models.Model):
    """Reminders by email link to the form in which customers say when they will pay."""

    _inherit = "ar.communication"

    def _get_message_values(self):
        """Override to add ``promise_url``: the address of the form with the items of this reminder; may be missing."""
        values = super()._get_message_values()
        if self.notice or not self._may_link_promise(values["form_items"].move_line_id):
            return values
        return {**values, "promise_url": self._get_form_url("promise")}

    def _may_link_promise(self, items):
        """Return whether the customer may promise one of the items, by its policy and by what it promised before.

        :param items: `account.move.line` recordset, the customer's own
        """
        customer = self.customer_id.sudo()  # for the message, whatever the user may read
        if not items or not customer.policy_id.promise_portal:
            return False
        return len(customer._find_promise_obstacles(items.ids, self._get_past(), self.date)) < len(items)
