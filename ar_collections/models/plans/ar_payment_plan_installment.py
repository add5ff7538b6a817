from odoo import api, fields, models

from ...const import INSTALLMENT_STATES
from ...core.money import ZERO, to_decimal
from ...core.plans.plan import fill


class ArPaymentPlanInstallment(models.Model):
    """An installment of a plan: date and amount. Its paid part is computed from the residuals of the plan's items."""

    _name = "ar.payment.plan.installment"
    _description = "Payment Plan Installment"
    _order = "plan_id, date, number"

    plan_id = fields.Many2one("ar.payment.plan", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    customer_id = fields.Many2one(related="plan_id.customer_id", store=True, index=True)
    currency_id = fields.Many2one(related="plan_id.currency_id")
    number = fields.Integer(required=True)
    date = fields.Date(required=True, index=True)
    amount = fields.Monetary(required=True)
    amount_paid = fields.Monetary("Paid", compute="_compute_paid", compute_sudo=True)
    amount_left = fields.Monetary("Remaining", compute="_compute_paid", compute_sudo=True)
    missed_on = fields.Date(
        "Missed on", readonly=True, help="Date on which the installment was found unpaid after the grace period."
    )
    state = fields.Selection(INSTALLMENT_STATES, compute="_compute_state", compute_sudo=True)

    _amount_positive = models.Constraint("CHECK (amount > 0)", "An installment must be positive.")

    def _search_display_name(self, operator, value):
        """Override of `base` to find installments by the number of their plan; they have no name of their own."""
        return [("plan_id.name", operator, value)]

    @api.depends("plan_id.amount_paid", "plan_id.installment_ids.amount", "plan_id.installment_ids.date", "amount")
    def _compute_paid(self):
        """Allocate what was paid of the plan to its installments, oldest first."""
        for plan in self.plan_id:
            installments = plan.installment_ids.sorted(lambda row: (row.date, row.number))
            amounts = [to_decimal(installment.amount) for installment in installments]
            for installment, amount, paid in zip(
                installments, amounts, fill(amounts, to_decimal(plan.amount_paid)), strict=True
            ):
                installment.amount_paid = float(paid)
                installment.amount_left = float(amount - paid)
        for installment in self.filtered(lambda row: not row.plan_id):
            installment.amount_paid, installment.amount_left = 0.0, installment.amount

    @api.depends("plan_id.state", "amount_left", "amount_paid", "date", "missed_on")
    def _compute_state(self):
        """Compute the state as of the company's today.

        An installment that was missed and then paid in full is paid; ``missed_on`` keeps the day.
        """
        for installment in self:
            installment.state = installment._get_state(installment.company_id._ar_today())

    def _get_state(self, today):
        if to_decimal(self.amount_left) <= ZERO:
            return "paid"
        if self.missed_on:
            return "missed"
        if self.plan_id.state == "active" and self.date < today:
            return "late"
        return "partly" if self.amount_paid else "open"

    def _prepare_communication_line_vals(self, entry, today):
        """Return the values of the installment's line in a reminder; amounts in the plan's currency.

        :param entry: core.decision.ListedItem
        :param date today: the day of the reminder
        """
        self.ensure_one()
        left = float(entry.item.chaseable_currency)
        return {
            "kind": "item",
            "plan_installment_id": self.id,
            "step_id": entry.step_id,
            "name": self.plan_id.name,
            "installment": f"{self.number}/{len(self.plan_id.installment_ids)}",
            "date": self.plan_id.activated_on,
            "date_due": self.date,
            "days_late": (today - self.date).days,
            "currency_id": self.currency_id.id,
            "amount_original": self.amount,
            "amount_paid": self.amount - left,
            "amount_left": left,
        }
