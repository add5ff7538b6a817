from odoo import fields, models


class ResCompany(models.Model):
    """The day of the last nightly step, which later turns of the same day leave out, and how far a turn came."""

    _inherit = "res.company"

    ar_exposures_on = fields.Date(
        "Exposures Computed on", readonly=True, copy=False, help="Day for which the nightly run computed all exposures."
    )
    #: {step: [day, id of the last account, and those of earlier ones that were left out]} of steps that ran out of
    #: time, or left out what another transaction held.
    ar_credit_progress = fields.Json("Progress of Credit Control", readonly=True, copy=False)

    def _ar_has_left(self, step):
        """Return whether the turn that has come to its end left accounts to the next one: the day is not done yet.

        :param str step: code of a step that works by `_go_on_with`
        """
        self.ensure_one()
        return step in (self.ar_credit_progress or {})
