from odoo import api, fields, models


class ArProblem(models.Model):
    """The problem that no job runner takes jobs."""

    _inherit = "ar.problem"

    code = fields.Selection(selection_add=[("job_runner", "Job Runner")], ondelete={"job_runner": "cascade"})

    @api.model
    def _get_advice(self, code):
        """Override to say what to do where no job runner takes jobs."""
        if code == "job_runner":
            return self.env._(
                "Nothing is lost: the scheduled action did the work alone. Let an administrator start Odoo with "
                "queue_job among its server-wide modules (server_wide_modules), or uninstall the add-on."
            )
        return super()._get_advice(code)
