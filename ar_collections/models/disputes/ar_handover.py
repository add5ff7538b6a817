from odoo import api, models

from ...core.disputes.dispute import OPEN_STATES


class ArHandover(models.AbstractModel):
    """Open disputes of owners who left get another owner."""

    _inherit = "ar.handover"

    @api.model
    def _pass_on(self, users=None, company=None):
        """Override to change the owners of open disputes, by the rule of new ones."""
        disputes = self.env["ar.dispute"].sudo()  # all that are open, whatever the user may read
        domain = [*self._get_owned_domain("user_id", users, company), ("state", "in", list(OPEN_STATES))]
        self._set_owners(
            {
                dispute: dispute._get_owner(dispute.customer_id, dispute.reason_id, dispute._get_recorder())
                for dispute in disputes.search(domain)
                if not dispute.user_id._ar_works_for(dispute.company_id, "auditor")
            }
        )
        return super()._pass_on(users, company)
