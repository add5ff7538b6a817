from odoo import api, models


class PaymentProvider(models.Model):
    """Switching a provider off archives its saved methods, and with them ends what customers agreed to."""

    _inherit = "payment.provider"

    @api.onchange("state")
    def _onchange_state_warn_before_disabling_tokens(self):
        """Override of `payment` to say how many consents end, and what stops charges without that."""
        result = super()._onchange_state_warn_before_disabling_tokens()
        live = [("token_id.provider_id", "=", self._origin.id), ("ended_on", "=", False)]
        # sudo: administrators of payments need no role of ours.
        if result and (number := self.env["ar.autopay.consent"].sudo().search_count(live)):
            text = self.env._(
                "With them end automatic payments (%(number)s), and customers have to agree again. To stop charging "
                "for a while, use “Stop all” in the settings of Collections instead.",
                number=number,
            )
            result["warning"]["message"] = f"{result['warning']['message'].strip()} {text}"
        return result
