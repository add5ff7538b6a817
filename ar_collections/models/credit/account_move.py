from odoo import api, models

from ..customers.core_flow import ignore_failure

#: What changes the exposure of a customer: posting, canceling, another debtor, other amounts of a draft.
CHANGING = {"state", "partner_id", "company_id", "currency_id", "invoice_currency_rate", "line_ids", "invoice_line_ids"}


class AccountMove(models.Model):
    """Entries mark the accounts whose exposure they change, see `ar.credit.stale`."""

    _inherit = "account.move"

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `account` to mark the customers of drafts."""
        moves = super().create(vals_list)
        moves._mark_credit()
        return moves

    def write(self, vals):
        """Override of `account` to mark the customers before and after a change."""
        if CHANGING.isdisjoint(vals):
            return super().write(vals)
        self._mark_credit()
        result = super().write(vals)
        self._mark_credit()
        return result

    def unlink(self):
        """Override of `account` to mark the customers of what is deleted."""
        self._mark_credit()
        return super().unlink()

    def _mark_credit(self):
        """Mark the customers of these entries and of their items; costs nothing where nobody has a limit."""
        stale = self.env["ar.credit.stale"]
        if not self or not stale._is_used():
            return
        with ignore_failure(self.env, "exposures that entries change", writes=False):
            moves = self.sudo()  # who writes an entry need not read all of it
            partners = {(move, partner) for move in moves for partner in move.line_ids.partner_id | move.partner_id}
            stale._mark((partner.id, move.company_id.id) for move, partner in partners)
