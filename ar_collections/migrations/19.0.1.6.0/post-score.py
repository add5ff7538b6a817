from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Create the settings of the risk score for all companies; the next nightly run computes the scores."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["res.company"].search([])._ar_ensure_scoring()
