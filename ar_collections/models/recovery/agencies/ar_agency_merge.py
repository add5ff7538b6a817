from odoo import api, models

#: What refers to an agency, and goes on with the one that remains.
REFERRING = (("ar.placement", "agency_id"), ("ar.credit.policy", "placement_agency_id"))


class ArAgencyMerge(models.Model):
    """Two contacts that are both agencies of a company are merged: one agency remains, with the cases of both."""

    _inherit = "ar.agency"

    @api.model
    def _merge_for(self, sources, target):
        """Merge the agencies of contacts that are about to be merged, in each company, in superuser mode.

        The agency of the remaining contact keeps its settings, commission included; without one, the oldest does.

        :param sources: the contacts that will be deleted
        :param target: the contact that remains
        """
        everything = self.with_context(active_test=False)
        agencies = everything.search([("partner_id", "in", (sources | target).ids)], order="id")
        for _company, group in agencies.grouped("company_id").items():
            kept = group.filtered(lambda agency: agency.partner_id == target)[:1] or group[:1]
            kept._absorb(group - kept)

    def _absorb(self, others):
        """Take over the cases, policies and people of other agencies, and delete them."""
        self.ensure_one()
        if not others:
            return
        for model, name in REFERRING:
            records = self.env[model].with_context(active_test=False, tracking_disable=True)
            records.search([(name, "in", others.ids)]).write({name: self.id})
        self.active = self.active or any(others.mapped("active"))
        self.user_ids |= others.user_ids
        others.unlink()
