from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """What courts ask about the company itself, in the settings."""

    _inherit = "res.config.settings"

    ar_legal_form = fields.Char(related="company_id.ar_legal_form", readonly=False)
    ar_legal_representative = fields.Char(related="company_id.ar_legal_representative", readonly=False)
