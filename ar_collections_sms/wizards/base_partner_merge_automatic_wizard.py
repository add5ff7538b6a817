from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merged contacts keep one valid consent for each company and number."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Override of `base` to end consents that would be there twice."""
        self.env["ar.sms.consent"]._keep_one(src_partners | dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)
