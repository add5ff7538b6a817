from odoo import models


class MailBlacklist(models.Model):
    """Whoever takes an address off the list ends the requests of this address for no more e-mails."""

    _inherit = "mail.blacklist"

    def write(self, vals):
        """Override of `mail` to end the requests of addresses that are taken off the list."""
        if vals.get("active") is False or "email" in vals:
            self.env["ar.email.stop"]._end(self.mapped("email"))
        return super().write(vals)

    def unlink(self):
        """Override of `base` to end the requests of addresses that are removed from the list."""
        self.env["ar.email.stop"]._end(self.mapped("email"))
        return super().unlink()
