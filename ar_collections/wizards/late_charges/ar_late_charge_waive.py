from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class ArLateChargeWaive(models.TransientModel):
    """Dialog to waive late charges, in whole or in part, with the reason; high ones need a second person."""

    _name = "ar.late.charge.waive"
    _inherit = ["ar.wizard.mixin"]
    _description = "Waive Late Charges"

    charge_ids = fields.Many2many("ar.late.charge", string="Late Charges", required=True)
    company_id = fields.Many2one("res.company", compute="_compute_amounts")
    currency_id = fields.Many2one("res.currency", compute="_compute_amounts")
    left = fields.Monetary("To Charge", compute="_compute_amounts")
    is_part = fields.Boolean("Only Part", help="Whether only an amount is waived; of one late charge at a time.")
    amount = fields.Monetary("Amount to Waive")
    reason = fields.Char(required=True)

    @api.model
    def _open_for(self, charges):
        """Return the action that opens the dialog; the caller checked the user's rights."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Waive Late Charges"),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_charge_ids": [Command.set(charges.ids)]},
        }

    @api.depends("charge_ids")
    def _compute_amounts(self):
        for wizard in self:
            currencies = wizard.charge_ids.currency_id
            wizard.company_id = wizard.charge_ids.company_id[:1]
            wizard.currency_id = currencies[:1]
            wizard.left = sum(wizard.charge_ids.mapped("left")) if len(currencies) == 1 else 0.0

    def action_confirm(self):
        """Waive the charges; above the policy's amount a manager has to approve it.

        :raise UserError: for an amount that cannot be waived, with the way out
        """
        self.ensure_one()
        self.charge_ids._require("collector")
        amount = None
        if self.is_part:
            if len(self.charge_ids) != 1:
                raise UserError(self.env._("Part of a late charge is waived one at a time: select one, or waive all."))
            amount = self.amount
        self.charge_ids.sudo()._waive(self.reason, amount, self.env.user)  # no role writes charges; checked above
        return {"type": "ir.actions.act_window_close"}
