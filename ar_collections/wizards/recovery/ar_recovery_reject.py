from odoo import api, fields, models


class ArRecoveryReject(models.TransientModel):
    """Dialog to reject a settlement or a write-off with a reason."""

    _name = "ar.recovery.reject"
    _inherit = ["ar.wizard.mixin"]
    _description = "Reject a Settlement or Write-Off"

    settlement_id = fields.Many2one("ar.settlement", readonly=True, ondelete="cascade")
    write_off_id = fields.Many2one("ar.write.off", "Write-Off", readonly=True, ondelete="cascade")
    reason = fields.Text(required=True, help="The requester reads it.")

    _one_record = models.Constraint(
        "CHECK (num_nonnulls(settlement_id, write_off_id) = 1)", "Reject either a settlement or a write-off."
    )

    @api.model
    def _open(self, field, record):
        """Return the action that opens the dialog.

        :param str field: the dialog's field of the record
        """
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reject"),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {f"default_{field}": record.id},
        }

    def action_confirm(self):
        """Reject the record in the name of the user."""
        self.ensure_one()
        (self.settlement_id or self.write_off_id)._reject(self.reason)
        return {"type": "ir.actions.act_window_close"}
