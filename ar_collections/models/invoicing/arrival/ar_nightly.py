from odoo import api, models


class ArNightly(models.AbstractModel):
    """The nightly run looks at the other scheduled actions, as the check of emails and runs looks at it."""

    _inherit = "ar.nightly"

    @api.model
    def _cron_run(self):
        """Override to say which scheduled actions do not run; only where Odoo's scheduler calls this one."""
        result = super()._cron_run()
        if self.env.context.get("cron_id"):
            self.env["ar.mail.health"]._check_actions()
        return result
