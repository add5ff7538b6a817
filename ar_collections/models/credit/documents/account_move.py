from odoo import fields, models

from ....core.credit.effect import WARN
from ...customers.core_flow import ignore_failure


class AccountMove(models.Model):
    """Invoices of customers on hold are not posted, as decision 21 describes. The others of a batch go on."""

    _inherit = "account.move"

    def _post(self, soft=True):
        """Override of `account` to hold invoices: they stay drafts and are marked.

        :raise CreditHold: where nothing is left to post
        """
        may_stop = self.env["ar.credit.stale"]._may_stop()
        effects = self._ar_get_posted(soft)._ar_check_documents() if may_stop else {}
        held = self._ar_get_blocked(effects)
        posting = self - held
        if held and not posting and held._ar_may_raise():
            held._ar_raise_hold(effects)
        if self.env.context.get("ar_autopost"):
            posting = posting.with_context(ar_autopost=False)  # what posting looks for includes held entries
        with posting._ar_passed():
            posted = super(AccountMove, posting)._post(soft)
        if held:
            with ignore_failure(self.env, "marking invoices on hold"):
                held.sudo()._ar_mark_held(effects)  # who posts need not write the mark
                held._ar_tell_held(effects)
        warned = posted.filtered(lambda move: move.id in effects and effects[move.id].effect == WARN)
        if warned:
            with ignore_failure(self.env, "credit warnings about invoices"):
                warned._ar_tell_warned(effects)
        return posted

    def write(self, vals):
        """Override of `account` to check invoices that are posted without `_post`, and to clear the marks.

        A mark ends when the invoice is posted, canceled, or given to another customer.

        :raise CreditHold: for invoices that are held
        """
        if vals.get("state") == "posted":
            self._ar_check_written()
        owed_by = {move: move.commercial_partner_id for move in self._ar_filter_marked(vals)}
        result = super().write(vals)
        for move, partner in owed_by.items():
            if move.state != "draft" or move.commercial_partner_id != partner:
                move.sudo()._ar_clear_hold()  # who writes an invoice need not write the mark
        return result

    def _ar_filter_marked(self, vals):
        """Return those of these invoices whose mark a write with these values may end."""
        if {"state", "partner_id", "commercial_partner_id"}.isdisjoint(vals):
            return self.browse()
        return self.sudo().filtered("ar_held_on").sudo(False)  # as above

    def _ar_get_posted(self, soft):
        """Return the invoices to check, and the credit notes posted with them, which come first.

        Those with a date in the future are not posted now. A credit note that is reversed makes no new debt: it was
        wrong that the debt was gone.
        """
        today = fields.Date.context_today(self)
        moves = self.filtered(
            lambda move: (
                move.state == "draft"
                and move.move_type in ("out_invoice", "out_refund")
                and move.partner_id
                and not (soft and move.date and move.date > today)
            )
        )
        invoices = moves.filtered(lambda move: move.move_type == "out_invoice" and not move._ar_is_reversal())
        refunds = moves.filtered(lambda move: move.move_type == "out_refund")
        return (refunds | invoices.sorted("id")) if invoices else invoices

    def _ar_is_reversal(self):
        """Return whether the invoice takes back a posted credit note of its customer, and no more than that.

        The link alone proves nothing: whoever invoices can write it.
        """
        note = self.sudo().reversed_entry_id  # whatever the user may read of it
        before = note.reversal_move_ids.filtered(
            lambda move: move.state == "posted" or (move.state == "draft" and move.id < self.id)
        )
        return (
            note.move_type == "out_refund"
            and note.state == "posted"
            and note.commercial_partner_id == self.commercial_partner_id
            and note.currency_id == self.currency_id
            and self.currency_id.compare_amounts(sum((before | self).mapped("amount_total")), note.amount_total) <= 0
        )

    def _ar_may_raise(self):
        """Return whether an error may say that all of these invoices are held.

        The scheduled action tells on the thread; where a transaction posts what it pays a part of, its payment would
        be lost with the error.
        """
        is_scheduled = self.env.context.get("ar_autopost")
        return not is_scheduled and not any(move._ar_get_money() for move in self.sudo())  # of their customers

    def _ar_check_written(self):
        """Check invoices whose state somebody writes, which skips `_post`.

        :raise CreditHold: for invoices that are held
        """
        if not self.env["ar.credit.stale"]._may_stop():
            return
        written = self._ar_without_passed()
        effects = written._ar_get_posted(soft=False)._ar_check_documents()
        if held := written._ar_get_blocked(effects):
            held._ar_raise_hold(effects)
