from odoo import fields, models

from ....const import INSOLVENCY_STATES
from ....core.recovery.insolvency import CLOSED, OPEN

#: How a person can end proceedings.
OUTCOMES = [pair for pair in INSOLVENCY_STATES if pair[0] != OPEN]


class ArInsolvencyEnd(models.TransientModel):
    """Dialog in which insolvency proceedings end, with the reason."""

    _name = "ar.insolvency.end"
    _inherit = ["ar.wizard.mixin"]
    _description = "End of Insolvency Proceedings"

    insolvency_id = fields.Many2one("ar.insolvency", required=True, readonly=True, ondelete="cascade")
    outcome = fields.Selection(OUTCOMES, required=True, default=CLOSED)
    reason = fields.Text(required=True, help="For colleagues and auditors.")

    def action_end(self):
        """End the proceedings; what is left after their end is suggested to be written off.

        :raise UserError: without the manager's role or a reason
        """
        self.ensure_one()
        insolvency = self.insolvency_id
        insolvency._require("manager")
        insolvency.sudo()._finish(self.outcome, self.reason)  # checked above; nobody writes the state
        if self.outcome == CLOSED and insolvency.amount_open:
            return insolvency.action_write_off()
        return {"type": "ir.actions.act_window_close"}
