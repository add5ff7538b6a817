from odoo import api, fields, models

from ...customers.core_flow import ignore_failure


class ResCompany(models.Model):
    """New companies get the settings of the score; the day of the last nightly step is kept."""

    _inherit = "res.company"

    ar_scores_on = fields.Date(
        "Scores Computed on", readonly=True, copy=False, help="Day for which the nightly run computed all scores."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `base` to create the settings of the score for each new company that is no branch."""
        companies = super().create(vals_list)
        with ignore_failure(self.env, "the settings of the score of new companies"):
            companies._ar_ensure_scoring()
        return companies

    def _ar_ensure_scoring(self):
        """Create the settings of the score for each company without them; branches use those of their root."""
        companies = self.sudo()  # a user who creates companies needs no role of ours
        scorings = companies.env["ar.credit.scoring"]
        known = scorings.search([("company_id", "in", companies.ids)]).company_id
        missing = companies.filtered(lambda company: not company.parent_id) - known
        scorings.create([{"company_id": company.id} for company in missing])
