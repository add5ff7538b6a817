from odoo import api, models


class ArOutreach(models.AbstractModel):
    """Statements attached to messages."""

    _inherit = "ar.outreach"

    @api.model
    def _make_attachments(self, communication):
        """Override to add the statement as first attachment, where the step includes it."""
        attachments = super()._make_attachments(communication)
        if not communication.step_id.attach_statement:
            return attachments
        content, _type = self.env["ar.statement"]._render_pdf(communication.customer_id, communication.date)
        return self._attach(communication, self.env._("Statement"), content) | attachments

    @api.model
    def _name_attachments(self, communication):
        """Override to name the statement first."""
        named = super()._name_attachments(communication)
        return [f"{self.env._('Statement')}.pdf", *named] if communication.step_id.attach_statement else named
