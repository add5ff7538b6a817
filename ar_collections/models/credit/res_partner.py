from odoo import api, fields, models


class ResPartner(models.Model):
    """Customers get a credit limit before their first invoice."""

    _inherit = "res.partner"

    ar_can_set_limit = fields.Boolean(
        compute="_compute_ar_can_set_limit", groups="ar_collections.ar_collections_group_credit_manager"
    )

    @api.depends("commercial_partner_id.ar_customer_ids")
    @api.depends_context("company")
    def _compute_ar_can_set_limit(self):
        """Compute whether the contact is a customer of its own without an account."""
        for partner in self:
            is_own = bool(partner.ids) and partner.commercial_partner_id == partner
            partner.ar_can_set_limit = is_own and not partner.ar_customer_id

    def action_ar_set_limit(self):
        """Open the account that holds the customer's limit, made where there is none yet."""
        self.ensure_one()
        self.check_access("read")
        accounts = self.env["ar.customer"]
        accounts._require("credit_manager")
        root = self.env.company.sudo().root_id  # the user may work for a branch alone
        accounts._ensure_for_partners(self.commercial_partner_id, root)
        return accounts.search(
            [("partner_id", "=", self.commercial_partner_id.id), ("company_id", "=", root.id)]
        )._get_form_action()
