from odoo import models
from odoo.tools import html2plaintext


class ArCommunication(models.Model):
    """Contacts as they are printed in evidence for a bank."""

    _inherit = "ar.communication"

    def _get_evidence_text(self):
        """Return what was said to the customer; notes of staff, also about calls, are not for the bank."""
        self.ensure_one()
        if self.channel in self.env["ar.channel"]._get_codes("_is_spoken"):
            return ""
        return html2plaintext(self.body or "").strip()
