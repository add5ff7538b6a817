from odoo import api, models
from odoo.tools import SQL

from ...customers.core_flow import ignore_failure


class AccountPartialReconcile(models.Model):
    """What concerns us of new and undone reconciliations: undone ones are stored as returned payments.

    One query finds out whether anything is concerned; for most items nothing is.
    """

    _inherit = "account.partial.reconcile"

    # === EXTENSION POINT === #

    @api.model
    def _select_concerned(self, items):
        """Return {what: SQL condition} of what a reconciliation of these items concerns; see `_act_on_reconciled`.

        Extension point: an override adds its own conditions, which name the fields that are to be flushed.
        """
        fields = self.env["ar.returned.payment"]._fields
        return {
            "returned": SQL(
                "EXISTS (SELECT FROM ar_returned_payment WHERE state = 'new' AND move_line_id = ANY(%s))",
                items.ids,
                to_flush=(fields["state"], fields["move_line_id"]),
            )
        }

    @api.model
    def _act_on_reconciled(self, partials, items, concerned):
        """Act on what new or undone reconciliations concern.

        Extension point: an override acts on its own part.

        :param partials: the new `account.partial.reconcile`; empty where they were undone
        :param items: the customers' items
        :param set concerned: the keys of `_select_concerned` that hold
        """
        if partials and "returned" in concerned:
            with ignore_failure(self.env, "returned payments that are applied again"):
                self.env["ar.returned.payment"].sudo()._settle_again(partials.sudo())  # as in `create`

    @api.model
    def _find_concerned(self, items):
        """Return the keys of `_select_concerned` that hold for these items."""
        with ignore_failure(self.env, "what reconciliations concern", writes=False):
            conditions = self._select_concerned(items)
            (row,) = self.env.execute_query(SQL("SELECT %s", SQL(", ").join(conditions.values())))
            return {what for what, holds in zip(conditions, row, strict=True) if holds}
        return set()

    # === ODOO'S FLOWS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `account` to forget payments that came back and are applied again at once, and the like."""
        partials = super().create(vals_list)
        items = partials.sudo().debit_move_id  # accountants need no right on what is ours
        items = items.filtered(lambda item: item.account_id.account_type == "asset_receivable")
        if items and (concerned := self._find_concerned(items)):
            self._act_on_reconciled(partials, items, concerned)
        return partials

    def unlink(self):
        """Override of `account` to store what comes back with the reconciliations of customers' items."""
        partials = self.browse() | self  # Odoo passes one twice where both of its items are unreconciled
        if not partials:  # as Odoo calls it for every entry that is reset to draft
            return super().unlink()
        items, rows = partials.debit_move_id, []
        returned = self.env["ar.returned.payment"].sudo()  # as in `create`
        with ignore_failure(self.env, "payments that came back", writes=False):
            rows = returned._prepare_undone(partials)
        concerned = self._find_concerned(items)
        result = super().unlink()
        if rows:
            with ignore_failure(self.env, "payments that came back"):
                returned.create(returned._keep_existing(rows))
        if concerned:
            self._act_on_reconciled(self.browse(), items, concerned)
        return result
