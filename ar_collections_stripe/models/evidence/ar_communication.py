from odoo import models


class ArCommunication(models.Model):
    """Contacts as they are printed in evidence for a bank."""

    _inherit = "ar.communication"

    def _get_evidence_text(self):
        """Return what was said to the customer; notes of staff, also about calls, are not for the bank."""
        self.ensure_one()
        if self.channel in self.env["ar.channel"]._get_codes("_is_spoken"):
            return ""
        return self._get_text_as_sent()
