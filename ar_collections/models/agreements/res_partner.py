from odoo import api, fields, models

from .ar_agreement import OPEN_AGREEMENTS


class ResPartner(models.Model):
    """The number of open promises, disputes and payment plans of a contact's company, shown on the contact."""

    _inherit = "res.partner"

    ar_agreement_count = fields.Integer(
        "Open Agreements",
        compute="_compute_ar_agreement_count",
        groups="ar_collections.ar_collections_group_auditor",
        help="Open agreements in the current company that you may read.",
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("company")
    def _compute_ar_agreement_count(self):
        partners = self.commercial_partner_id
        counts = dict.fromkeys(partners.ids, 0)
        for model, is_open in OPEN_AGREEMENTS.items():
            if not self.env[model].has_access("read"):
                continue  # salespeople see some of the agreements; what they may not read is not counted for them
            domain = [("partner_id", "in", partners.ids), ("company_id", "=", self.env.company.id), *is_open]
            for partner, number in self.env[model]._read_group(domain, ["partner_id"], ["__count"]):
                counts[partner.id] += number
        for partner in self:
            partner.ar_agreement_count = counts.get(partner.commercial_partner_id.id, 0)
