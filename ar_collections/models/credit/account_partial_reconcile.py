from odoo import api, models


class AccountPartialReconcile(models.Model):
    """Reconciliations mark the accounts whose open items they change, see `ar.credit.stale`."""

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `account` to mark the customers whose items are settled."""
        partials = super().create(vals_list)
        partials._mark_credit()
        return partials

    def unlink(self):
        """Override of `account` to mark the customers whose items are open again."""
        self._mark_credit()
        return super().unlink()

    def _mark_credit(self):
        """Mark the customers of the reconciled items; costs nothing where nobody has a limit."""
        stale = self.env["ar.credit.stale"]
        if self and stale._is_used():
            lines = self.sudo().debit_move_id | self.sudo().credit_move_id  # as for entries
            stale._mark((line.partner_id.id, line.company_id.id) for line in lines)
