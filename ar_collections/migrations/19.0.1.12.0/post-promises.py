"""From 19.0.1.11: promises know whether the customer withdrew them, and who is assigned to the customer.

So far only the note said that the customer withdrew it. Promises and reported payments of days on which a colleague
stood in for the collector stayed with that colleague.
"""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Mark the promises with this note in any of the languages, and set the collectors. It may run again."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    languages = [code for code, _name in env["res.lang"].get_installed()]
    notes = [env["ar.promise"].with_context(lang=code)._get_withdrawal_note() for code in languages]
    cr.execute(
        "UPDATE ar_promise SET withdrawn_by_customer = TRUE WHERE state = 'withdrawn' AND end_note = ANY(%s)", [notes]
    )
    for name in ("ar.promise", "ar.reported.payment"):
        records = env[name].with_context(active_test=False).search([])
        env.add_to_compute(records._fields["user_id"], records)
    env.flush_all()
