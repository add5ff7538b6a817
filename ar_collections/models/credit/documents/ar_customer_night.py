from odoo import api, models


class ArCustomerNight(models.Model):
    """The nightly step of credit control takes the marks from documents that are free again."""

    _inherit = "ar.customer"

    @api.model
    def _refresh_credit_company(self, company, today, auto_commit=False):
        """Override to clear the marks of draft invoices whose customer has paid, or got a higher limit, for instance.

        Nothing is posted by it: the list of held invoices shows those alone that would still be held.
        """
        finished = super()._refresh_credit_company(company, today, auto_commit)
        if finished and not company.parent_id and self.env["ar.credit.stale"]._is_used():
            branches = self.env["ar.facts"]._get_branches(company)
            self.env["account.move"]._ar_free_held([("company_id", "in", branches.ids)])
        return finished
