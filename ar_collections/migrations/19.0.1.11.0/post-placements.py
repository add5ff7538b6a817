"""Cases that an agency closed without success, and that were written off afterwards, had become *Paid*."""

from odoo import SUPERUSER_ID, api, fields

from odoo.addons.ar_collections.core.recovery import placement as rules


def migrate(cr, version):
    """Give these cases the state back in which people had closed them. It may run again."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    paid = env["ar.placement"].search([("state", "=", rules.PAID), ("end_note", "!=", False)])
    paid._record_payments()  # losses are no longer among them
    for placement in paid:
        left = sum(placement.line_ids.mapped("amount_left"))
        if placement.currency_id.is_zero(left) and placement.amount_paid < placement.amount_total:
            _restore(placement)


def _restore(placement):
    """Set the state that the log of changes has before *Paid*, where people had closed the case with it."""
    env = placement.env
    states = {}  # labels are stored in the language of who caused the change
    for lang, _name in env["res.lang"].get_installed():
        states |= {label: state for state, label in placement.with_context(lang=lang)._get_state_labels().items()}
    changes = env["mail.tracking.value"].search(
        [
            ("mail_message_id.model", "=", placement._name),
            ("mail_message_id.res_id", "=", placement.id),
            ("field_id", "=", env["ir.model.fields"]._get("ar.placement", "state").id),
        ],
        order="id desc",
    )
    last = changes[:1]
    state = states.get(last.old_value_char)
    if states.get(last.new_value_char) != rules.PAID or state not in (
        rules.SETTLED, rules.UNCOLLECTIBLE, rules.INSOLVENT,
    ):  # fmt: skip
        return
    closed = changes.filtered(lambda change: states.get(change.new_value_char) == state)[:1]
    day = fields.Date.to_date(closed.mail_message_id.date) or placement.ended_on
    placement.write({"state": state, "ended_on": day})
    placement._log_state()
