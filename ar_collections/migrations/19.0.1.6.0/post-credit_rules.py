"""From 19.0.1.5: policies get the default credit rules; their effects are to inform, so that nothing is held."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Add the default rules to policies without any. It may run again."""
    if not version:
        return
    api.Environment(cr, SUPERUSER_ID, {})["ar.credit.policy"]._add_default_rules()
