from odoo import fields, models


class ResCompany(models.Model):
    """The day of the last nightly step, which later turns of the same day leave out, and how far a turn came."""

    _inherit = "res.company"

    ar_exposures_on = fields.Date(
        "Exposures Computed on", readonly=True, copy=False, help="Day for which the nightly run computed all exposures."
    )
    #: {step: [day, id of the last account]} of steps that ran out of time.
    ar_credit_progress = fields.Json("Progress of Credit Control", readonly=True, copy=False)
