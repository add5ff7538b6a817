from odoo import api, models

from ...const import AUTO_REPLY_HEADERS


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        """Override of `mail` to know a reply from an out-of-office notice: only the mail's headers tell."""
        thread = self.with_context(ar_no_reply=True) if self._is_auto_reply(message) else self
        return super(MailThread, thread)._message_route_process(message, message_dict, routes)

    @api.model
    def _is_auto_reply(self, message):
        """Tell whether nobody wrote this mail.

        :param message: the mail as it came in, an `email.message.EmailMessage`
        """
        for header, values in AUTO_REPLY_HEADERS.items():
            value = message.get(header)
            if value and (values is None or value.partition(";")[0].strip().lower() in values):
                return True
        return False

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """Override of `mail` to mark the reminder that came back: its step is free again, the collector gets a task."""
        result = super()._routing_handle_bounce(email_message, message_dict)
        bounced = message_dict["bounced_message"]
        if bounced:
            communications = (
                self.env["ar.communication"].sudo().search([("message_id", "in", bounced.ids)])
            )  # the engine's log
            communications._set_failed("address", self.env._("The message was returned as undeliverable."))
        return result
