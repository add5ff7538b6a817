from odoo import api, fields, models


class ArWriteOffReject(models.TransientModel):
    """Dialog to reject a write-off with a reason."""

    _name = "ar.write.off.reject"
    _inherit = ["ar.wizard.mixin"]
    _description = "Reject a Write-Off"

    write_off_id = fields.Many2one("ar.write.off", required=True, readonly=True, ondelete="cascade")
    reason = fields.Text(required=True, help="The requester reads it.")

    @api.model
    def _open(self, write_off):
        """Return the action that opens the dialog."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reject"),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_write_off_id": write_off.id},
        }

    def action_confirm(self):
        """Reject the write-off in the name of the user."""
        self.ensure_one()
        self.write_off_id._reject(self.reason)
        return {"type": "ir.actions.act_window_close"}
