from odoo import fields, models

from ..const import CALL_RESULTS


class ArCommunicationCall(models.Model):
    """How a call ended, as the person who made it says."""

    _inherit = "ar.communication"

    call_result = fields.Selection(CALL_RESULTS, "Result of the Call", readonly=True, index="btree_not_null")
    note = fields.Text(readonly=True, help="What was said, in a few words.")
