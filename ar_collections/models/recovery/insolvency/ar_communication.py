from odoo import models

from ...communications.ar_communication_notice import ASKING

#: The notices that are not sent about what is claimed: those that ask for money, and the one that an agency will.
WITHOUT_CLAIMED = (*ASKING, "promise_due", "placement_made")


class ArCommunication(models.Model):
    """Notices ask for nothing that is claimed in insolvency proceedings, as reminders do."""

    _inherit = "ar.communication"

    def _is_notice_valid(self):
        """Override to drop notices that ask for claimed items, such as after a payment that came back."""
        if not super()._is_notice_valid():
            return False
        is_asking = self.notice in WITHOUT_CLAIMED and self.agreement_model
        return not (is_asking and self._get_agreement().line_ids.move_line_id._ar_find_claimed())
