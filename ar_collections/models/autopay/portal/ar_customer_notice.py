from odoo import models


class ArCustomerAutopayNotice(models.Model):
    """The customer is told by mail what it agreed to and that it ended: who has the link may have done it."""

    _inherit = "ar.customer"

    def _accept_autopay(self, token, name, text, options, ip_address=None):
        """Override to confirm the consent by mail."""
        consent = super()._accept_autopay(token, name, text, options, ip_address)
        consent._confirm("autopay_started")
        return consent

    def _stop_autopay(self, reason):
        """Override to tell the customer by mail that automatic payments ended; of a revoked one that is told anyway."""
        ending = self._get_live_autopay().filtered(lambda consent: not consent.is_revoked)
        result = super()._stop_autopay(reason)
        ending._confirm("autopay_ended")
        return result
