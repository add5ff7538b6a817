from odoo import models
from odoo.exceptions import UserError
from odoo.tools import email_normalize_all


class ArMessageNew(models.TransientModel):
    """Messages are not sent to who wants no e-mails."""

    _inherit = "ar.message.new"

    def _check_recipients(self):
        """Override to say it where a recipient is on Odoo's list of those who want no e-mails.

        :raise UserError: with the addresses, and what to do instead
        """
        addresses = email_normalize_all(", ".join(email for email in self.recipient_ids.mapped("email") if email))
        listed = self.env["mail.blacklist"].sudo().search([("email", "in", addresses)])  # for whoever writes
        if listed:
            raise UserError(
                self.env._(
                    "%(addresses)s asked for no more emails: send a letter, or call.",
                    addresses=", ".join(listed.mapped("email")),
                )
            )
        return super()._check_recipients()
