from odoo import api, models


class ArCustomerNight(models.Model):
    """The nightly step that computes scores and risk classes."""

    _inherit = "ar.customer"

    @api.model
    def _refresh_scores_company(self, company, today, auto_commit=False):
        """Step of the nightly run: compute the scores of a root company; nothing where it was done for the day.

        :param date today: the company's date
        :param bool auto_commit: commit batch after batch, as a scheduled action does
        :return: False where the time ran out
        """
        if company.parent_id or company.ar_scores_on == today:
            return True
        company._ar_ensure_scoring()
        accounts = self.with_context(active_test=False, tracking_disable=True)
        domain = [("company_id", "=", company.id), ("partner_id", "!=", False), ("merged_into_id", "=", False)]
        customers = accounts.search(domain, order="id")
        finished = customers._go_on_with("scores", company, today, lambda batch: batch._score(today), auto_commit)
        if finished and not company._ar_has_left("scores"):
            company.ar_scores_on = today
        return finished

    def _score(self, today):
        """Compute the scores of a batch; classes that were set until a day before end."""
        self._end_overrides(self, today)
        self._refresh_scores(today)
