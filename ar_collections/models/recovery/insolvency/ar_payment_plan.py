from odoo import models


class ArPaymentPlan(models.Model):
    """Plans do not come to life again, after a reversed payment for instance, where nobody may ask for their items."""

    _inherit = "ar.payment.plan"

    def _has_conflict(self):
        """Override for items that are claimed in insolvency, with an agency, or in a settlement."""
        items = self.line_ids.move_line_id
        if super()._has_conflict() or items._ar_find_claimed():
            return True
        live = [("move_line_id", "in", items.ids), ("is_live", "=", True)]
        # sudo: they count, whoever may read them
        return any(self.env[name].sudo().search_count(live) for name in ("ar.placement.line", "ar.settlement.line"))
