from odoo import api, models


class ArStatement(models.AbstractModel):
    """Disputes on printed statements."""

    _inherit = "ar.statement"

    @api.model
    def _read_unasked(self, lines, day):
        """Override to leave out of the transfer what is disputed, as the message with the statement does."""
        unasked = super()._read_unasked(lines, day)
        disputed = self.env["ar.facts"].sudo()._read_disputed([line.line_id for line in lines], day)
        for line_id, amount in disputed.items():
            unasked[line_id] += amount
        return unasked
