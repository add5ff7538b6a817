from odoo import fields, models

from ..const import PLAN_STATES


class ArPaymentPlan(models.Model):
    """An agreed schedule over open items of one currency. The books are untouched: payments are read from residuals.

    While it is active its part of the items is silent, and its installments climb a ladder of their own.
    """

    _name = "ar.payment.plan"
    _inherit = ["ar.agreement"]
    _description = "Payment Plan"
    _order = "id desc"

    _moves = {
        "draft": {"proposed", "active", "cancelled"},
        "proposed": {"draft", "active", "cancelled"},
        "active": {"completed", "broken", "cancelled"},
        "completed": {"active"},  # a payment was taken back
        "broken": {"active", "completed"},  # reinstated; or paid after all
        "cancelled": set(),
    }

    state = fields.Selection(PLAN_STATES, required=True, default="draft", readonly=True, index=True, tracking=True)
    line_ids = fields.One2many("ar.payment.plan.line", "plan_id", readonly=True)
    installment_ids = fields.One2many("ar.payment.plan.installment", "plan_id", readonly=True)
    amount_total = fields.Monetary("Total", readonly=True)
    activated_on = fields.Date(readonly=True, tracking=True)
    ended_on = fields.Date(readonly=True, tracking=True)

    def _set_state(self, state, **values):
        """Override of `ar.agreement` to keep one active plan an item, by the database's own index."""
        moved = super()._set_state(state, **values)
        moved.line_ids.write({"is_live": state == "active"})
        moved.line_ids.flush_recordset(["is_live"])
        return moved
