from odoo import api, models


class ArOutreachWords(models.AbstractModel):
    """Messages whose words a person wrote."""

    _inherit = "ar.outreach"

    @api.model
    def _render(self, communications):
        """Override to put the engine's parts between a person's words instead of filling a template."""
        edited = communications.filtered("edited_on")
        result = super()._render(communications - edited)
        if edited:
            self._ensure_page_links(edited.customer_id)
        for communication in edited:
            communication.body = communication._compose_body()
        return result

    @api.model
    def _ask_for_review(self, communication):
        """Override to give a message back to who wrote it, where it lists something else now."""
        if not communication.edited_on:
            return super()._ask_for_review(communication)
        editor = communication.edited_by_id
        return communication.customer_id._add_task(
            "ar_collections.mail_activity_type_review",
            communication.with_context(lang=editor.lang).env._(
                "Look at your message “%(subject)s” again: what it lists changed", subject=communication.subject
            ),
            user=editor.filtered("active"),
        )
