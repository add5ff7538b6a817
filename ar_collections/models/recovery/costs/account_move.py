from odoo import fields, models


class AccountMove(models.Model):
    """Invoices that charge legal costs."""

    _inherit = "account.move"

    ar_legal_costs = fields.Boolean("Has Legal Costs", readonly=True, copy=False)
