from odoo import api, models


class ArHandover(models.AbstractModel):
    """Open inquiries are passed on to whoever takes over the customer."""

    _inherit = "ar.handover"

    @api.model
    def _pass_on(self, users=None, company=None):
        """Override to change the owners of open inquiries who cannot answer any more."""
        inquiries = self.env["ar.inquiry"].sudo()  # of all customers, whatever the user may read
        opened = inquiries.search([*self._get_owned_domain("user_id", users, company), ("state", "=", "open")])
        self._set_owners(
            {
                inquiry: inquiry.customer_id.collector_id or inquiry.company_id._ar_get_responsible()
                for inquiry in opened
                if not inquiry.user_id._ar_works_for(inquiry.company_id, "collector")
            }
        )
        return super()._pass_on(users, company)
