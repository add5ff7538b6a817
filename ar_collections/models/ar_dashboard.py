import datetime

from odoo import api, fields, models
from odoo.exceptions import AccessError

#: How far back the dashboard looks, in days: what figures are compared with, and where trends begin.
PERIODS = {"month": 30, "year": 365, "two_years": 730}
DEFAULT_PERIOD = "year"


class ArDashboard(models.AbstractModel):
    """Receivables at a glance, a company at a time: companies differ in currency and do not add up.

    Everything is read in a few queries that add up in the database. What is owed is of this moment; figures that need
    a month are those of the last snapshot, and say so. A card more is a method more: see :meth:`_get_parts`.
    """

    _name = "ar.dashboard"
    _description = "Receivables Dashboard"

    @api.model
    def get_data(self, company_id=False, period=DEFAULT_PERIOD):
        """Return what the dashboard shows.

        :param int company_id: one of the companies chosen in the switcher; default: the first of them
        :param str period: one of ``PERIODS``
        :return: JSON: amounts as numbers in company currency, dates as text, `None` where a figure is not available
        :rtype: dict
        :raise AccessError: for who may not see receivables
        """
        self._check_reader()
        company = self._get_company(company_id)
        period = period if period in PERIODS else DEFAULT_PERIOD
        today = company._ar_today()
        since = today - datetime.timedelta(days=PERIODS[period])
        data = {
            "company": {"id": company.id, "name": company.display_name, "currency_id": company.currency_id.id},
            "companies": [{"id": found.id, "name": found.display_name} for found in self.env.companies],
            "period": period,
            "date": fields.Date.to_string(today),
        }
        dashboard = self.with_company(company)
        for part in dashboard._get_parts():
            data.update(part(company, today, since))
        return data

    @api.model
    def _get_parts(self):
        """Return what the dashboard is made of: methods (company, today, since) that return keys of its data."""
        return [
            self._get_figures_part,
            self._get_cash_part,
            self._get_worst_part,
            self._get_tonight_part,
            self._get_attention_part,
        ]

    @api.model
    def _check_reader(self):
        """Raise unless the user may read receivables; what is added up with SQL asks no record rule."""
        if not self.env.user.has_group("ar_collections.ar_collections_group_auditor"):
            raise AccessError(
                self.env._("The receivables are shown to people with a role in collections; ask an administrator.")
            )

    @api.model
    def _get_company(self, company_id):
        """Return the company with that id if it is chosen in the switcher, else the first that is."""
        return self.env.companies.filtered(lambda company: company.id == company_id) or self.env.company

    @api.model
    def _get_cash_part(self, company, today, _since):
        """Return what is expected to be paid week by week; of it what customers agreed to."""
        forecast = self.env["ar.cash.forecast"]._read_weeks(company, today)
        return {
            "cash": {
                "weeks": [
                    {
                        "first": fields.Date.to_string(week.first),
                        "expected": float(week.expected),
                        "agreed": float(week.agreed),
                    }
                    for week in forecast.weeks
                ],
                "expected": float(forecast.expected),
                "later": float(forecast.later),
                "disputed": float(forecast.disputed),
            }
        }
