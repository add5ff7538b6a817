from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """How legal costs are charged, in the settings."""

    _inherit = "res.config.settings"

    ar_legal_cost_account_id = fields.Many2one(related="company_id.ar_legal_cost_account_id", readonly=False)
    ar_legal_cost_tax_ids = fields.Many2many(related="company_id.ar_legal_cost_tax_ids", readonly=False)
    ar_legal_cost_product_id = fields.Many2one(related="company_id.ar_legal_cost_product_id", readonly=False)
