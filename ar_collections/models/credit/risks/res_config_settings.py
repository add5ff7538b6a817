from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """What counts as a risk, in the settings."""

    _inherit = "res.config.settings"

    ar_risk_share = fields.Float(related="company_id.ar_risk_share", readonly=False)
    ar_risk_large = fields.Float(related="company_id.ar_risk_large", readonly=False)
    ar_risk_cover_days = fields.Integer(related="company_id.ar_risk_cover_days", readonly=False)
    ar_risk_unmatched_days = fields.Integer(related="company_id.ar_risk_unmatched_days", readonly=False)
    ar_risk_feed_days = fields.Integer(related="company_id.ar_risk_feed_days", readonly=False)
