"""From 19.0.1.5: the exceptions that customer accounts have already get into the history."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Note the present exceptions, with the day and the user of the last change that was logged. It may run again."""
    if not version:
        return
    accounts = api.Environment(cr, SUPERUSER_ID, {})["ar.customer"].with_context(active_test=False)
    accounts._note_all_exceptions()
