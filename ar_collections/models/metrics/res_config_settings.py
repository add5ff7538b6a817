from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Aging buckets and the basis of the DSO in the settings."""

    _inherit = "res.config.settings"

    ar_aging_edges = fields.Char(related="company_id.ar_aging_edges", readonly=False)
    ar_dso_basis = fields.Selection(related="company_id.ar_dso_basis", readonly=False)
