from odoo import Command, api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import formatLang

from ...core.customers.table import Column
from ...core.forecast.cash_forecast import combine
from ...formats import format_date
from ...models.customers.export.workbook import WorkbookWriter
from ...models.forecast.ar_cash_forecast_item import CREDITS_LEFT, LATER, NOT_EXPECTED


class ArCashForecastPage(models.TransientModel):
    """The cash forecast of a company by week, adding up to the receivables, and the accuracy of the last weeks."""

    _name = "ar.cash.forecast.page"
    _inherit = ["ar.wizard.mixin", "ar.workbook.mixin"]
    _description = "Cash Forecast"

    company_id = fields.Many2one("res.company", required=True, readonly=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(required=True, readonly=True, default=lambda self: self.env.company._ar_today())
    expected = fields.Monetary("Expected in 13 weeks", readonly=True)
    receivable = fields.Monetary("Receivables", readonly=True, help="Balance of the receivable accounts.")
    accuracy_text = fields.Char(
        "Last Four Weeks", readonly=True, help="Amounts received compared with the forecast of four weeks ago."
    )
    line_ids = fields.One2many(
        "ar.cash.forecast.page.line", "page_id", domain=[("is_check", "=", False)], readonly=True
    )
    check_ids = fields.One2many(
        "ar.cash.forecast.page.line", "page_id", domain=[("is_check", "=", True)], readonly=True
    )

    @api.depends("date")
    def _compute_display_name(self):
        for page in self:
            page.display_name = self.env._("Cash Forecast of %(date)s", date=format_date(self.env, page.date))

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `base` to fill in the forecast."""
        pages = super().create(vals_list)
        for page in pages:
            page._read()
        return pages

    @api.model
    def _get_page_action(self):
        """Return the action that shows the forecast of the current company as of today."""
        return {
            "name": self.env._("Cash Forecast"),
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.create({}).id,
            "views": [(False, "form")],
        }

    def _read(self):
        """Fill in the forecast and the accuracy of the last weeks.

        :raise AccessError: for a company that is not active
        """
        self.ensure_one()
        if self.company_id not in self.env.companies:  # SQL applies no record rules
            raise AccessError(self.env._("You can only see the forecast of companies you have access to."))
        forecasts = self.env["ar.cash.forecast"]
        forecast = forecasts._read_weeks(self.company_id, self.date)
        checks = forecasts._read_check(self.company_id, self.date)
        rows = [*self._prepare_rows(forecast), *self._prepare_checks(checks)]
        self.write(
            {
                "expected": float(forecast.expected),
                "receivable": float(forecast.receivable),
                "accuracy_text": self._get_accuracy_text(combine(checks)),
                "line_ids": [Command.create(row) for row in rows],
            }
        )

    @api.model
    def _prepare_rows(self, forecast):
        """Return the values of the rows: weeks, later, not expected, credits left; the last cumulative amount is all.

        :param forecast: core.forecast.cash_forecast.CashForecast
        """
        rows, total = [], 0
        for number, week in enumerate(forecast.weeks, 1):
            total += week.expected
            row = {
                "name": format_date(self.env, week.first),
                "expected": float(week.expected),
                "agreed": float(week.agreed),
            }
            rows.append({**row, "code": f"{number:02}", "cumulative": float(total)})
        apart = [
            (LATER, self.env._("Later"), forecast.later),
            (NOT_EXPECTED, self.env._("Not expected"), forecast.not_expected),
            (CREDITS_LEFT, self.env._("Remaining credits"), forecast.credits),
        ]
        for code, name, amount in apart:
            total += amount
            if amount:
                rows.append({"code": code, "name": name, "expected": float(amount), "cumulative": float(total)})
        return [{**row, "sequence": number} for number, row in enumerate(rows)]

    @api.model
    def _prepare_checks(self, checks):
        """Return the values of the rows of past weeks and their total.

        :param checks: list[core.forecast.cash_forecast.Check]
        """
        named = [(format_date(self.env, check.first), check) for check in checks]
        named.append((self.env._("Total"), combine(checks)))
        return [
            {
                "is_check": True,
                "is_sum": number == len(checks),
                "sequence": number,
                "name": name,
                "expected": float(check.expected),
                "received": float(check.received),
                "deviation": self._get_deviation(check),
            }
            for number, (name, check) in enumerate(named)
        ]

    @api.model
    def _get_deviation(self, check):
        """Return the deviation of the received from the expected amount in percent, as text."""
        if check.deviation is None:
            return self.env._("not available")
        sign = "+" if check.deviation > 0 else ""
        return self.env._("%(percent)s %%", percent=sign + formatLang(self.env, float(check.deviation), digits=1))

    def _get_accuracy_text(self, check):
        """Return a text with received and expected amount and deviation.

        :param check: the sum of the past weeks
        """
        self.ensure_one()
        if check.deviation is None:
            return self._get_deviation(check)
        return self.env._(
            "%(came)s of %(expected)s (%(deviation)s)",
            came=formatLang(self.env, float(check.received), currency_obj=self.currency_id),
            expected=formatLang(self.env, float(check.expected), currency_obj=self.currency_id),
            deviation=self._get_deviation(check),
        )

    def _write_workbook(self):
        """Override to write the weeks and their sum, and the accuracy of the last weeks."""
        self.ensure_one()
        writer, lines = WorkbookWriter(self.env), self.line_ids
        writer.add_table(
            self.env._("Weeks"), self.display_name, *self._get_table(lines, ("expected", "agreed", "cumulative"))
        )
        checks = self.check_ids
        writer.add_table(
            self.env._("Accuracy"), self.display_name, *self._get_table(checks, ("expected", "received", "deviation"))
        )
        return writer.close()

    def _get_table(self, lines, names):
        """Return the columns and the rows of a sheet; what is a sum in the forecast is summed up in the weeks only."""
        fields_of_lines = self.env["ar.cash.forecast.page.line"]._fields
        labels = {name: fields_of_lines[name]._description_string(self.env) for name in ("name", *names)}
        columns = [Column(labels["name"])]
        for name in names:
            is_money = fields_of_lines[name].type == "monetary"
            total = "sum" if name in ("expected", "agreed") and not lines[:1].is_check else ""
            columns.append(Column(labels[name], "money" if is_money else "text", total=total))
        return columns, [(self.currency_id, [line[name] for name in ("name", *names)]) for line in lines]

    def action_show_graph(self):
        """Open the bar chart of the weeks."""
        self.ensure_one()
        action = self.env["ar.cash.forecast.item"]._get_action(self.company_id)
        return dict(action, views=[(False, "graph"), (False, "pivot"), (False, "list")], context={})

    def action_show_items(self):
        """Open all items, grouped by week."""
        self.ensure_one()
        return self.env["ar.cash.forecast.item"]._get_action(self.company_id)


class ArCashForecastPageLine(models.TransientModel):
    """A row of the page: a week of the forecast, or a past week with its accuracy."""

    _name = "ar.cash.forecast.page.line"
    _inherit = ["ar.wizard.mixin"]
    _description = "Week of the Cash Forecast"
    _order = "sequence, id"

    page_id = fields.Many2one("ar.cash.forecast.page", required=True, index=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="page_id.company_id", store=True)
    currency_id = fields.Many2one(related="page_id.currency_id")
    sequence = fields.Integer(readonly=True)
    is_check = fields.Boolean(readonly=True)
    is_sum = fields.Boolean(readonly=True)
    code = fields.Char(readonly=True)
    name = fields.Char("Week from", readonly=True)
    expected = fields.Monetary(readonly=True)
    agreed = fields.Monetary(
        "Of Which Agreed", readonly=True, help="Amount promised, or due as installments of payment plans."
    )
    cumulative = fields.Monetary(readonly=True)
    received = fields.Monetary(readonly=True, help="Amount received for items that were open before the first week.")
    deviation = fields.Char(readonly=True, help="Difference between the received and the expected amount.")

    def action_show(self):
        """Open the items that are expected in the week, grouped by customer."""
        self.ensure_one()
        return self.env["ar.cash.forecast.item"]._get_action(self.company_id, self.code)
