from odoo import api, fields, models


class ArSettlementReject(models.TransientModel):
    """Dialog to reject a settlement with a reason."""

    _name = "ar.settlement.reject"
    _inherit = ["ar.wizard.mixin"]
    _description = "Reject a Settlement"

    settlement_id = fields.Many2one("ar.settlement", required=True, readonly=True, ondelete="cascade")
    reason = fields.Text(required=True, help="The requester reads it.")

    @api.model
    def _open(self, settlement):
        """Return the action that opens the dialog."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reject"),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_settlement_id": settlement.id},
        }

    def action_confirm(self):
        """Reject the settlement in the name of the user."""
        self.ensure_one()
        self.settlement_id._reject(self.reason)
        return {"type": "ir.actions.act_window_close"}
