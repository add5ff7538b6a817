from odoo import fields, models

from ...core.agreements.settlement import open_part
from ...core.money import ZERO, to_decimal


class ArPaymentPlanLine(models.Model):
    """An open item in a plan: the planned part of it, and its residual when the plan became active."""

    _name = "ar.payment.plan.line"
    _inherit = ["ar.agreement.line"]
    _description = "Payment Plan Item"
    _order = "plan_id, date_due, id"

    _agreement = "plan_id"

    plan_id = fields.Many2one("ar.payment.plan", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="plan_id.currency_id")
    # An invoice that is reset to draft may get new journal items; the plan follows to them.
    move_line_id = fields.Many2one("account.move.line", "Open Item", index="btree_not_null", ondelete="set null")
    move_id = fields.Many2one("account.move", "Invoice", index="btree_not_null", ondelete="set null")
    date_due = fields.Date("Due Date")
    amount = fields.Monetary(required=True, help="Amount of the item covered by the plan.")
    residual_before = fields.Monetary(required=True, help="Open amount of the item when the plan became active.")
    credited_before = fields.Monetary(help="Amount credited on the item before the plan became active.")
    amount_residual = fields.Monetary("Open Amount", related="move_line_id.amount_residual_currency")
    is_live = fields.Boolean(help="Whether the plan is active.")

    _one_live_plan = models.UniqueIndex("(move_line_id) WHERE is_live", "An invoice can be in one active plan only.")
    _amount_positive = models.Constraint("CHECK (amount > 0)", "An amount covered by a plan must be positive.")

    def _get_holding_domain(self):
        """Override to return the lines of active plans."""
        return [("is_live", "=", True)]

    def _has_document(self):
        """Return whether the customer's page shows the document of the item; opening balances have none."""
        self.ensure_one()
        return self.move_id.state == "posted" and self.move_id.move_type in ("out_invoice", "out_refund")

    def _get_open_part(self, pending=ZERO):
        """Return the open amount of the planned part, in the plan's currency; all of it before the plan is active.

        Zero where the invoice is not posted any more. See `core.agreements.settlement.open_part`.

        :param Decimal pending: pending online payments on the item, to be counted as paid
        :rtype: Decimal
        """
        self.ensure_one()
        if not self.plan_id.activated_on:
            return to_decimal(self.amount)
        item = self.move_line_id
        residual = to_decimal(item.amount_residual_currency) if item.parent_state == "posted" else ZERO
        agreed, before = to_decimal(self.amount), to_decimal(self.residual_before)
        (credited,) = self.env["ar.facts"]._read_credited_outside(
            [(item.id, agreed, before, to_decimal(self.credited_before))]
        )
        return open_part(agreed, before - credited, residual - pending)
