from odoo import fields, models


class ArPaymentPlanInstallment(models.Model):
    """One payment of a plan: its date and amount. What is paid of it is computed from the plan's items."""

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

    _amount_positive = models.Constraint("CHECK (amount > 0)", "An installment must be positive.")

    def _prepare_communication_line_vals(self, spoken, today):
        """Return what a reminder lists for the installment.

        :param spoken: core.decision.SpokenItem
        """
        self.ensure_one()
        left = float(spoken.item.chaseable_currency)
        return {
            "kind": "item",
            "plan_installment_id": self.id,
            "step_id": spoken.step_id,
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
