from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merging contacts: their customer accounts are merged first, because a customer has one account in a company."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Override of `base` to merge the customer accounts before Odoo re-points what refers to the contacts.

        Odoo re-points the stored commercial partner as well, which is not right where the remaining contact belongs to
        a company: it is computed again.
        """
        # sudo: users who merge contacts need no role of ours; accounts of all companies are concerned.
        customers = self.env["ar.customer"].sudo().with_context(active_test=False)
        customers._before_merge(src_partners.sudo(), dst_partner.sudo())
        result = super()._update_foreign_keys(src_partners, dst_partner)
        if dst_partner.commercial_partner_id != dst_partner:
            partners = self.env["res.partner"].sudo().with_context(active_test=False)
            stale = partners.search([("commercial_partner_id", "=", dst_partner.id)])
            self.env.add_to_compute(partners._fields["commercial_partner_id"], stale)
        return result
