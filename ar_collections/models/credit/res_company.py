from odoo import fields, models


class ResCompany(models.Model):
    """The day of the last nightly step, which later turns of the same day leave out."""

    _inherit = "res.company"

    ar_exposures_on = fields.Date(
        "Exposures Computed on", readonly=True, copy=False, help="Day for which the nightly run computed all exposures."
    )
