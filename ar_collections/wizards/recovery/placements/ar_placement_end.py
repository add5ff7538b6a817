from odoo import fields, models

from ....const import PLACEMENT_STATES
from ....core.recovery.placement import CLOSED, PAID, RECALLED, REFUSED

#: How a person can end a placement; whether it is paid, the ledger says.
ENDS = [pair for pair in PLACEMENT_STATES if pair[0] in (REFUSED, RECALLED, *CLOSED) and pair[0] != PAID]


class ArPlacementEnd(models.TransientModel):
    """Dialog in which a placement ends, with the reason."""

    _name = "ar.placement.end"
    _inherit = ["ar.wizard.mixin"]
    _description = "End of a Placement"

    placement_id = fields.Many2one("ar.placement", required=True, readonly=True, ondelete="cascade")
    exclusive_until = fields.Date(related="placement_id.exclusive_until")
    state = fields.Selection(ENDS, "Outcome", required=True)
    reason = fields.Text(required=True, help="For colleagues, and for the agency in case of a recall.")
    is_agreed = fields.Boolean(
        "Agreed with the Agency", help="The agency agreed to give the case back within its exclusive period."
    )

    def action_end(self):
        """End the placement; what is recalled or refused is reminded again, at a mild step.

        :raise UserError: where it cannot end so, with the way out
        """
        self.ensure_one()
        placement = self.placement_id
        placement._require("manager" if self.is_agreed else "collector")
        placement._allowed("collector")._finish(self.state, self.reason, is_forced=self.is_agreed)
        return {"type": "ir.actions.act_window_close"}
