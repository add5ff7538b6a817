from odoo import fields, models

from ..customers.core_flow import ignore_failure


class AccountMove(models.Model):
    """Disputes on the invoice, and the reconciliation of their credit notes."""

    _inherit = "account.move"

    ar_dispute_line_ids = fields.One2many(
        "ar.dispute.line", "move_id", "Disputes", groups="ar_collections.ar_collections_group_auditor"
    )

    def _reconcile_reversed_moves(self, reverse_moves, move_reverse_cancel):
        """Override of `account` to reconcile a credit note with the disputed installment first, before the others."""
        lines = self.env["ar.dispute.line"].sudo()  # accountants who post the note need no right on disputes
        lines = lines.search([("credit_note_id", "in", reverse_moves.ids)])
        if lines:
            with ignore_failure(self.env, "the disputes that credit notes settle"):
                self._reconcile_disputed(lines, move_reverse_cancel)
        return super()._reconcile_reversed_moves(reverse_moves, move_reverse_cancel)

    def _reconcile_disputed(self, lines, move_reverse_cancel):
        """Reconcile the credit notes of dispute lines with the installments in dispute."""
        lines.dispute_id._close_when_booked()
        for line in lines.filtered("move_line_id"):
            line.credit_note_id.with_env(self.env)._ar_match_note(line.move_line_id, move_reverse_cancel)

    def action_new_dispute(self):
        """Open the dialog to record a dispute of this invoice."""
        self.ensure_one()
        action = self._get_ar_account().action_new_dispute()
        return dict(action, context={**action["context"], "default_move_id": self.id})
