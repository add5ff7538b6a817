from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class ArNoChase(models.TransientModel):
    """Dialog to exclude items from follow-up: why, and until when."""

    _name = "ar.no.chase"
    _inherit = ["ar.wizard.mixin"]
    _description = "No Follow-Up"

    customer_id = fields.Many2one("ar.customer", required=True, readonly=True, ondelete="cascade")
    line_ids = fields.Many2many("account.move.line", string="Items", readonly=True)
    numbers = fields.Char("Documents", readonly=True)
    reason = fields.Char(required=True)
    until = fields.Date(help="Date from which reminders resume. Empty: never.")

    @api.model
    def _open_for(self, customer, lines):
        """Return the action that opens the dialog for items of one customer; the caller checked the user's rights."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("No Follow-Up"),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_customer_id": customer.id,
                "default_line_ids": [Command.set(lines.ids)],
                "default_numbers": customer._get_numbers(lines.move_id),
            },
        }

    def action_apply(self):
        """Exclude the items from follow-up.

        :raise UserError: when the end date is not in the future, or some items are not open any more
        """
        self.ensure_one()
        customer = self.line_ids._check_selected()
        if self.until and self.until <= customer.company_id._ar_today():
            raise UserError(self.env._("Choose a day after today."))
        customer._set_no_chase(self.line_ids, self.reason, self.until)
        return {"type": "ir.actions.act_window_close"}
