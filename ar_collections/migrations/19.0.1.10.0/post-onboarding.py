"""Companies that collect already need no panel of the set-up: it is closed for them, and a manager can open it."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    setup = env["onboarding.onboarding"]._ar_get_setup()
    for company in env["res.company"].search([("ar_active", "=", True)]) if setup else ():
        setup.with_company(company)._ar_set_closed(True)
