from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class ArNoChase(models.TransientModel):
    """Why items are left in peace, and until when."""

    _name = "ar.no.chase"
    _description = "No Follow-Up"

    customer_id = fields.Many2one("ar.customer", required=True, readonly=True, ondelete="cascade")
    line_ids = fields.Many2many("account.move.line", string="Items", readonly=True)
    numbers = fields.Char("Documents", readonly=True)
    reason = fields.Char("Reason", required=True)
    until = fields.Date(help="Date from which reminders resume. Empty: never.")

    @api.model
    def _open_for(self, customer, lines):
        """Open the dialog for items of one customer; the caller checked the user's rights on them."""
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
        """Leave the items in peace.

        :raise UserError: for who may not, or where the day is not ahead
        """
        self.ensure_one()
        customer = self.line_ids._check_selected()
        if self.until and self.until <= customer.company_id._ar_today():
            raise UserError(self.env._("Choose a day after today."))
        customer._set_no_chase(self.line_ids, self.reason, self.until)
        return {"type": "ir.actions.act_window_close"}
