from odoo import models

from ...customers.core_flow import ignore_failure


class AccountPayment(models.Model):
    """Payments without a journal entry that are rejected or canceled are returned payments."""

    _inherit = "account.payment"

    def write(self, vals):
        """Override of `account`: where a payment has an entry, its reconciliation is undone instead."""
        if vals.get("state") not in ("rejected", "canceled"):
            return super().write(vals)
        standing = self.sudo().filtered(  # whoever rejects payments needs no right on ours
            lambda payment: (
                not payment.move_id
                and payment.state in ("in_process", "paid")
                and (payment.payment_type, payment.partner_type) == ("inbound", "customer")
            )
        )
        result = super().write(vals)
        if standing:
            returned = standing.env["ar.returned.payment"]
            with ignore_failure(self.env, "rejected payments"):
                returned.create(returned._prepare_rejected(standing))
        return result
