"""From 19.0.1.11: a returned payment names its automatic payment as soon as it is stored, and no longer by the invoice.

Those that wait for what becomes of the payment, as one that lies unapplied, do not name it yet.
"""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Name those of what waits: by the entry, or by the invoice where it was deleted. It may run again."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    waiting = env["ar.returned.payment"].search([("state", "=", "new"), ("autopay_charge_id", "=", False)])
    charges = env["ar.autopay.charge"].search(
        [
            ("outcome", "=", "done"),
            ("transaction_id.ar_allocation_ids.move_line_id.move_id", "in", waiting.move_id.ids),
        ]
    )
    for returned in waiting:
        returned.autopay_charge_id = charges.filtered(lambda charge, returned=returned: _is_of(charge, returned))[:1]
    env.flush_all()


def _is_of(charge, returned):
    transaction = charge.transaction_id
    if returned.move_id not in transaction.ar_allocation_ids.move_line_id.move_id:
        return False
    payment = transaction.payment_id
    if payment.move_id or returned.counterpart_move_id:
        return payment.move_id == returned.counterpart_move_id
    return payment.state in ("canceled", "rejected")
