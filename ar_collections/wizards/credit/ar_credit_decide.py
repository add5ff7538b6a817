from odoo import api, fields, models


class ArCreditDecide(models.TransientModel):
    """Dialog in which a credit manager holds a customer, ends that, or releases a hold."""

    _name = "ar.credit.decide"
    _inherit = ["ar.wizard.mixin"]
    _description = "Decide about a Credit Hold"

    customer_id = fields.Many2one("ar.customer", required=True, readonly=True)
    kind = fields.Selection(
        [("hold", "Hold"), ("end", "End Hold"), ("release", "Release"), ("confirm", "Confirm Release")],
        required=True,
        readonly=True,
        default="hold",
    )
    status_html = fields.Html("Status", related="customer_id.credit_reasons_html", sanitize=False)
    until = fields.Date(help="Last day; the hold, or the release, ends by itself.")
    reason = fields.Char(required=True, help="Internal reason; the customer does not see it.")
    is_forced = fields.Boolean(compute="_compute_is_forced")

    @api.depends("customer_id")
    def _compute_is_forced(self):
        for dialog in self:
            dialog.is_forced = dialog.customer_id.credit_is_forced

    def action_decide(self):
        """Do what was decided."""
        self.ensure_one()
        customer = self.customer_id
        customer._require("credit_manager")
        if self.kind == "hold":
            customer._force_hold(self.until, self.reason)
        elif self.kind == "end":
            customer._end_forced_hold(self.reason)
        elif self.kind == "confirm":
            customer._confirm_release(self.reason)
        else:
            customer._release_hold(self.until, self.reason)
        return {"type": "ir.actions.act_window_close"}
