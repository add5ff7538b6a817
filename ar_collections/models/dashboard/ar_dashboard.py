import datetime

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...core.forecast.cash_forecast import WEEKS, monday_of

#: How far back the dashboard looks, in days: what figures are compared with, and where trends begin.
PERIODS = {"month": 30, "year": 365, "two_years": 730}

DEFAULT_PERIOD = "year"


class ArDashboard(models.AbstractModel):
    """Receivables at a glance, a company at a time: companies differ in currency and do not add up.

    Everything is read in a few queries that add up in the database. What is owed is of this moment; figures that need
    a month are those of the last snapshot, and say so. A card more is a method more: see :meth:`_get_parts`.

    Where a click leads: to the records behind a number, as Odoo's own lists.

    A target is a method ``_open_<what>(company, value)`` that returns an action. Values come from the browser: they
    only narrow what the user's own rights let through.
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
            self._get_next_run_part,
            self._get_attention_part,
        ]

    @api.model
    def _check_reader(self):
        """Raise unless the user may read receivables; what is added up with SQL asks no record rule."""
        if not self.env["ar.access.mixin"]._has_role("auditor"):
            raise AccessError(
                self.env._("Receivables are visible to users with a collections role; ask an administrator.")
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

    # === LINKS === #

    @api.model
    def action_open(self, what, company_id=False, value=False):
        """Return the action behind a number of the dashboard.

        :param str what: ``figure``, ``bucket``, ``week``, ``customer``, ``worst``, ``step``, ``preview``, ``attention``
        :param value: what was clicked: name, number of the bucket, first day of the week, or id, depending on ``what``
        :rtype: dict
        """
        self._check_reader()
        company = self._get_company(company_id)
        targets = {
            "figure": self._open_figure,
            "bucket": self._open_bucket,
            "week": self._open_week,
            "customer": self._open_customer,
            "worst": self._open_worst,
            "step": self._open_step,
            "preview": self._open_preview,
            "attention": self._open_attention,
        }
        if what not in targets:
            raise UserError(self.env._("This link is no longer valid; reload the page."))
        return targets[what](company, value)

    @api.model
    def _open_figure(self, company, name):
        """Return what a card is made of: what is owed item by item, everything else over time."""
        if name in ("receivable", "overdue"):
            action = self.env["ar.aging.item"]._get_action(company, company._ar_today())
            if name == "overdue":
                action["context"]["search_default_overdue"] = 1
            return action
        if name == "promise_kept_rate":
            return self._get_records("ar_promise_action", [("company_id", "=", company.id)])
        action = self._get_records("ar_metric_snapshot_action", [("company_id", "=", company.id)])
        measures = {"graph_measure": name, "pivot_measures": [name]}
        return dict(action, context={"search_default_month_ends": 1, **measures})

    @api.model
    def _open_bucket(self, company, number):
        """Return the items of an age, by customer."""
        action = self.env["ar.aging.item"]._get_action(company, company._ar_today())
        name = company._ar_aging_names()[int(number)]
        domain = [*action["domain"], ("bucket", "=", str(int(number)))]
        return dict(action, domain=domain, display_name=name, name=name)

    @api.model
    def _open_week(self, company, day):
        """Return what is expected in the week of a day, by customer; all weeks where it is over meanwhile."""
        today = company._ar_today()
        number = (monday_of(fields.Date.to_date(day)) - monday_of(today)).days // 7
        period = f"{number + 1:02}" if 0 <= number < WEEKS else None
        return self.env["ar.cash.forecast.item"]._get_action(company, period)

    @api.model
    def _open_customer(self, _company, customer_id):
        """Return a customer's account."""
        return self.env["ar.customer"].browse(int(customer_id))._get_form_action()

    @api.model
    def _open_worst(self, company, _value):
        """Return all customers by what they owe."""
        return self._get_records("ar_top_debtor_action", [("company_id", "=", company.id)])

    @api.model
    def _open_step(self, company, step_id):
        """Return the customers whom the next run reminds, of one step or of any."""
        day = self._get_next_run(company, company._ar_today())
        domain = self._get_next_run_domain(company, day)
        if step_id:
            domain.append(("next_step_id", "=", int(step_id)))
        return dict(self._get_records("ar_customer_action", domain), context={})

    @api.model
    def _open_preview(self, company, _value):
        """Return what the next run would say, decided anew, and why the others stay in peace."""
        day = self._get_next_run(company, company._ar_today())
        return self.env["ar.preview"].create({"company_id": company.id, "date": day}).action_preview()

    @api.model
    def _open_attention(self, company, code):
        """Return what waits for a person."""
        actions = {
            "ar.promise": "ar_promise_action",
            "ar.dispute": "ar_dispute_action",
            "ar.payment.plan": "ar_payment_plan_action",
            "ar.communication": "ar_communication_action",
            "ar.customer": "ar_customer_action",
        }
        model, domain = self._get_attention(company, company._ar_today())[code]
        return dict(self._get_records(actions[model], domain), context={})

    @api.model
    def _get_records(self, name, domain):
        """Return one of our actions on some records only."""
        return dict(self.env["ir.actions.act_window"]._for_xml_id(f"ar_collections.{name}"), domain=domain)
