from odoo import api, models

from ..customers.core_flow import ignore_failure


class AccountPartialReconcile(models.Model):
    """Undone reconciliations of customers' items are stored as returned payments."""

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `account` to forget payments that came back and are applied again at once."""
        partials = super().create(vals_list)
        returned = self.env["ar.returned.payment"].sudo()  # accountants need no right on it
        items = partials.debit_move_id.ids
        if returned.search_count([("state", "=", "new"), ("move_line_id", "in", items)], limit=1):
            with ignore_failure(self.env, "returned payments that are applied again"):
                returned._settle_again(partials.sudo())  # as above
        return partials

    def unlink(self):
        """Override of `account` to store what comes back with the reconciliations of customers' items."""
        partials = self.browse() | self  # Odoo passes one twice where both of its items are unreconciled
        of_customers = partials.sudo().filtered(lambda partial: partial._is_of_customer())  # as in `create`
        if not of_customers:
            return super().unlink()
        returned, rows = of_customers.env["ar.returned.payment"], []
        with ignore_failure(self.env, "payments that came back"):
            rows = returned._prepare_undone(of_customers)
        result = super().unlink()
        if rows:
            with ignore_failure(self.env, "payments that came back"):
                returned.create([{**row, **self._get_existing(row)} for row in rows])
        return result

    def _is_of_customer(self):
        """Return whether a payment or credit settled a customer's debt; exchange differences and refunds are none."""
        self.ensure_one()
        item = self.debit_move_id
        return (
            item.account_id.account_type == "asset_receivable"
            and not item.account_id.non_trade
            and not item._is_our_payment()
            and item.parent_state == "posted"
            and bool(item.partner_id)
            and self.credit_move_id.move_id != self.exchange_move_id
            and self.credit_move_id.journal_id != item.company_id.currency_exchange_journal_id
        )

    @api.model
    def _get_existing(self, row):
        """Return those records of the row that still exist: the flow may have deleted the payment with it."""
        fields = self.env["ar.returned.payment"]._fields
        names = ("move_line_id", "move_id", "counterpart_id", "counterpart_move_id")
        return {name: self.env[fields[name].comodel_name].browse(row[name]).exists().id for name in names}
