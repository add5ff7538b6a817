from odoo import api, models
from odoo.tools import email_normalize_all


class ArChannelEmail(models.AbstractModel):
    """E-mails with edited text."""

    _inherit = "ar.channel.email"

    @api.model
    def _render(self, communications):
        """Override to compose messages with edited text from that text and the generated parts, without a template."""
        edited = communications.filtered("edited_on")
        result = super()._render(communications - edited)
        for communication in edited:
            communication.body = communication._keep_direction(communication._compose_body())
        return result

    @api.model
    def _get_wanted(self, communication, rows=None):
        """Override to keep the recipients that a person chose, as far as they are still contacts of the customer.

        A reminder goes to nobody who wants no e-mails; what a person writes does.
        """
        wanted = super()._get_wanted(communication, rows)
        if not communication.edited_on:
            return wanted
        customer = communication.customer_id
        facts = self.env["ar.facts"]
        bounced = facts._read_bounced(customer)[customer.id]
        if communication.step_id:
            bounced = bounced | facts._read_unwanted(customer)[customer.id]
        chosen = {
            address: partner.id
            for partner in reversed(communication._get_lasting_recipients())
            for address in reversed(email_normalize_all(partner.email or ""))
            if address not in bounced
        }
        return dict(reversed(chosen.items())) or wanted
