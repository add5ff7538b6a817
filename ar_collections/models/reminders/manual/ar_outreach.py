from odoo import api, models


class ArOutreach(models.AbstractModel):
    """Reminders about selected items, and messages with edited text."""

    _inherit = "ar.outreach"

    @api.model
    def _prepare_communication_vals(self, customer, verdict, today):
        """Override to store that a person selected the items, and that some are those of a group."""
        values = super()._prepare_communication_vals(customer, verdict, today)
        decision = verdict.decision
        listed = (*(entry.item for entry in decision.items), *decision.credits)
        return {
            **values,
            "has_selected_items": verdict.scope.selected is not None,
            "is_for_group": any(part.member_id for part in listed),
        }

    @api.model
    def _add_review_task(self, communication):
        """Override to assign the review of an edited message to its editor, or to whoever covers the editor's absence.

        Such a message comes back because its list changed or its deadline passed.
        """
        if not communication.edited_on:
            return super()._add_review_task(communication)
        editor = communication.edited_by_id
        covers = self.env["ar.absence"]._get_covers(communication.company_id._ar_today())
        user = editor._ar_find_successor(communication.company_id, covers)
        return communication.customer_id._add_task(
            "ar_collections.mail_activity_type_review",
            self._get_review_text(communication.with_context(lang=(user or editor).lang)),
            user=user,
        )

    @api.model
    def _get_review_text(self, communication):
        """Return the summary of the review task of an edited message: what to do, and why it came back."""
        names = {"subject": communication.subject or communication.step_id.name}
        log = self.env["ar.communication"].sudo()  # the whole log counts, whatever the user may read
        replaced = log.search(
            [
                ("customer_id", "=", communication.customer_id.id),
                ("edited_on", "=", communication.edited_on),
                ("cancel_reason", "=", "outdated"),
            ],
            limit=1,
        )
        if replaced and replaced._content() == communication._content():
            return communication.env._("Review your message “%(subject)s”: its deadline has passed", **names)
        return communication.env._("Review your message “%(subject)s”: its items have changed", **names)
