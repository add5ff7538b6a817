from odoo import api, fields, models
from odoo.exceptions import UserError

from ....const import ARRIVAL_STATES, GROUP_AUDITOR
from ....core.invoicing import arrival
from ....formats import format_date
from ...customers.core_flow import ignore_failure

#: States of the Peppol network (`account_peppol`): what they are evidence of.
PEPPOL = {"processing": arrival.SENT, "done": arrival.CONFIRMED, "error": arrival.FAILED}


class AccountMove(models.Model):
    """Whether the customer has the invoice: the state, and what it follows from."""

    _inherit = "account.move"

    ar_arrival_ids = fields.One2many("ar.invoice.arrival", "move_id", "What Happened", groups=GROUP_AUDITOR)
    ar_arrival_state = fields.Selection(
        ARRIVAL_STATES, "Arrival", compute="_compute_ar_arrival", groups=GROUP_AUDITOR,
        help="Whether the customer has the invoice, by what happened to it.",
    )  # fmt: skip
    ar_arrival_text = fields.Char("Arrival in Words", compute="_compute_ar_arrival", groups=GROUP_AUDITOR)

    @api.depends("state", "is_move_sent", "ar_arrival_ids")
    @api.depends_context("lang")
    def _compute_ar_arrival(self):
        posted = self.filtered(lambda move: move.state == "posted" and move.is_sale_document(include_receipts=True))
        lines = posted.line_ids.filtered(lambda line: line._is_item_of_invoice())
        arrivals = lines._get_arrivals()
        states = {line.move_id: arrivals[line.id] for line in lines if line.id in arrivals}
        for move in self:
            state = states.get(move)
            move.ar_arrival_state = state.state if state else False
            move.ar_arrival_text = move._get_arrival_text(state) if state else False

    def _get_arrival_text(self, state):
        """Return the sentence about the arrival, followed by the state of the Peppol network.

        :param state: core.invoicing.arrival.Arrival
        """
        self.ensure_one()
        found = state.evidence
        values = {"day": format_date(self.env, found.day, date_format="medium"), "way": found.route} if found else {}
        if found and found.kind == arrival.MARKED:
            text = self.env._("Marked as delivered on %(day)s.", **values)
        elif found and found.kind == arrival.CONFIRMED:
            text = self.env._("Received by the customer's system on %(day)s (%(way)s).", **values)
        elif found:
            text = self._get_found_text(state.state, values)
        elif self.is_move_sent:
            text = self.env._("Marked as sent, but Odoo neither sent nor printed it as it is now.")
        else:
            text = self.env._("Odoo has not sent this invoice.")
        return " ".join(part for part in (text, self._get_peppol_text()) if part)

    def _get_found_text(self, state, values):
        """Return the sentence about a state that follows from a mail, a page or a print.

        :param dict values: ``day`` and ``way``
        """
        if state == arrival.SENT:
            return self.env._("Sent on %(day)s to %(way)s; nothing came back so far.", **values)
        if state == arrival.DELIVERED:
            return self.env._("Sent on %(day)s to %(way)s, and nothing came back.", **values)
        if state == arrival.BOUNCED:
            return self.env._("Came back on %(day)s from %(way)s.", **values)
        if state == arrival.VIEWED:
            return self.env._("The customer opened it on %(day)s.", **values)
        if state == arrival.PRINTED:
            return self.env._("Printed on %(day)s; assumed to have gone by post.", **values)
        return self.env._("Could not be sent on %(day)s, see below.", **values)

    def _get_peppol_text(self):
        """Return the state in the Peppol network, where `account_peppol` is installed and the invoice goes there."""
        if "peppol_move_state" not in self._fields or not self.peppol_move_state:
            return ""
        labels = dict(self._fields["peppol_move_state"]._description_selection(self.env))
        return self.env._("Peppol: %(state)s.", state=labels[self.peppol_move_state])

    def _record_seen(self):
        """Record that the customer opened the invoice's own page, once a day; the caller checked the visitor."""
        self.ensure_one()
        if self.state == "posted" and self.is_sale_document(include_receipts=True):
            row = {"move_id": self.id, "kind": arrival.VIEWED, "route": "invoice page"}
            if self.env["ar.invoice.arrival"].sudo()._store([row]):  # visitors have no rights on it
                self.env["ar.customer"]._mark_arrivals(self)

    def write(self, vals):
        """Override of `account` to record what the Peppol network says of invoices (`account_peppol`)."""
        state = vals.get("peppol_move_state")
        changed = self.filtered(lambda move: move.peppol_move_state != state) if state in PEPPOL else self.browse()
        result = super().write(vals)
        if changed:
            with ignore_failure(self.env, "what the Peppol network says of invoices"):
                changed._record_peppol(state)
        return result

    def _record_peppol(self, state):
        """Record a state of the Peppol network.

        :param str state: one of `PEPPOL`
        """
        invoices = self.filtered(lambda move: move.is_sale_document(include_receipts=True))
        rows = [{"move_id": move.id, "kind": PEPPOL[state], "route": "peppol"} for move in invoices]
        self.env["ar.invoice.arrival"].sudo()._store(rows)  # whoever asks the network
        self.env["ar.customer"]._mark_arrivals(invoices)

    # === BUTTONS === #

    def action_ar_mark_delivered(self):
        """Mark these posted invoices as delivered, see `account.move.line.action_ar_mark_delivered`.

        :raise UserError: for who is no collector, and where none of them is a posted invoice to a customer
        """
        self.env["ar.customer"]._require("collector")
        self.check_access("read")
        posted = self.filtered(lambda move: move.state == "posted" and move.is_sale_document(include_receipts=True))
        if not posted:
            raise UserError(self.env._("Select posted invoices or open items of customers first."))
        return posted.line_ids.filtered(lambda line: line._is_item_of_invoice())._mark_delivered()
