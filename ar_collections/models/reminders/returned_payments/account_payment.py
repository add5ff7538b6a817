from odoo import models

from ...customers.core_flow import ignore_failure
from .ar_returned_payment_without_entry import STANDING


class AccountPayment(models.Model):
    """Payments without a journal entry that do not stand any more are returned payments.

    Where a payment has an entry, its reconciliation is undone instead.
    """

    _inherit = "account.payment"

    def write(self, vals):
        """Override of `account` to store what is reset, rejected or canceled, and to forget what is confirmed again."""
        state = vals.get("state")
        payments = self._ar_filter_without_entry() if state else self.browse()
        standing = payments.filtered(lambda payment: payment.state in STANDING)
        result = super().write(vals)
        returned = payments.env["ar.returned.payment"]
        # With an entry in the same values it is Odoo's write of a payment within another one, which tells of all.
        if state in STANDING and not vals.get("move_id") and (confirmed := payments - standing):
            undone = returned
            with ignore_failure(self.env, "payments that are confirmed again", writes=False):
                undone = returned._find_confirmed(confirmed)
            if undone:
                with ignore_failure(self.env, "payments that are confirmed again"):
                    undone.unlink()
        elif standing and state not in STANDING:
            with ignore_failure(self.env, "rejected payments"):
                returned.create(returned._prepare_rejected(standing))
        return result

    def unlink(self):
        """Override of `account` to store what is deleted while it stands."""
        standing, rows = self._ar_filter_without_entry().filtered(lambda payment: payment.state in STANDING), []
        returned = standing.env["ar.returned.payment"]
        if standing:
            with ignore_failure(self.env, "deleted payments", writes=False):
                rows = returned._prepare_rejected(standing)
        result = super().unlink()
        if rows:
            with ignore_failure(self.env, "deleted payments"):
                returned.create([{**row, "account_payment_id": False} for row in rows])
        return result

    def _ar_filter_without_entry(self):
        """Return the payments of customers that have no journal entry, in superuser mode."""
        return self.sudo().filtered(  # whoever works on payments needs no right on ours
            lambda payment: (
                not payment.move_id and (payment.payment_type, payment.partner_type) == ("inbound", "customer")
            )
        )
