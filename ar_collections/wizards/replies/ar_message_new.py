from odoo import api, fields, models
from odoo.tools import email_normalize_all


class ArMessageNew(models.TransientModel):
    """Whoever writes to somebody who wants no e-mails is told so; a person may answer all the same."""

    _inherit = "ar.message.new"

    unwanted_text = fields.Char(compute="_compute_unwanted_text")

    @api.depends("recipient_ids", "customer_id")
    def _compute_unwanted_text(self):
        self.env.flush_all()  # addresses are read with plain SQL
        unwanted = self.env["ar.facts"]._read_unwanted(self.customer_id)
        for dialog in self:
            emails = ", ".join(email for email in dialog.recipient_ids.mapped("email") if email)
            found = [each for each in email_normalize_all(emails) if each in unwanted[dialog.customer_id.id]]
            dialog.unwanted_text = bool(found) and self.env._(
                "%(addresses)s asked for no more emails: send a letter, or call.", addresses=", ".join(found)
            )
