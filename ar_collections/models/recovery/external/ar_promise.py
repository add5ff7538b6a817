from odoo import models

from ....core.recovery.placement import WITH_AGENCY


class ArPromise(models.Model):
    """Promises that an agency recorded: the agency writes to the customer about them, we do not."""

    _inherit = "ar.promise"

    def _is_notice_valid(self, notice):
        """Override to drop notices about items that an agency has."""
        lines = self.env["ar.placement.line"].sudo()  # placements count, whoever may read them
        domain = [
            ("move_line_id", "in", self.line_ids.move_line_id.ids),
            ("is_live", "=", True),
            ("placement_id.state", "in", WITH_AGENCY),
        ]
        return not lines.search_count(domain, limit=1) and super()._is_notice_valid(notice)
