from odoo import api, models


class ArCreditPolicy(models.Model):
    """The steps of the policy's reminder schedule."""

    _inherit = "ar.credit.policy"

    @api.model
    def _get_steps(self, schedule):
        """Override to return the steps of the schedule."""
        return schedule.step_ids._get_steps()
