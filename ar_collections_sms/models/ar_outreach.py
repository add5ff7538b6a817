from dataclasses import replace

from odoo import api, models


class ArOutreach(models.AbstractModel):
    """Messages of steps by SMS: to whom they can go, and by email where none can be sent."""

    _inherit = "ar.outreach"

    @api.model
    def _prepare_recipient_vals(self, customer, decision, rows, partners):
        """Override to write an email where the customer gets no text message and its policy says so."""
        if decision.step.channel == "sms" and self._is_sms_replaced(customer, rows):
            by_email = replace(decision, step=replace(decision.step, channel="email"))
            return {**super()._prepare_recipient_vals(customer, by_email, rows, partners), "channel": "email"}
        return super()._prepare_recipient_vals(customer, decision, rows, partners)

    @api.model
    def _is_sms_replaced(self, customer, rows):
        """Return whether the message of a step by SMS goes out by email."""
        reached = self.env["ar.channel.sms"]._reaches_any(rows)
        return not reached and customer.policy_id.sms_fallback == "email"
