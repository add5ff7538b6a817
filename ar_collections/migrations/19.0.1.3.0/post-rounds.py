"""From 19.0.1.2: agreements about items that were deleted when their invoice was posted again follow to its items."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Spread the amounts of open agreements over the present items of their posted invoices. It may run again."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    for lines in env["ar.agreement.line"]._get_all_models():
        domain = [*lines._get_holding_domain(), ("move_line_id", "=", False), ("move_id.state", "=", "posted")]
        lines._follow_invoices(lines.search(domain).move_id)
