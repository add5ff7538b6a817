from odoo import models

from ....core.recovery import settlement as rules


class ArSettlement(models.Model):
    """Settlements do not come to life again, after a payment that came back, where their items are claimed."""

    _inherit = "ar.settlement"

    def _is_payable(self):
        """Override: what is claimed in proceedings is not paid on the page, also before the settlement ends."""
        return super()._is_payable() and not self.line_ids.move_line_id._ar_find_claimed()

    def _is_shown(self):
        """Override: of a paid one whose payment came back after the opening, nothing is to be paid or said any more."""
        return super()._is_shown() and (self._is_paid() or not self.line_ids.move_line_id._ar_find_claimed())

    def _store_judgement(self, state, today):
        """Override to end a settlement that was paid, if its payment came back after the opening."""
        result = super()._store_judgement(state, today)
        if self.state == rules.OPEN and self.line_ids.move_line_id._ar_find_claimed():
            self._end_unowed(self.env._("insolvency proceedings were opened"))
        return result
