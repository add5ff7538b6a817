from odoo import api, fields, models

from ..const import CALL_RESULTS


class ArCommunicationCall(models.Model):
    """How a call ended, as the person who made it says."""

    _inherit = "ar.communication"

    call_result = fields.Selection(CALL_RESULTS, "Result of the Call", readonly=True, index="btree_not_null")
    note = fields.Text(readonly=True, help="What was said, in a few words.")
    display_title = fields.Char("What", compute="_compute_display_title")

    @api.depends("step_id", "subject", "notice")
    @api.depends_context("lang")
    def _compute_display_title(self):
        """The step, the kind of notice, or what the message is about: one of them names every communication."""
        notices = dict(self._fields["notice"]._description_selection(self.env))
        for communication in self:
            title = communication.step_id.name or notices.get(communication.notice) or communication.subject
            communication.display_title = title
