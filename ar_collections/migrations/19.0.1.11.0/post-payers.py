"""From 19.0.1.10: accounts out of use have no payer, and no payer has a payer of its own.

An archived member did not count when its payer got one itself, and kept its payer in a merger. Once it was used again,
nobody was reminded of its items. Where that has happened, the member pays for itself until a manager has chosen.
"""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Empty these payers, and give managers tasks for accounts in use. It may run again."""
    if not version:
        return
    cr.execute(
        "UPDATE ar_customer SET payer_id = NULL"
        " WHERE payer_id IS NOT NULL AND (partner_id IS NULL OR merged_on IS NOT NULL)"
    )
    accounts = api.Environment(cr, SUPERUSER_ID, {"active_test": False})["ar.customer"]
    for member in accounts.search([("payer_id.payer_id", "!=", False)], order="id"):
        former = member.payer_id
        if not former.payer_id:
            continue  # which has ended just before
        member.payer_id = False
        if member.active:
            member._ask_for_payer(former)
