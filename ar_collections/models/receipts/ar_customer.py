from datetime import timedelta

from odoo import api, fields, models

from ...const import GROUP_AUDITOR


class ArCustomer(models.Model):
    """From when a customer is thanked by its policy: not for what it paid under another one."""

    _inherit = "ar.customer"

    receipt_policy_id = fields.Many2one(
        "ar.credit.policy", "Policy of Thanks", compute="_compute_receipt_since", store=True, groups=GROUP_AUDITOR
    )
    receipt_since = fields.Date("Payments from", compute="_compute_receipt_since", store=True, groups=GROUP_AUDITOR)

    @api.depends("policy_id")
    def _compute_receipt_since(self):
        """Compute the day of the last change of the policy; empty with the one of a new account."""
        for customer in self:
            before, day, company = customer.receipt_policy_id, customer.receipt_since, customer.company_id
            today = company._ar_today()
            is_known = before or company._ar_day(customer.create_date) < today - timedelta(days=1)
            if is_known and before != customer.policy_id:
                day = today
            customer.receipt_since, customer.receipt_policy_id = day, customer.policy_id
