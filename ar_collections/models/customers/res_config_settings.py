from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    ar_active = fields.Boolean(related="company_id.ar_active", readonly=True)
    ar_is_elsewhere = fields.Boolean(related="company_id.ar_is_elsewhere", readonly=True)
    ar_cutoff_date = fields.Date(related="company_id.ar_cutoff_date", readonly=False)
    ar_daily_ramp = fields.Integer(related="company_id.ar_daily_ramp", readonly=False)
    ar_run_hour = fields.Integer(related="company_id.ar_run_hour", readonly=False)
