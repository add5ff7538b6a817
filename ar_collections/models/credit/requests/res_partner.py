from odoo import api, fields, models

READERS = "ar_collections.ar_collections_group_auditor,ar_collections.ar_collections_group_salesperson"


class ResPartner(models.Model):
    """Salespeople and collectors request a limit on the contact, also before the first invoice."""

    _inherit = "res.partner"

    ar_can_request_limit = fields.Boolean(compute="_compute_ar_can_request_limit", groups=READERS)

    @api.depends("user_id", "commercial_partner_id")
    @api.depends_context("uid")
    def _compute_ar_can_request_limit(self):
        """Compute whether to show the button; the dialog checks it again."""
        collects = self.env["ar.credit.request"]._has_role("collector")
        for partner in self:
            is_own = bool(partner.ids) and partner.commercial_partner_id == partner
            partner.ar_can_request_limit = is_own and (collects or partner.user_id == self.env.user)

    def action_ar_request_limit(self):
        """Open the dialog to request a credit limit."""
        self.ensure_one()
        self.env["ar.credit.request"]._check_requester(self)
        return self.env["ar.credit.request.new"]._open(self, self.env.company)
