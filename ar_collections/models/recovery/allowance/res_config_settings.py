from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    ar_allowance_account_id = fields.Many2one(related="company_id.ar_allowance_account_id", readonly=False)
    ar_allowance_expense_account_id = fields.Many2one(
        related="company_id.ar_allowance_expense_account_id", readonly=False
    )
