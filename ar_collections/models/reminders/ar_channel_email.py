from odoo import api, models


class ArChannelEmail(models.AbstractModel):
    """E-mails with edited text."""

    _inherit = "ar.channel.email"

    @api.model
    def _render(self, communications):
        """Override to compose messages with edited text from that text and the generated parts, without a template."""
        edited = communications.filtered("edited_on")
        result = super()._render(communications - edited)
        if edited:
            self.env["ar.outreach"]._ensure_page_links(edited.customer_id)
        for communication in edited:
            communication.body = communication._compose_body()
        return result
