from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """What is expected of the data of customers, in the settings."""

    _inherit = "res.config.settings"

    ar_review_credit_days = fields.Integer(related="company_id.ar_review_credit_days", readonly=False)
    ar_confirm_months = fields.Integer(related="company_id.ar_confirm_months", readonly=False)
