from odoo import SUPERUSER_ID, models
from odoo.tools import html2plaintext, is_html_empty


class ResUsers(models.Model):
    """Users as signatories of messages to customers."""

    _inherit = "res.users"

    def _ar_is_person(self):
        """Return whether customers can contact this user: an active internal user other than OdooBot."""
        return bool(self) and self.active and not self.share and self.id != SUPERUSER_ID

    def _ar_get_own_signature(self):
        """Return the e-mail signature that the user wrote, as safe HTML.

        It is empty where it is the one that Odoo generates (the name alone), and for a user without an e-mail address,
        because then the company is the sender.
        """
        text = html2plaintext(self.signature or "").strip("- \n\t")
        if is_html_empty(self.signature) or text == self.name or not self.partner_id.email_normalized:
            return ""
        return self.signature
