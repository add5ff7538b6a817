import datetime

import pytz

from odoo import api, fields, models
from odoo.fields import Domain

from ....core.invoicing.sending import check, states

#: What is sent by itself; receipts are handed over.
TYPES = ("out_invoice", "out_refund")

#: What was posted and is not on the list is looked for so far back: Odoo goes on where our part of posting failed.
MISSED_DAYS = 7


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
        self._trigger_sending(fields.Datetime.now())

    @api.model
    def _add(self, moves):
        """Put invoices on the list whose policy sends them; return the rows."""
        rows = self.browse()
        for company, group in moves.grouped("company_id").items():
            policies = self._match_policies(group)
            now = company._ar_now()
            values, zone = [], now.tzinfo
            for move, policy in policies.items():
                local = states.next_turn(policy.invoice_sending, policy.invoice_sending_hour, now.replace(tzinfo=None))
                due = zone.localize(local) if hasattr(zone, "localize") else local.replace(tzinfo=zone)
                values.append({"move_id": move.id, "due_at": due.astimezone(pytz.utc).replace(tzinfo=None)})
            rows |= self.create(values)
        for moment in set(rows.mapped("due_at")):
            self._trigger_sending(moment)
        return rows

    @api.model
    def _match_policies(self, moves):
        """Return {invoice: policy} of those whose policy sends them."""
        return {
            move: policy
            for move, policy in self._find_policies(moves).items()
            if policy.invoice_sending not in (False, states.OFF)
            and (move.move_type == "out_invoice" or policy.invoice_sending_refunds)
        }

    @api.model
    def _add_missed(self, company):
        """Put invoices on the list that were entered and posted lately, and are not on it, because that failed."""
        if not company.ar_sends_invoices:
            return
        policies = company.ar_policy_ids.filtered("invoice_sending_since")
        since = fields.Datetime.now() - datetime.timedelta(days=MISSED_DAYS)
        since = max(since, min(policies.mapped("invoice_sending_since"), default=since))
        moves = self.env["account.move"].search(
            Domain("company_id", "=", company.id)
            & Domain("move_type", "in", TYPES)
            & Domain("state", "=", "posted")
            & Domain("create_date", ">=", since)
            & Domain("ar_sending_ids", "=", False)
        )
        for move, policy in self._match_policies(moves).items():
            if policy.invoice_sending_since <= move.create_date and not move.is_move_sent:
                self._add(move)

    # === WHAT WAS SENT === #

    def _get_digest(self):
        """Return a short text that changes with what the customer reads on the invoice."""
        self.ensure_one()
        move = self.move_id
        lines = [
            (line.name, line.quantity, line.price_unit, line.discount, line.tax_ids.ids, line.price_total)
            for line in move.invoice_line_ids
        ]
        return check.digest(
            [
                move.name, move.ref, move.invoice_date, move.invoice_date_due, move.currency_id.name,
                move.currency_id.round(move.amount_total), move.narration, move.partner_bank_id.acc_number, *lines,
            ]
        )  # fmt: skip

    def _is_as_sent(self):
        """Return whether the invoice has the contents and the debtor with which it was sent."""
        self.ensure_one()
        same_debtor = self.sent_partner_id.commercial_partner_id == self._get_debtor(self.move_id)
        return same_debtor and self.sent_digest == self._get_digest()

    @api.model
    def _trigger_sending(self, moment):
        """Let the scheduled action run at that time."""
        self.env.ref("ar_collections.ir_cron_send_invoices").sudo()._trigger(moment)  # users have no access to it
