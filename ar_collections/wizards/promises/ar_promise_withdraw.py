from odoo import fields, models


class ArPromiseWithdraw(models.TransientModel):
    """Why a promise is withdrawn."""

    _name = "ar.promise.withdraw"
    _description = "Withdraw a Promise"

    promise_ids = fields.Many2many("ar.promise", required=True, readonly=True)
    reason = fields.Text("Reason", required=True, help="Internal reason; the customer is not notified.")

    def action_withdraw(self):
        """End the promises; reminders about their items go on gently."""
        self.ensure_one()
        self.promise_ids._allowed("collector")._withdraw(self.reason)
        return {"type": "ir.actions.act_window_close"}
