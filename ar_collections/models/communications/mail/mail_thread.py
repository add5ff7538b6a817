from odoo import api, models
from odoo.tools import email_normalize

from ....const import AUTO_REPLY_HEADERS
from ....core.communications import refusals, reports
from .origin import Origin


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        """Override of `mail` to mark automatic replies in the context: only the mail's headers identify them."""
        thread = self.with_context(ar_origin=Origin.AUTOMATIC) if self._is_auto_reply(message) else self
        return super(MailThread, thread)._message_route_process(message, message_dict, routes)

    @api.model
    def _is_auto_reply(self, message):
        """Return whether an incoming mail is an automatic reply, by its headers.

        :param email.message.EmailMessage message: the incoming mail
        """
        for header, values in AUTO_REPLY_HEADERS.items():
            value = message.get(header)
            if value and (values is None or value.partition(";")[0].strip().lower() in values):
                return True
        return False

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """Override of `mail` to note what came back, see `ar.communication._receive_bounce`.

        Odoo takes each report for a bounce. One that says that an email is late, arrived or was read changes nothing.
        """
        if not reports.is_failure(email_message):
            return None
        result = super()._routing_handle_bounce(email_message, message_dict)
        bounced = message_dict["bounced_message"]
        if bounced:
            # Incoming mails are processed without access to the log.
            log = self.env["ar.communication"].sudo()
            failure = refusals.failure_of_report(reports.read_status(email_message))
            log._receive_bounce(bounced, email_normalize(message_dict["bounced_email"] or "") or "", failure)
        return result
