"""From 19.0.1.12: agreements do not hold of invoices that were posted again in another currency."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """End what was agreed about invoices that are in another currency now. It may run again."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    for lines in env["ar.agreement.line"]._get_all_models():
        held = lines.search([*lines._get_holding_domain(), ("move_id.state", "=", "posted")])
        foreign = held.filtered(lambda line: line.currency_id != line.move_id.currency_id)
        if foreign:
            lines._follow_invoices(foreign.move_id)
