import datetime
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ...core.forecast.cash_forecast import WEEKS, Check, ForecastPart, add_up, monday_of

#: Number of past weeks for which the accuracy of the forecast is measured.
CHECKED_WEEKS = 4


class ArCashForecast(models.AbstractModel):
    """The cash forecast: when a company's receivables can be expected as cash, by the rules of `core.forecast`.

    They are implemented in SQL, in one statement for any number of items; `ar_cash_forecast_parts` defines the parts
    that it adds up. Amounts are in company currency. Callers must have checked access to the company.
    """

    _name = "ar.cash.forecast"
    _description = "Cash Forecast"

    @api.model
    def _read_weeks(self, company, today):
        """Return the forecast of thirteen weeks, the current one first, from the ledger as of that day.

        For a day in the past it is made from what was open, agreed and disputed at its end, as far as that is known.

        :param date today: in the company's time zone
        :rtype: core.forecast.cash_forecast.CashForecast
        """
        return self._read_forecast(company, today, today)

    @api.model
    def _read_check(self, company, today):
        """Return the forecast accuracy of the last four full weeks: as stored by the nightly run, else measured now.

        :rtype: list[core.forecast.cash_forecast.Check]
        """
        return self.env["ar.cash.forecast.check"]._read(company, today) or self._measure_accuracy(company, today)

    @api.model
    def _measure_accuracy(self, company, today):
        """Return expected and received amounts of the last four full weeks.

        Expected is the forecast from the ledger as of the day before the first of these weeks. Received is money that
        settled items open at that time, on the day of the settlement; without credits that were on account already,
        credit notes, write-offs, and later invoices.

        :rtype: list[core.forecast.cash_forecast.Check]
        """
        start = monday_of(today) - datetime.timedelta(weeks=CHECKED_WEEKS)
        day_before = start - datetime.timedelta(days=1)
        forecast = self._read_forecast(company, start, day_before).weeks[:CHECKED_WEEKS]
        received = self._read_received(company, start, day_before)
        return [Check(week.first, week.last, week.expected, received.get(week.first, Decimal(0))) for week in forecast]

    # === QUERIES === #

    @api.model
    def _read_forecast(self, company, today, known):
        """Return the forecast of a day from the ledger as of that day or an earlier one.

        :param date today: the first day on which a payment can be expected
        :param date known: the last day whose entries and agreements are known: today or the day before
        :rtype: core.forecast.cash_forecast.CashForecast
        """
        self.env.flush_all()
        monday = monday_of(today)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT part.kind, (part.expected_on - %(monday)s) / 7 AS week, SUM(part.amount)::text
                  FROM (%(parts)s) part
              GROUP BY 1, 2
                """,
                monday=monday,
                parts=self._select_parts(company, today, known),
            )
        )
        days = [today, *(monday + datetime.timedelta(weeks=number) for number in range(1, WEEKS + 1))]
        return add_up(
            [
                ForecastPart(kind, None if week is None else days[min(week, WEEKS)], Decimal(amount))
                for kind, week, amount in rows
            ],
            today,
        )

    @api.model
    def _read_received(self, company, start, known):
        """Return {Monday: Decimal}, the money of the checked weeks that settled items dated up to the known day.

        :param date start: the first Monday
        """
        last = start + datetime.timedelta(weeks=CHECKED_WEEKS, days=-1)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT (paid.day - %(start)s) / 7, SUM(paid.amount)::text
                  FROM (%(paid)s) paid
                  JOIN account_move_line line ON line.id = paid.line_id AND line.date <= %(known)s
              GROUP BY 1
                """,
                start=start,
                paid=self.env["ar.payment.behavior"]._select_paid(company, start, last),
                known=known,
            )
        )
        return {start + datetime.timedelta(weeks=number): Decimal(amount) for number, amount in rows}
