from odoo import fields, models


class ArPromiseWithdraw(models.TransientModel):
    """Dialog that asks why promises are withdrawn."""

    _name = "ar.promise.withdraw"
    _inherit = ["ar.wizard.mixin"]
    _description = "Withdraw a Promise"

    promise_ids = fields.Many2many("ar.promise", required=True, readonly=True)
    reason = fields.Text(required=True, help="Internal reason; the customer is not notified.")

    def action_withdraw(self):
        """Withdraw the promises; reminders about their items resume at a mild step."""
        self.ensure_one()
        self.promise_ids._allowed("collector")._withdraw(self.reason)
        return {"type": "ir.actions.act_window_close"}
