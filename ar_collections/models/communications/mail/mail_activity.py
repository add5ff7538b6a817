from odoo import models

from ...customers.core_flow import ignore_failure


class MailActivity(models.Model):
    """Tasks to call customers: done or deleted, they settle the call that the reminder schedule planned."""

    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        """Override of `mail` to set the planned call of a task that is done to sent."""
        calls = self._get_planned_calls()
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        if calls:
            with ignore_failure(self.env, "marking the calls of activities as made"):
                self._settle_calls(calls, "sent")
                calls._update_last_contact()
        return result

    def unlink(self):
        """Override of `mail` to skip the planned call of a deleted task; the next step follows on its day."""
        if calls := self._get_planned_calls():
            with ignore_failure(self.env, "skipping the calls of deleted activities"):
                self._settle_calls(calls, "skipped", cancel_reason="skipped")
        return super().unlink()

    def _get_planned_calls(self):
        """Return the planned calls of these tasks."""
        # Users have no write access to the log, but may close their tasks.
        log = self.env["ar.communication"].sudo()
        return log.search([("activity_id", "in", self.ids), ("state", "=", "planned")])

    def _settle_calls(self, calls, state, **values):
        """Set the state of planned calls, each on the day of its company."""
        for company, settled in calls.grouped("company_id").items():
            settled._set_state(state, date_sent=company._ar_today(), **values)
