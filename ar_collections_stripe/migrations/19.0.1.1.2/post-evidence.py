"""Evidence that was not submitted is gathered anew where it stated more than is known.

Visits of the customer page followed from the use of links, also by colleagues and by programs that check mails. That
there is no credit note was said after looking at one of several customers. What a person wrote stays.
"""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    for evidence in env["ar.stripe.evidence"].search([("state", "!=", "submitted")]):
        evidence._gather(("access_activity_log", "uncategorized_text"))
