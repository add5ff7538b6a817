"""Let the scheduled action of the reminders run all steps of the night."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Point the scheduled action to the nightly run; it keeps its interval, and whether it is active."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    cron = env.ref("ar_collections.ir_cron_nightly", raise_if_not_found=False)
    if cron:
        cron.write({"model_id": env["ir.model"]._get_id("ar.nightly"), "code": "model._cron_run()"})
