import datetime
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ...core.forecast.cash_forecast import WEEKS, Check, ForecastPart, add_up, monday_of

#: How many weeks the forecast is looked back upon.
CHECKED_WEEKS = 4


class ArCashForecast(models.AbstractModel):
    """When a company's receivables can be expected as cash: the rules of `core.cash_forecast`, done by the database.

    One statement, whatever the number of items; the parts it adds up are told in `ar_cash_forecast_parts`. Amounts are
    in company currency. The caller must have checked access to the company.
    """

    _name = "ar.cash.forecast"
    _description = "Cash Forecast"

    @api.model
    def _read_weeks(self, company, today):
        """Return what is expected in thirteen weeks, the running one first, from the books as they are on that day.

        For a day in the past: from what was open, agreed and contested at its end, as far as it is known.

        :param date today: a day of the company
        :rtype: core.cash_forecast.CashForecast
        """
        return self._read_forecast(company, today, today)

    @api.model
    def _read_check(self, company, today):
        """Return how the last four whole weeks went: as the night saw it, else from the books.

        :rtype: list[core.cash_forecast.Check]
        """
        return self.env["ar.cash.forecast.check"]._read(company, today) or self._measure_accuracy(company, today)

    @api.model
    def _measure_accuracy(self, company, today):
        """Return how the last four whole weeks went, against what the forecast said just before the first of them.

        What came is money that settled items which were open then, on the day it settled them. Money that was on
        account already, credit notes and write-offs are not counted, nor are invoices that were written later.

        :rtype: list[core.cash_forecast.Check]
        """
        start = monday_of(today) - datetime.timedelta(weeks=CHECKED_WEEKS)
        day_before = start - datetime.timedelta(days=1)
        forecast = self._read_forecast(company, start, day_before).weeks[:CHECKED_WEEKS]
        received = self._read_received(company, start, day_before)
        return [Check(week.first, week.last, week.expected, received.get(week.first, Decimal(0))) for week in forecast]

    # === QUERIES === #

    @api.model
    def _read_forecast(self, company, today, known):
        """Return the forecast of a day from the books of that or an earlier day.

        :param date today: the first day on which something can come
        :param date known: the last day whose bookings and agreements are known, today or the day before
        :rtype: core.cash_forecast.CashForecast
        """
        self.env.flush_all()
        monday = monday_of(today)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT part.kind,
                       CASE WHEN part.expected_on IS NOT NULL
                            THEN LEAST((part.expected_on - %(monday)s) / 7, %(weeks)s) END AS week,
                       SUM(part.amount)::text
                  FROM (%(parts)s) part
              GROUP BY 1, 2
                """,
                monday=monday,
                weeks=WEEKS,
                parts=self._select_parts(company, today, known),
            )
        )
        days = [today, *(monday + datetime.timedelta(weeks=number) for number in range(1, WEEKS + 1))]
        return add_up(
            [ForecastPart(kind, None if week is None else days[week], Decimal(amount)) for kind, week, amount in rows],
            today,
        )

    @api.model
    def _read_received(self, company, start, known):
        """Return {Monday: cash} of the checked weeks: what settled items that had been open at the end of a day."""
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
