from odoo import models

from ...customers.core_flow import ignore_failure


class AccountMove(models.Model):
    """Credit notes of settlements release what was agreed on, and nothing else of their invoices."""

    _inherit = "account.move"

    def _reconcile_reversed_moves(self, reverse_moves, move_reverse_cancel):
        """Override of `account` to reconcile a credit note with the items of its settlement, before the others."""
        settlements = self.env["ar.settlement"].sudo()  # accountants who post the note need no right on settlements
        settlements = settlements.search([("credit_note_ids", "in", reverse_moves.ids)])
        if settlements:
            with ignore_failure(self.env, "the settlements whose rests credit notes release"):
                for settlement in settlements:
                    settlement._match_notes(reverse_moves & settlement.credit_note_ids, move_reverse_cancel)
        return super()._reconcile_reversed_moves(reverse_moves, move_reverse_cancel)
