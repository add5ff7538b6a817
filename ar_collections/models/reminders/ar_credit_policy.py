from odoo import api, models


class ArCreditPolicy(models.Model):
    _inherit = "ar.credit.policy"

    @api.model
    def _get_steps(self, schedule):
        """Override to read the schedule's steps."""
        return schedule.step_ids._get_steps()
