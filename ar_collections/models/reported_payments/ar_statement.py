from odoo import api, models
from odoo.tools import SQL


class ArStatement(models.AbstractModel):
    """Reported payments on printed statements."""

    _inherit = "ar.statement"

    @api.model
    def _read_unasked(self, lines, day):
        """Override to leave out of the transfer what the customer says to have paid."""
        unasked = super()._read_unasked(lines, day)
        facts, parts = self.env["ar.facts"].sudo(), self.env["ar.reported.payment.line"]
        for line_id, left, _state, _deadline in facts._read_held(parts, lines, SQL("agreement.state = 'open'")):
            unasked[line_id] += left
        return unasked
