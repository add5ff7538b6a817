from odoo import models


class PaymentProviderRights(models.Model):
    """What the key of a Stripe provider may do: known by trying, tried again each day and with another key."""

    _inherit = "payment.provider"

    def write(self, vals):
        """Override to forget what the former key was allowed to do."""
        key = vals.get("stripe_secret_key")
        others = self.filtered(lambda provider: "stripe_secret_key" in vals and provider.stripe_secret_key != key)
        result = super().write(vals)
        if others:
            # sudo: what is known of the key is written by us alone.
            others.sudo().write(
                {"ar_stripe_checked_on": False, "ar_stripe_scopes": False, "ar_stripe_endpoint_fault": False}
            )
        return result
