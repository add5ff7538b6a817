from odoo import models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        """Override of `mail`: a call task that is done is a call that was made."""
        calls = self._get_planned_calls()
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        for company, made in calls.grouped("company_id").items():
            made._set_state("sent", date_sent=company._ar_today())
        calls._update_last_contact()
        return result

    def unlink(self):
        """Override of `mail`: who deletes a call task decides not to call; the ladder goes on with the next step."""
        for company, skipped in self._get_planned_calls().grouped("company_id").items():
            skipped._set_state("skipped", cancel_reason="skipped", date_sent=company._ar_today())
        return super().unlink()

    def _get_planned_calls(self):
        """Return the calls that wait for these tasks."""
        # The log belongs to the engine; the task's owner may close it.
        log = self.env["ar.communication"].sudo()
        return log.search([("activity_id", "in", self.ids), ("state", "=", "planned")])
