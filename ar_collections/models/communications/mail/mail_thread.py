from odoo import api, models
from odoo.tools import email_normalize

from ....core.communications import auto_replies, refusals, reports
from .origin import Origin


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        """Override of `mail` to mark automatic replies in the context: only the mail's headers identify them."""
        thread = self.with_context(ar_origin=Origin.AUTOMATIC) if auto_replies.is_automatic(message) else self
        return super(MailThread, thread)._message_route_process(message, message_dict, routes)

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """Override of `mail` to note what came back, see `ar.communication._receive_bounce`.

        Odoo takes each report for a bounce. One that says that an email is late, arrived or was read changes nothing,
        and neither does a reply that a program wrote.
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
