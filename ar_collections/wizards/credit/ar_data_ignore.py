from odoo import Command, api, fields, models


class ArDataIgnore(models.TransientModel):
    """Dialog to let findings on customer data rest: why, and until when."""

    _name = "ar.data.ignore"
    _inherit = ["ar.wizard.mixin"]
    _description = "Ignore Findings"

    finding_ids = fields.Many2many("ar.data.finding", string="Findings", required=True)
    until = fields.Date(required=True, help="Day on which what is still so is listed again.")
    reason = fields.Char(required=True)

    @api.model
    def _open_for(self, findings):
        """Return the action that opens the dialog; the caller checked the user's rights."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ignore until"),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_finding_ids": [Command.set(findings.ids)]},
        }

    def action_apply(self):
        """Let the findings rest until the day.

        :raise UserError: where the day is not in the future
        """
        self.ensure_one()
        self.finding_ids._require("collector")
        self.finding_ids._ignore(self.until, self.reason)
        return {"type": "ir.actions.act_window_close"}
