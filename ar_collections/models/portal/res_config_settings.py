from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    ar_link_days = fields.Integer(related="company_id.ar_link_days", readonly=False)
