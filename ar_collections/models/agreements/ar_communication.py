from odoo import models

from ...formats import get_formats


class ArCommunication(models.Model):
    """Messages know which agreements there were about their items, for the links to forms of the customer page."""

    _inherit = "ar.communication"

    def _get_past(self):
        """Return the agreements so far, see `ar.facts._read_past`: read once for all messages of a batch."""
        batch = self.browse(self._prefetch_ids)
        return get_formats(self.env).once(("past agreements", batch._ids), batch._read_past)

    def _read_past(self):
        """Return what `_get_past` returns of these messages."""
        items = self.line_ids.filtered(lambda line: line.kind == "item").move_line_id
        return self.env["ar.facts"]._read_past(self.customer_id, items.ids, max(self.mapped("date")))
