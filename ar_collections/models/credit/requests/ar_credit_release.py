from odoo import api, models

from .ar_customer_authority import LIMIT_RULES


class ArCreditRelease(models.Model):
    """The release of a document above the limit goes by the same authority and four eyes as the limit itself."""

    _inherit = "ar.credit.release"

    @api.model
    def _check_allowed(self, document):
        """Override to check how much the customer would owe with the document."""
        result = super()._check_allowed(document)
        found = document._ar_check_documents(lock=False).get(document.id)
        for reason in found.status.reasons if found else ():
            if reason.code in LIMIT_RULES:
                account = document.sudo()._ar_get_credit_account().with_env(self.env)  # of the user's document
                account._check_lifted(reason.code, reason.amount)
        return result
