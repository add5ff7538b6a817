from odoo import api, fields, models

from ....core.invoicing.sending import states


class ResCompany(models.Model):
    _inherit = "res.company"

    ar_sends_invoices = fields.Boolean(
        "Sends Invoices Automatically",
        compute="_compute_ar_sends_invoices",
        store=True,
        help="Stored, so that posting an invoice reads it with the company.",
    )

    @api.depends("ar_policy_ids.invoice_sending", "ar_policy_ids.active")
    def _compute_ar_sends_invoices(self):
        for company in self:
            policies = company.ar_policy_ids.filtered("active")
            company.ar_sends_invoices = any(policy.invoice_sending not in (False, states.OFF) for policy in policies)
