from odoo import models

from ....core.recovery.placement import HOLDING


class ArLateCharge(models.Model):
    """Late charges of placed debts: they accrue, but are not drafted by themselves; the agency claims them."""

    _inherit = "ar.late.charge"

    def _is_drafted_today(self, today):
        """Override to leave out items that are placed; a person may still invoice them."""
        held = self.env["ar.placement.line"].sudo()  # placements count, whoever may read them
        domain = [("move_line_id", "=", self.move_line_id.id), ("is_live", "=", True), ("state", "in", HOLDING)]
        return super()._is_drafted_today(today) and not (self.move_line_id and held.search_count(domain, limit=1))
