"""From 19.0.1.4: the limits that people entered in Odoo become those of the customer accounts; nothing is held."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Take over the limits of Odoo. It may run again."""
    if not version:
        return
    api.Environment(cr, SUPERUSER_ID, {})["ar.customer"]._import_limits()
