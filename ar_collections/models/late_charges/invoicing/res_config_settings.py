from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """How late charges are invoiced, in the settings."""

    _inherit = "res.config.settings"

    ar_late_charge_account_id = fields.Many2one(related="company_id.ar_late_charge_account_id", readonly=False)
    ar_late_charge_tax_ids = fields.Many2many(related="company_id.ar_late_charge_tax_ids", readonly=False)
    ar_late_charge_journal_id = fields.Many2one(related="company_id.ar_late_charge_journal_id", readonly=False)
    ar_late_interest_product_id = fields.Many2one(related="company_id.ar_late_interest_product_id", readonly=False)
    ar_late_lump_sum_product_id = fields.Many2one(related="company_id.ar_late_lump_sum_product_id", readonly=False)
