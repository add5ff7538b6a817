from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    ar_write_off_journal_id = fields.Many2one(related="company_id.ar_write_off_journal_id", readonly=False)
    ar_bad_debt_account_id = fields.Many2one(related="company_id.ar_bad_debt_account_id", readonly=False)
    ar_small_difference_account_id = fields.Many2one(
        related="company_id.ar_small_difference_account_id", readonly=False
    )
    ar_write_off_alone = fields.Monetary(related="company_id.ar_write_off_alone", readonly=False)
