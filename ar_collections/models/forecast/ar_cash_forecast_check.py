import datetime

from odoo import api, fields, models

from ...core.forecast.cash_forecast import Check, monday_of
from ...core.money import to_decimal
from .ar_cash_forecast import CHECKED_WEEKS


class ArCashForecastCheck(models.Model):
    """The forecast accuracy of a past week: the expected and the received amount.

    It is stored by the nightly run, because it needs the ledger as of two days. It is stored anew each night as long
    as the week is shown, because payments may be booked late.
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
        """Store the accuracy of the last four weeks, unless that was done today: the caller runs hourly."""
        # sudo: callers have checked access to the company; see also `_take`.
        if not self.sudo().search_count([("company_id", "=", company.id), ("taken_on", "=", today)], limit=1):
            self._take(company, today)

    @api.model
    def _take(self, company, today):
        """Store the accuracy of the last four weeks, in place of all earlier rows: only the last ones are read.

        :param date today: the company's date
        """
        checks = self.env["ar.cash.forecast"]._measure_accuracy(company, today)
        stored = self.sudo()  # users have no right to write these rows
        forecast_on = checks[0].first
        stored.search([("company_id", "=", company.id), ("forecast_on", "<=", forecast_on)]).unlink()
        stored.create(
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
        """Return the stored accuracy of the last four weeks, an empty list if it is not stored.

        Callers must have checked access to the company.

        :rtype: list[core.forecast.cash_forecast.Check]
        """
        forecast_on = monday_of(today) - datetime.timedelta(weeks=CHECKED_WEEKS)
        rows = self.sudo().search([("company_id", "=", company.id), ("forecast_on", "=", forecast_on)], order="week")
        return [
            Check(row.week, row.week + datetime.timedelta(days=6), to_decimal(row.expected), to_decimal(row.received))
            for row in rows
        ]
