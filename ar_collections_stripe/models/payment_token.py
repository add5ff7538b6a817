from odoo import models
from odoo.exceptions import ValidationError

from odoo.addons.ar_collections.models.autopay.failed_request import is_answered, request_error


class PaymentToken(models.Model):
    """When a card that was saved with Stripe expires: Stripe knows it, and learns of renewed cards."""

    _inherit = "payment.token"

    def _ar_get_expiry_stripe(self):
        """Return (year, month) of a card, see `_ar_get_expiry`; ``None`` for bank accounts and unknown methods.

        :raise ValidationError: where Stripe gave no answer
        """
        self.ensure_one()
        if not self.stripe_payment_method:
            return None
        try:
            found = self.provider_id._send_api_request("GET", f"payment_methods/{self.stripe_payment_method}")
        except ValidationError as error:
            if is_answered(request_error(error)):
                return None
            raise
        card = found.get("card") or {}
        return (card["exp_year"], card["exp_month"]) if card.get("exp_year") and card.get("exp_month") else None
