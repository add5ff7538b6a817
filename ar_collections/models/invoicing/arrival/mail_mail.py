from odoo import models

from ...customers.core_flow import ignore_failure


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(self, success_pids, success_emails, failure_reason=False, failure_type=None):
        """Override of `mail` to record to whom invoices were sent, or why not."""
        messages = self._get_invoice_messages(failure_type)
        result = super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type
        )
        self._record_invoices(messages)
        return result

    def _get_invoice_messages(self, failure_type=None):
        """Return the messages of invoices among these mails whose outcome is final.

        Extension point: an override leaves out failures after which the mail is tried again by itself.

        :param str failure_type: as in `_postprocess_sent_message`; empty without a failure
        """
        return self.filtered(lambda mail: mail.model == "account.move").mail_message_id

    def _record_invoices(self, messages):
        """Record to whom the invoices of these messages were sent, or why not; a failure of it keeps no mail back."""
        if messages:
            with ignore_failure(self.env, "to whom an invoice was sent"):
                self.env["ar.invoice.arrival"].sudo()._record_mails(messages)  # whoever sends mails
