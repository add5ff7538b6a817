from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The bounds of automatic payments, in the settings."""

    _inherit = "res.config.settings"

    ar_autopay_stopped = fields.Boolean(related="company_id.ar_autopay_stopped", readonly=False)
    ar_autopay_run_number = fields.Integer(related="company_id.ar_autopay_run_number", readonly=False)
    ar_autopay_day_number = fields.Integer(related="company_id.ar_autopay_day_number", readonly=False)
    ar_autopay_run_amount = fields.Monetary(related="company_id.ar_autopay_run_amount", readonly=False)
    ar_autopay_day_amount = fields.Monetary(related="company_id.ar_autopay_day_amount", readonly=False)
