from odoo import fields, models


class ArPaymentPlanLine(models.Model):
    """An open item under a plan: how much of it, and what stood open when it was agreed."""

    _name = "ar.payment.plan.line"
    _description = "Payment Plan Item"
    _order = "plan_id, date_due, id"

    plan_id = fields.Many2one("ar.payment.plan", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="plan_id.currency_id")
    move_line_id = fields.Many2one("account.move.line", "Open Item", required=True, index=True, ondelete="restrict")
    move_id = fields.Many2one(related="move_line_id.move_id", store=True, index=True)
    date_due = fields.Date("Due Date")
    amount = fields.Monetary(required=True, help="What of the item is under the plan.")
    residual_before = fields.Monetary(required=True, help="What of the item was open when the plan became active.")
    is_live = fields.Boolean(help="The plan is active.")

    _one_live_plan = models.UniqueIndex("(move_line_id) WHERE is_live", "An invoice can be in one active plan only.")
    _amount_positive = models.Constraint("CHECK (amount > 0)", "An amount under a plan must be positive.")
