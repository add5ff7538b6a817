from odoo import api, models

from ....core.recovery.insolvency import OPEN


class ArCreditStanding(models.AbstractModel):
    """Customers in insolvency proceedings are on hold, whatever their policy says."""

    _inherit = "ar.credit.standing"

    @api.model
    def _read_insolvent(self, accounts, today):
        """Override to return the first opening of proceedings that are not over; one query for all accounts."""
        found = super()._read_insolvent(accounts, today)
        proceedings = self.env["ar.facts"]._read_proceedings(accounts.company_id, accounts.partner_id.ids)
        for account in accounts if proceedings else ():
            days = [
                each.opened_on
                for each in proceedings.get(account.partner_id.id, ())
                if each.state == OPEN and each.holds(today)
            ]
            if days:
                found[account] = min(days)
        return found
