import datetime

from odoo import models

from ..core.dispute import ACCEPTED, OPEN_STATES, PARTLY, REJECTED

#: An answer stays on the page so long.
ANSWERS_SHOWN_DAYS = 30


class ArCustomerPortalDisputes(models.Model):
    """Disputes on the customer's page."""

    _inherit = "ar.customer"

    def _may_dispute(self):
        """Tell whether the policy lets the customer dispute on the page."""
        self.ensure_one()
        return not self.policy_id or self.policy_id.dispute_portal

    def _get_possible_asks(self):
        """Override to offer a dispute of what is ticked."""
        asks = super()._get_possible_asks()
        if self._may_dispute():
            asks["dispute"] = self.env._("Something is wrong")
        return asks

    def _get_agreement_rows(self):
        """Override to list what is in dispute, and for a while how we answered."""
        since = self.company_id._ar_today() - datetime.timedelta(days=ANSWERS_SHOWN_DAYS)
        # Shown to a visitor whose right was checked by the account's token or partner.
        disputes = (
            self.env["ar.dispute"]
            .sudo()
            .search(
                [
                    ("customer_id", "=", self.id),
                    "|",
                    ("state", "in", OPEN_STATES),
                    "&",
                    ("state", "in", (ACCEPTED, PARTLY, REJECTED)),
                    ("date_resolved", ">=", since),
                ]
            )
        )
        return super()._get_agreement_rows() + [dispute._get_portal_row() for dispute in disputes]

    def _get_portal_dispute(self, dispute_id):
        """Return the customer's own dispute with that id, empty for others: "not yours" looks like "not there"."""
        return self.env["ar.dispute"].sudo().search([("id", "=", dispute_id), ("customer_id", "=", self.id)])

    def _get_dispute_reasons(self):
        """Return the reasons that customers may choose."""
        reasons = self.env["ar.dispute.reason"].sudo()  # their names, for a visitor whose right was checked
        return reasons._get_for(self.company_id).filtered("portal")
