from odoo import models

SETTLEMENT = "ar.settlement"


class ArCommunication(models.Model):
    """Messages that offer a settlement: they ask for the agreed amount, not for all that they list."""

    _inherit = "ar.communication"

    # The offer is sent once, also by persons who press the button at the same time.
    _settlement_offer_once = models.UniqueIndex(
        "(agreement_id) WHERE notice = 'settlement_offered' AND state NOT IN ('failed', 'cancelled')",
        "This settlement was already offered to the customer.",
    )

    def _get_pay_url(self):
        """Override to link to the page of the settlement, where exactly the agreed amount is paid."""
        if self.agreement_model == SETTLEMENT:
            return self._get_agreement().sudo()._get_page_address()  # that of the recipient
        return super()._get_pay_url()

    def _get_transfers(self, with_image=False):
        """Override to transfer what is left of the agreed amount."""
        if self.agreement_model == SETTLEMENT:
            return self._get_agreement().sudo()._get_transfers(self.lang, with_image)  # that of the recipient
        return super()._get_transfers(with_image)

    def _get_preheader(self):
        """Override to name the agreed amount and its day."""
        if self.agreement_model == SETTLEMENT:
            settlement = self._get_agreement().sudo()  # that of the recipient
            return settlement.with_context(lang=self.lang)._get_offer_text(self.lang)
        return super()._get_preheader()

    def _is_without_text(self):
        """Override: the text of an offer is that of its settlement, not of a step."""
        return self.agreement_model != SETTLEMENT and super()._is_without_text()
