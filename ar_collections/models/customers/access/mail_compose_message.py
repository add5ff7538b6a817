from odoo import models


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    def _action_send_mail(self, auto_commit=False):
        """Override of `mail`: mails about our records take the role that posting on them takes."""
        for composer in self.filtered("model"):
            thread = self.env.get(composer.model)
            if thread is not None and isinstance(thread, self.env.registry["ar.thread.mixin"]):
                thread._require("collector")
        return super()._action_send_mail(auto_commit=auto_commit)
