from odoo import api, models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """Override of `mail` to mark the reminder that came back: its step is free again, the collector gets a task."""
        result = super()._routing_handle_bounce(email_message, message_dict)
        bounced = message_dict["bounced_message"]
        if bounced:
            communications = (
                self.env["ar.communication"].sudo().search([("message_id", "in", bounced.ids)])
            )  # the engine's log
            communications._set_failed("address", self.env._("The message came back as undeliverable."))
        return result
