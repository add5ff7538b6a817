from odoo import models

from ...customers.core_flow import ignore_failure


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(self, success_pids, success_emails, failure_reason=False, failure_type=None):
        """Override of `mail` to record to whom invoices were sent, or why not."""
        messages = self.filtered(lambda mail: mail.model == "account.move").mail_message_id
        result = super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type
        )
        if messages:
            with ignore_failure(self.env, "to whom an invoice was sent"):
                self.env["ar.invoice.arrival"].sudo()._record_mails(messages)  # whoever sends mails
        return result
