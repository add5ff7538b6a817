from odoo import SUPERUSER_ID, models
from odoo.tools import html2plaintext, is_html_empty


class ResUsers(models.Model):
    """Who may sign messages to customers."""

    _inherit = "res.users"

    def _ar_is_person(self):
        """Tell whether customers can turn to this user: neither the system nor somebody who left."""
        return bool(self) and self.active and not self.share and self.id != SUPERUSER_ID

    def _ar_get_own_signature(self):
        """Return the signature the user wrote, as safe HTML.

        Empty where it is the one Odoo makes up (the name alone), and without an e-mail address: then the company is
        the sender.
        """
        text = html2plaintext(self.signature or "").strip("- \n\t")
        if is_html_empty(self.signature) or text == self.name or not self.partner_id.email_normalized:
            return ""
        return self.signature
