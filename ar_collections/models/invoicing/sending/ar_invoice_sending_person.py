from odoo import api, fields, models
from odoo.exceptions import UserError

from ....core.invoicing.sending import states
from ....notification import RELOAD, notification

#: What a person may still decide about.
UNDECIDED = (states.WAITING, states.HELD, states.PRINT, states.FAILED, states.UNKNOWN)

#: An email that is in these states after it was taken back has left, or is just leaving.
LEFT = (states.QUEUED, states.SENT, states.UNKNOWN)


class ArInvoiceSendingPerson(models.Model):
    """What people decide about invoices that are to be sent, here and with Odoo's own buttons."""

    _inherit = "ar.invoice.sending"

    # === ODOO'S OWN SENDING === #

    @api.model
    def _lock_for_person(self, moves):
        """Lock the rows of invoices that Odoo sends for a person; return the invoices that are being sent already."""
        rows = self.search([("move_id", "in", moves.ids), ("state", "not in", states.ENDED)])
        if not rows:
            return moves.browse()
        free = rows.try_lock_for_update()
        free.invalidate_recordset(["state"])
        busy = rows - free.filtered(lambda row: row.state not in (states.SENDING, states.QUEUED))
        return moves & busy.move_id

    @api.model
    def _note_sent(self, sent):
        """Store that a person sent invoices that were on the list.

        :param dict sent: {invoice: (set of the methods by which it was sent, id of the person or False)}; without
            methods it was only downloaded
        """
        moves = [move.id for move, (methods, _user_id) in sent.items() if methods]
        rows = self.search([("move_id", "in", moves), ("state", "!=", states.SENT)])
        rows._set_sent(
            {
                row: {"methods": ", ".join(sorted(methods)), "user_done_id": user_id or self.env.uid}
                for row in rows
                for methods, user_id in [sent[row.move_id]]
            }
        )

    # === BUTTONS === #

    def action_send(self):
        """Send these with the next turn, whatever a person may set aside: changed, credited, large, failed, unknown."""
        self._decide("collector", UNDECIDED)._send_soon(is_released=True)
        return self._show_soon()

    def action_override(self):
        """Send these although billing requirements are not met."""
        self._decide("manager", UNDECIDED)._send_soon(is_released=True, is_overridden=True)
        return self._show_soon()

    def action_mark_sent(self):
        """Note that the customers have got these, on paper or in another way."""
        decided = self._decide("collector", UNDECIDED)
        if drafts := decided.filtered(lambda row: row.move_id.state != "posted"):
            raise UserError(
                self.env._(
                    "These invoices are not posted: %(names)s. Post them first.",
                    names=", ".join(drafts.mapped("display_name")),
                )
            )
        decided._set_sent(user_done_id=self.env.uid)
        return True

    def action_not_to_send(self):
        """Decide that these are not sent by themselves; Odoo's own Send button sends them nevertheless."""
        decided = self._decide("collector", (*UNDECIDED, states.QUEUED))
        queued = decided.filtered(lambda row: row.state == states.QUEUED)
        queued._take_back()
        if began := queued.filtered(lambda row: row.state in LEFT):
            raise UserError(
                self.env._("Already being delivered: %(names)s.", names=", ".join(began.mapped("display_name")))
            )
        decided._set_state(states.NOT_TO_SEND, user_done_id=self.env.uid)
        return True

    def action_print(self):
        """Print the invoices of these rows."""
        self._require("collector")
        moves = self.move_id.filtered(lambda move: move.state == "posted")
        if not moves:
            raise UserError(self.env._("None of these invoices is posted. Post them first."))
        return self.env.ref("account.account_invoices").report_action(moves, config=False)

    def _decide(self, role, allowed):
        """Return these in superuser mode, locked, where the user may decide about them.

        :param str role: which the user needs
        :param allowed: the states in which this can be decided
        :raise UserError: where one is being sent, or was
        """
        self._require(role)
        rows = self.sudo()  # no role has write access
        free = rows.try_lock_for_update()
        free.invalidate_recordset(["state"])
        if late := rows - free.filtered(lambda row: row.state in allowed):
            raise UserError(
                self.env._(
                    "Nothing can be decided about these any more, they are being sent or were: %(names)s.",
                    names=", ".join(late.mapped("display_name")),
                )
            )
        return rows

    def _send_soon(self, **values):
        """Send these with the next turn of the scheduled action."""
        now = fields.Datetime.now()
        for sending in self:
            sending.decided_digest = sending._get_digest(with_reference=False)
            sending.decided_partner_id = self._get_debtor(sending.move_id)
        self._set_state(states.WAITING, due_at=now, attempts=0, user_done_id=self.env.uid, **values)
        self._try_judge()  # the next turn judges each, and stores what fails
        self._trigger_sending(now)

    def _look_again(self):
        """Judge these again, after somebody did what they waited for."""
        rows = self.sudo().filtered(lambda row: row.state in states.OPEN)  # as in `_decide`
        rows._try_judge()  # as in `_send_soon`
        rows._trigger_sending(fields.Datetime.now())

    @api.model
    def _show_soon(self):
        """Return a notification that the invoices are sent in the background."""
        message = self.env._("The invoices are sent in the background. What still misses something waits.")
        return notification(message, "info", RELOAD)
