from odoo import api, models


class ArOutreach(models.AbstractModel):
    """Statements attached to messages."""

    _inherit = "ar.outreach"

    @api.model
    def _make_attachments(self, communication):
        """Override to add the statement as first attachment, where the step includes it.

        That of a payer has a section for each member that the message asks for.
        """
        attachments = super()._make_attachments(communication)
        if not communication.step_id.attach_statement:
            return attachments
        statements, customer = self.env["ar.statement"].sudo(), communication.customer_id  # for the message
        members = (communication._get_debtors() - customer).ids
        content, _type = statements._render_pdf(customer, communication.date, member_ids=members)
        return self._attach(communication, self.env._("Statement"), content) | attachments

    @api.model
    def _name_attachments(self, communication):
        """Override to name the statement first."""
        named = super()._name_attachments(communication)
        return [f"{self.env._('Statement')}.pdf", *named] if communication.step_id.attach_statement else named
