from odoo import models


class ArCommunication(models.Model):
    """The notice about a failed automatic payment links to the page of its plan."""

    _inherit = "ar.communication"

    def _get_pay_url(self):
        """Override to link the notice ``autopay_failed`` to the page of the plan, where the installment can be paid."""
        if self.notice != "autopay_failed":
            return super()._get_pay_url()
        return self._get_agreement().sudo().plan_id._get_page_address()  # sudo: the plan of the recipient
