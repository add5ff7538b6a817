import datetime
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...core.forecast.cash_forecast import WEEKS, monday_of
from ...core.metrics.periods import month_ending

#: The trend has a point for each day in a period of up to this many days, in longer ones for each end of a month.
DAILY = 31

#: Periods in days: figures are compared with the beginning of the period, where trends start.
PERIODS = {"month": 30, "year": 365, "two_years": 730}

DEFAULT_PERIOD = "year"


class ArDashboard(models.AbstractModel):
    """The receivables dashboard, for one company at a time: amounts of companies may differ in currency.

    Data is aggregated in the database, in a few queries. Open amounts are as of now; figures of a month are those of
    the last snapshot, whose date is shown. To add a part, extend :meth:`_get_parts`.

    A click on a number opens the records behind it: :meth:`action_open` calls a method ``_open_<what>(company, value)``
    that returns an action. Values come from the browser; they only filter records that the user may read.
    """

    _name = "ar.dashboard"
    _description = "Receivables Dashboard"

    @api.model
    def get_data(self, company_id=False, period=DEFAULT_PERIOD):
        """Return the data of the dashboard.

        :param int company_id: one of the active companies; default: the first of them
        :param str period: one of ``PERIODS``
        :return: JSON-serializable; amounts as numbers in company currency, dates as text, `None` where a figure is not
            available
        :rtype: dict
        :raise AccessError: for users without a role in collections
        """
        self._check_reader()
        company = self._get_company(company_id)
        period = period if period in PERIODS else DEFAULT_PERIOD
        data = {
            "company": {"id": company.id, "name": company.display_name, "currency_id": company.currency_id.id},
            "companies": [{"id": found.id, "name": found.display_name} for found in self.env.companies],
            "period": period,
            "date": fields.Date.to_string(company._ar_today()),
        }
        dashboard = self.with_company(company)
        return {**data, **dashboard._read_parts(dashboard._get_parts(), company, period)}

    @api.model
    def _read_parts(self, parts, company, period):
        """Return the data of these of `_get_parts`, of a company; the caller checked that the user may read it."""
        today = company._ar_today()
        since = today - datetime.timedelta(days=PERIODS[period])
        data = {}
        for part in parts:
            data.update(part(company, today, since))
        return data

    @api.model
    def _read_for_workbook(self, company, period):
        """Return the figures, aging, expected cash and largest debtors alone: a look at the set-up may change it.

        :param str period: one of ``PERIODS``
        :raise AccessError: for users without a role in collections
        """
        self._check_reader()
        dashboard = self.with_company(company)
        return dashboard._read_parts([dashboard._get_figures_part, dashboard._get_cash_part], company, period)

    @api.model
    def _get_parts(self):
        """Return the methods that read the parts of the dashboard.

        Extension point: an override adds methods that take (company, today, since) and return keys of the data.
        """
        return [
            self._get_figures_part,
            self._get_cash_part,
            self._get_next_run_part,
            self._get_attention_part,
        ]

    @api.model
    def _check_reader(self):
        """Raise `AccessError` unless the user may read receivables, because SQL does not apply record rules."""
        if not self.env["ar.access.mixin"]._has_role("auditor"):
            raise AccessError(
                self.env._("Receivables are visible to users with a collections role; ask an administrator.")
            )

    @api.model
    def _get_company(self, company_id):
        """Return the company with that id if it is active, else the user's current company."""
        return self.env.companies.filtered(lambda company: company.id == company_id) or self.env.company

    @api.model
    def _get_cash_part(self, company, today, _since):
        """Return the cash forecast by week, with the part of it that customers agreed to."""
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
                "not_expected": float(forecast.not_expected),
                "credits": float(forecast.credits),
            }
        }

    # === LINKS === #

    @api.model
    def action_open(self, what, company_id=False, value=False, period=DEFAULT_PERIOD):
        """Return the action behind a number of the dashboard.

        :param str what: one of `_get_targets`
        :param value: what was clicked: name, number of the bucket, first day of the week, or id, depending on ``what``
        :param str period: the one that is shown; the trend of a figure covers it
        :rtype: dict
        """
        self._check_reader()
        company = self._get_company(company_id)
        targets = self._get_targets(period)
        if what not in targets:
            raise UserError(self._get_link_text())
        return targets[what](company, value)

    @api.model
    def _get_link_text(self):
        return self.env._("This link is no longer valid; reload the page.")

    @api.model
    def _get_targets(self, period):
        """Return {what: method} of what can be opened; the methods take (company, value) and return an action.

        Extension point: an override adds its own.
        """
        return {
            "figure": partial(self._open_figure, period=period),
            "bucket": self._open_bucket,
            "week": self._open_week,
            "customer": self._open_customer,
            "worst": self._open_worst,
            "step": self._open_step,
            "preview": self._open_preview,
            "attention": self._open_attention,
            "workbook": partial(self._open_workbook, period=period),
        }

    @api.model
    def _open_figure(self, company, name, period):
        """Return the action of a card: the open items, the promises of the month, or the snapshots of the period."""
        if name in ("receivable", "overdue"):
            action = self.env["ar.aging.item"]._get_action(company, company._ar_today())
            if name == "overdue":
                action["context"]["search_default_overdue"] = 1
            return action
        last = self._get_last_snapshot(company, company._ar_today())
        if name == "promise_kept_rate":
            domain = [("company_id", "=", company.id)]
            if last:
                month = month_ending(last.date)
                domain += [("date_deadline", ">=", month.first), ("date_deadline", "<=", month.last)]
            return dict(self._get_records("ar_promise_action", domain), context={})
        days, today = PERIODS.get(period, PERIODS[DEFAULT_PERIOD]), company._ar_today()
        domain = self._get_points_domain(company, last, today, today - datetime.timedelta(days=days))
        action = self._get_records("ar_metric_snapshot_action", domain)
        interval = "day" if days <= DAILY else "month"
        measures = {"graph_measure": name, "graph_groupbys": [f"date:{interval}"], "pivot_measures": [name]}
        return dict(action, context=measures)

    @api.model
    def _open_bucket(self, company, number):
        """Return the action that shows the items of an aging bucket, by customer."""
        action = self.env["ar.aging.item"]._get_action(company, company._ar_today())
        name = company._ar_aging_names()[int(number)]
        domain = [*action["domain"], ("bucket", "=", str(int(number)))]
        return dict(action, domain=domain, display_name=name, name=name)

    @api.model
    def _open_week(self, company, day):
        """Return the action that shows what is expected in the week of a day; all weeks if that week is over."""
        today = company._ar_today()
        number = (monday_of(fields.Date.to_date(day)) - monday_of(today)).days // 7
        period = f"{number + 1:02}" if 0 <= number < WEEKS else None
        return self.env["ar.cash.forecast.item"]._get_action(company, period)

    @api.model
    def _open_customer(self, _company, customer_id):
        """Return the action that opens a customer account."""
        return self.env["ar.customer"].browse(int(customer_id))._get_form_action()

    @api.model
    def _open_worst(self, company, _value):
        """Return the action that shows the customers by what they owe."""
        return self._get_records("ar_top_debtor_action", [("company_id", "=", company.id)])

    @api.model
    def _open_step(self, company, step_id):
        """Return the action that shows the customers whom the next run reminds, of one step or of all."""
        day = self._get_next_run(company, company._ar_today())
        domain = self._get_next_run_domain(company, day)
        if step_id:
            domain.append(("next_step_id", "=", int(step_id)))
        return dict(self._get_records("ar_customer_action", domain), context={})

    @api.model
    def _open_preview(self, company, _value):
        """Return the preview of the next run: the reminders, decided now, and why other customers get none."""
        day = self._get_next_run(company, company._ar_today())
        return self.env["ar.preview"].create({"company_id": company.id, "date": day}).action_preview()

    @api.model
    def _open_attention(self, company, code):
        """Return the action that shows the records of one of the alerts, see `_get_attention`."""
        alerts = self._get_attention(company, company._ar_today())
        if code not in alerts:
            raise UserError(self._get_link_text())
        return dict(self._get_records(alerts[code].action, alerts[code].domain), context={})

    @api.model
    def _open_workbook(self, company, _value, period):
        """Return the action that downloads the dashboard as a workbook."""
        values = {"company_id": company.id, "period": period if period in PERIODS else DEFAULT_PERIOD}
        return self.env["ar.dashboard.export"].create(values).action_export()

    @api.model
    def _get_records(self, name, domain):
        """Return an action of this add-on, limited to a domain.

        :param str name: XML id without the module
        """
        return dict(self.env["ir.actions.act_window"]._for_xml_id(f"ar_collections.{name}"), domain=domain)
