from odoo import models


class ArCommunication(models.Model):
    _inherit = "ar.communication"

    def _get_pay_url(self):
        """Override: who could not be charged pays on the page of the plan."""
        if self.notice != "autopay_failed":
            return super()._get_pay_url()
        return self._get_agreement().sudo().plan_id._get_page_url()  # the recipient's own
