import datetime
from decimal import Decimal

from odoo import api, fields, models

from ...core.forecast.cash_forecast import Check, monday_of
from .ar_cash_forecast import CHECKED_WEEKS


class ArCashForecastCheck(models.Model):
    """A week that is over, as it had been forecast, and what came: taken at night, because it looks at the books twice.

    Taken again every night as long as the week is looked back upon: money that was booked late belongs to its day.
    """

    _name = "ar.cash.forecast.check"
    _description = "Accuracy of the Cash Forecast"
    _order = "forecast_on desc, week"
    _rec_name = "week"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    forecast_on = fields.Date(required=True, readonly=True, help="Monday on which the forecast was evaluated.")
    week = fields.Date(required=True, readonly=True)
    taken_on = fields.Date(required=True, readonly=True)
    expected = fields.Monetary(readonly=True)
    received = fields.Monetary(readonly=True)

    _once = models.UniqueIndex("(company_id, forecast_on, week)")

    @api.model
    def _take_once(self, company, today):
        """Look back, unless it was done today: the job that asks for it comes by every hour."""
        # Whoever asks may ask for the company; see `_take` for the rest.
        if not self.sudo().search_count([("company_id", "=", company.id), ("taken_on", "=", today)], limit=1):
            self._take(company, today)

    @api.model
    def _take(self, company, today):
        """Look back upon the last four weeks, and keep what is seen.

        :param date today: the company's date
        """
        checks = self.env["ar.cash.forecast"]._measure_accuracy(company, today)
        own = self.sudo()  # nobody may write them by hand
        forecast_on = checks[0].first
        own.search([("company_id", "=", company.id), ("forecast_on", "=", forecast_on)]).unlink()
        own.create(
            [
                {
                    "company_id": company.id,
                    "forecast_on": forecast_on,
                    "week": check.first,
                    "taken_on": today,
                    "expected": float(check.expected),
                    "received": float(check.received),
                }
                for check in checks
            ]
        )

    @api.model
    def _read(self, company, today):
        """Return the last four weeks as they were taken, nothing where they were not.

        The caller must have checked access to the company.

        :rtype: list[core.cash_forecast.Check]
        """
        forecast_on = monday_of(today) - datetime.timedelta(weeks=CHECKED_WEEKS)
        rows = self.sudo().search([("company_id", "=", company.id), ("forecast_on", "=", forecast_on)], order="week")
        return [
            Check(
                row.week, row.week + datetime.timedelta(days=6), Decimal(str(row.expected)), Decimal(str(row.received))
            )
            for row in rows
        ]
