from odoo import models


class MailActivity(models.Model):
    """Tasks to call customers: done or deleted, they settle the call that the reminder schedule planned."""

    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        """Override of `mail` to set the planned call of a task that is done to sent."""
        calls = self._get_planned_calls()
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        for company, made in calls.grouped("company_id").items():
            made._set_state("sent", date_sent=company._ar_today())
        calls._update_last_contact()
        return result

    def unlink(self):
        """Override of `mail` to skip the planned call of a deleted task; the next step follows on its day."""
        for company, skipped in self._get_planned_calls().grouped("company_id").items():
            skipped._set_state("skipped", cancel_reason="skipped", date_sent=company._ar_today())
        return super().unlink()

    def _get_planned_calls(self):
        """Return the planned calls of these tasks."""
        # Users have no write access to the log, but may close their tasks.
        log = self.env["ar.communication"].sudo()
        return log.search([("activity_id", "in", self.ids), ("state", "=", "planned")])
