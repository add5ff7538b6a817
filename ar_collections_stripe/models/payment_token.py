from odoo import models
from odoo.exceptions import ValidationError


class PaymentToken(models.Model):
    """When a card that was saved with Stripe expires: Stripe knows it, and learns of renewed cards."""

    _inherit = "payment.token"

    def _ar_get_expiry_stripe(self):
        """Return (year, month) of a card, see `_ar_get_expiry`; ``None`` for bank accounts and without an answer."""
        self.ensure_one()
        if not self.stripe_payment_method:
            return None
        try:
            found = self.provider_id._send_api_request("GET", f"payment_methods/{self.stripe_payment_method}")
        except ValidationError:
            return None  # asked again later; nothing depends on it
        card = found.get("card") or {}
        return (card["exp_year"], card["exp_month"]) if card.get("exp_year") and card.get("exp_month") else None
