import pytz

from odoo import api, fields, models

from ....core.fingerprint import fingerprint
from ....core.invoicing.sending import states

#: What is sent by itself; receipts are handed over.
TYPES = ("out_invoice", "out_refund")


class ArInvoiceSendingPosted(models.Model):
    """Which posted invoices are on the list, and what happens when one is posted again."""

    _inherit = "ar.invoice.sending"

    @api.model
    def _follow_posted(self, moves, before):
        """Put posted invoices on the list, and look at those again that are posted again.

        :param moves: posted invoices and credit notes of companies that send invoices
        :param set before: ids of those that were posted before; what is not on the list of these is not sent
        """
        known = self.search([("move_id", "in", moves.ids)])
        known._follow_posted_again()
        new = moves.filtered(lambda move: move.id not in before) - known.move_id
        self._add(new)

    def _follow_posted_again(self):
        """Let a person decide about invoices that were sent and are not the same any more."""
        for sending in self.filtered(lambda row: row.state == states.SENT and not row._is_as_sent()):
            sending._set_state(
                states.HELD, states.CHANGED, is_released=False, is_overridden=False, user_done_id=False, attempts=0
            )
        canceled = self.filtered(lambda row: row.state == states.NOT_TO_SEND and row.reason == states.CANCELED)
        canceled._set_state(states.WAITING)
        old = self.filtered("is_old")
        policies = self._find_policies(old.move_id)
        for sending in old:  # its date may have been corrected
            sending.is_old = self._is_dated_long_ago(sending.move_id, policies[sending.move_id])
        self._trigger_sending(fields.Datetime.now())

    @api.model
    def _add(self, moves):
        """Put invoices on the list whose policy sends them; return the rows."""
        rows = self.browse()
        for company, group in moves.grouped("company_id").items():
            now = company._ar_now()
            entries = self._match_policies(group).items()
            rows |= self.create(
                [{"move_id": move.id, **self._get_entry_vals(move, policy, now)} for move, policy in entries]
            )
        for moment in set(rows.mapped("due_at")):
            self._trigger_sending(moment)
        return rows

    @api.model
    def _get_entry_vals(self, move, policy, now):
        """Return the values that an invoice has on the list at its beginning.

        :param policy: the `ar.credit.policy` that sends it
        :param datetime now: in the time zone of the company
        """
        zone = now.tzinfo
        local = states.next_turn(policy.invoice_sending, policy.invoice_sending_hour, now.replace(tzinfo=None))
        due = zone.localize(local) if hasattr(zone, "localize") else local.replace(tzinfo=zone)
        return {
            "due_at": due.astimezone(pytz.utc).replace(tzinfo=None),
            "is_old": self._is_dated_long_ago(move, policy),
        }

    @api.model
    def _is_dated_long_ago(self, move, policy):
        """Return whether an invoice that is posted now has a date that the policy lets a person look at."""
        days = policy.invoice_review_older
        return bool(days and move.invoice_date) and (move.company_id._ar_today() - move.invoice_date).days > days

    @api.model
    def _match_policies(self, moves):
        """Return {invoice: policy} of those whose policy sends them."""
        return {
            move: policy
            for move, policy in self._find_policies(moves).items()
            if policy.invoice_sending not in (False, states.OFF)
            and (move.move_type == "out_invoice" or policy.invoice_sending_refunds)
        }

    # === WHAT FAILED WHILE IT WAS POSTED === #

    @api.model
    def _note_missed(self, moves, before):
        """Note posted invoices whose policy could not be looked at, because that failed; Odoo goes on posting them.

        :param moves: as in `_follow_posted`
        :param set before: the same
        """
        new = moves.filtered(lambda move: move.id not in before)
        new -= self.search([("move_id", "in", new.ids)]).move_id
        values = {"due_at": fields.Datetime.now(), "state": states.HELD, "reason": states.MISSED}
        self.create([{"move_id": move.id, **values} for move in new])

    @api.model
    def _add_missed(self, company):
        """Look at the invoices of a company that were noted as missed: what its policy does not send is left out."""
        missed = self.search([("company_id", "=", company.id), ("reason", "=", states.MISSED)])
        if not missed:
            return
        policies, now = self._match_policies(missed.move_id), company._ar_now()
        wanted = missed.filtered(lambda row: row.move_id in policies)
        (missed - wanted).unlink()
        for sending in wanted:
            vals = self._get_entry_vals(sending.move_id, policies[sending.move_id], now)
            sending._set_state(states.WAITING, **vals)
            self._trigger_sending(vals["due_at"])

    # === WHAT WAS SENT === #

    def _get_digest(self, with_reference=True):
        """Return a short text that changes with what the customer reads on the invoice.

        :param bool with_reference: whether with the customer's reference
        """
        self.ensure_one()
        move = self.move_id
        lines = [
            (line.name, line.quantity, line.price_unit, line.discount, line.tax_ids.ids, line.price_total)
            for line in move.invoice_line_ids
        ]
        return fingerprint(
            move.name, with_reference and move.ref, move.invoice_date, move.invoice_date_due,
            move.currency_id.name, move.currency_id.round(move.amount_total), move.narration,
            move.partner_bank_id.acc_number, *lines, digits=32,
        )  # fmt: skip

    def _is_as_sent(self):
        """Return whether the invoice has the contents and the debtor with which it was sent."""
        self.ensure_one()
        same_debtor = self.sent_partner_id.commercial_partner_id == self._get_debtor(self.move_id)
        return same_debtor and self.sent_digest == self._get_digest()

    def _is_as_decided(self):
        """Return whether the invoice is the same as when a person decided to send it.

        The customer's reference may be entered later: often that is what it still waits for.
        """
        self.ensure_one()
        same_debtor = self.decided_partner_id.commercial_partner_id == self._get_debtor(self.move_id)
        return same_debtor and self.decided_digest == self._get_digest(with_reference=False)

    @api.model
    def _trigger_sending(self, moment):
        """Let the scheduled action run at that time."""
        self.env.ref("ar_collections.ir_cron_send_invoices").sudo()._trigger(moment)  # users have no access to it
