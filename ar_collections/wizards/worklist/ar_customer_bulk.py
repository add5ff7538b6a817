from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class ArCustomerBulk(models.TransientModel):
    """Bulk action on the customers selected in the worklist: assign, exclude from reminders or snooze them."""

    _name = "ar.customer.bulk"
    _inherit = ["ar.wizard.mixin"]
    _description = "Bulk Action"

    task = fields.Selection(
        [("assign", "Assign a collector"), ("pause", "Exclude from reminders"), ("snooze", "Snooze")],
        required=True,
        default="snooze",
    )
    customer_ids = fields.Many2many("ar.customer", string="Customers", readonly=True)
    customer_count = fields.Integer(compute="_compute_customer_count")
    user_id = fields.Many2one(
        "res.users", "Collector", domain=[("share", "=", False)], help="If empty, the default collector of the policy."
    )
    until = fields.Date()
    reason = fields.Char()

    @api.model
    def default_get(self, fields):
        """Override of `base` to take the customers selected in the list."""
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "ar.customer":
            values.setdefault("customer_ids", [Command.set(self.env.context.get("active_ids", []))])
        return values

    @api.depends("customer_ids")
    def _compute_customer_count(self):
        for wizard in self:
            wizard.customer_count = len(wizard.customer_ids)

    def action_apply(self):
        """Execute the action on all customers.

        :raise UserError: without the role of a manager (assign) or collector (pause, snooze), and where customers, the
            date or the reason of a pause are missing
        """
        self.ensure_one()
        self.env["ar.customer"]._require("manager" if self.task == "assign" else "collector")
        if not self.customer_ids:
            raise UserError(self.env._("Select customers in the list first."))
        getattr(self, f"_apply_{self.task}")()
        return {"type": "ir.actions.act_window_close"}

    def _apply_assign(self):
        self.customer_ids.write({"user_id": self.user_id.id})

    def _apply_pause(self):
        """Exclude from reminders, until a day where there is one; who is excluded for longer keeps date and reason."""
        if not self.reason:
            raise UserError(self.env._("Enter a reason for the exclusion from reminders."))
        if not self.until:
            self.customer_ids.write({"excluded": True, "exclusion_reason": self.reason})
            return
        self._check_until()
        shorter = self.customer_ids.filtered(lambda c: not c.pause_until or c.pause_until < self.until)
        shorter.write({"pause_until": self.until, "pause_reason": self.reason})

    def _apply_snooze(self):
        self._check_until()
        self.customer_ids.write({"snooze_until": self.until, "snooze_reason": self.reason})

    def _check_until(self):
        """Raise unless the date is after today, in all companies of the customers."""
        today = max(company._ar_today() for company in self.customer_ids.company_id)
        if not self.until or self.until <= today:
            raise UserError(self.env._("Choose a day after today."))
