from odoo import api, fields, models
from odoo.tools import SQL

from ...core.forecast.cash_forecast import (
    BEHAVIOR,
    CLAIMED,
    CREDIT,
    DISPUTED,
    PLAN,
    PROMISE,
    RELEASED,
    SETTLEMENT,
    WEEKS,
    monday_of,
    week_starts,
)
from ...formats import format_date

#: Weeks have the codes 01, 02, ..., which sort by time; their labels depend on the day of the forecast.
LATER, NOT_EXPECTED, CREDITS_LEFT = "90", "91", "92"

PERIODS = [
    *((f"{number:02}", f"Week {number}") for number in range(1, WEEKS + 1)),
    (LATER, "Later"),
    (NOT_EXPECTED, "Not expected"),
    (CREDITS_LEFT, "Remaining credits"),
]

KINDS = [
    (PROMISE, "Promised"),
    (PLAN, "Payment plan"),
    (SETTLEMENT, "Settlement"),
    (BEHAVIOR, "Payment behavior"),
    (DISPUTED, "Disputed"),
    (CLAIMED, "In insolvency"),
    (RELEASED, "Released"),
    (CREDIT, "Credit"),
]

#: The columns of the customer's `account` and its `policy`, and of the journal item, the `line`; ``None``: see
#: `_get_collector_sql`.
ACCOUNT_COLUMNS = {"customer_id": SQL("account.id"), "collector_id": None, "policy_id": SQL("account.policy_id")}
LINE_COLUMNS = {"move_id": SQL("line.move_id"), "name": SQL("line.move_name")}


class ArCashForecastItem(models.Model):
    """The cash forecast by item: each part of the open items, with the day on which it is expected and the reason.

    It is a query: nothing is stored. ``ar_cash_forecast_date`` in the context, a date as text, is the day of the
    forecast; default: the company's today. The amounts of a company add up to its receivables.
    """

    _name = "ar.cash.forecast.item"
    _inherit = "ar.report.mixin"
    _description = "Item of the Cash Forecast"
    _auto = False
    _order = "expected_on, id"
    _rec_name = "name"
    _depends = {
        "account.journal": ["type"],
        "account.move": ["state", "name", "journal_id"],
        "account.move.line": [
            "account_id", "amount_currency", "amount_residual", "amount_residual_currency", "company_id", "currency_id",
            "date", "date_maturity", "move_id", "move_name", "parent_state", "partner_id", "reconciled",
        ],
        "account.partial.reconcile": [
            "amount", "credit_amount_currency", "credit_move_id", "debit_amount_currency", "debit_move_id", "max_date",
        ],
        "ar.credit.policy": ["user_id"],
        "ar.customer": ["company_id", "partner_id", "policy_id", "user_id"],
        "ar.dispute": ["date_raised", "date_resolved", "state"],
        "ar.dispute.line": ["amount", "amount_accepted", "credited_before", "move_line_id"],
        "ar.insolvency": ["customer_id", "ended_on", "kind", "opened_on", "state", "until"],
        "ar.payment.behavior": ["company_id", "days", "partner_id", "week"],
        "ar.payment.plan": ["activated_on", "ended_on", "state"],
        "ar.payment.plan.installment": ["amount", "date", "plan_id"],
        "ar.payment.plan.line": ["amount", "credited_before", "move_line_id", "residual_before"],
        "ar.promise": ["date", "date_deadline", "ended_on", "promised_on", "state"],
        "ar.promise.line": ["amount", "credited_before", "move_line_id", "residual_before"],
        "ar.settlement": ["amount_released", "date_decided", "date_until", "ended_on", "state"],
        "ar.settlement.line": ["amount", "credited_before", "date_due", "move_line_id", "residual_before"],
        "res.partner": ["commercial_partner_id"],
    }  # fmt: skip

    company_id = fields.Many2one("res.company", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    customer_id = fields.Many2one("ar.customer", "Customer Account", readonly=True)
    collector_id = fields.Many2one("res.users", readonly=True)
    policy_id = fields.Many2one("ar.credit.policy", "Credit Policy", readonly=True)
    move_id = fields.Many2one("account.move", "Entry", readonly=True)
    name = fields.Char("Number", readonly=True)
    due_date = fields.Date(readonly=True)
    kind = fields.Selection(
        KINDS, "Basis of Forecast", readonly=True,
        help=(
            "Disputed: amounts that are contested, or granted but not yet credited. The disputed amount in the "
            "KPIs contains contested amounts only. In insolvency: claimed in proceedings. Released: credited once the "
            "settlement is paid."
        ),
    )  # fmt: skip
    period = fields.Selection(PERIODS, "Week", readonly=True)
    expected_on = fields.Date("Expected on", readonly=True)
    shift_days = fields.Integer(
        "Days after Due", readonly=True, aggregator=None, help="Number of days from the due date to the expected date."
    )
    amount = fields.Monetary("Expected", readonly=True, currency_field="company_currency_id")

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Override of `base` to label the weeks with their first day."""
        descriptions = super().fields_get(allfields, attributes)
        if "selection" in descriptions.get("period", {}):
            names = self._get_week_names()
            selection = descriptions["period"]["selection"]
            descriptions["period"]["selection"] = [(code, names.get(code, label)) for code, label in selection]
        return descriptions

    @api.model
    def _get_week_names(self):
        """Return {code: label} of the weeks."""
        return {
            f"{number:02}": self.env._("From %(date)s", date=format_date(self.env, first))
            for number, first in enumerate(week_starts(self._get_day(self.env.company)), 1)
        }

    @property
    def _table_query(self):
        """Return the query of the forecast of the user's companies, each as of its own today."""
        return SQL(" UNION ALL ").join(self._select_company(company) for company in self.env.companies)

    def _fetch_query(self, query, fields):
        """Override of `base` to look up accounts and journal items of the rows of a page only, after they are found."""
        page = self.with_context(ar_forecast_page=bool(query.limit))
        return super(ArCashForecastItem, page)._fetch_query(query, fields).with_env(self.env)

    @api.model
    def _field_to_sql(self, alias, field_expr, query=None):
        """Override of `base` for the customer accounts and journal items of a page.

        The database evaluates such a subquery for the rows of the page, where it would join the accounts and journal
        items to all rows before it sorts them.
        """
        column = super()._field_to_sql(alias, field_expr, query)
        if not self.env.context.get("ar_forecast_page"):
            return column
        names = {"alias": SQL.identifier(alias), "to_flush": column.to_flush}
        if field_expr in LINE_COLUMNS:
            return SQL(
                "(SELECT %(column)s FROM account_move_line line WHERE line.id = %(alias)s.line_id)",
                column=LINE_COLUMNS[field_expr],
                **names,
            )
        if field_expr in ACCOUNT_COLUMNS:
            return SQL(
                """
                (SELECT %(column)s
                   FROM ar_customer account
              LEFT JOIN ar_credit_policy policy ON policy.id = account.policy_id
                  WHERE account.partner_id = %(alias)s.partner_id AND account.company_id = %(alias)s.company_id)
                """,
                column=self._get_account_column(field_expr, self.env.companies),
                **names,
            )
        return column

    @api.model
    def _select_company(self, company):
        today = self._get_day(company)
        monday = monday_of(today)
        return SQL(
            """
            SELECT part.id, %(company)s AS company_id, %(currency)s AS company_currency_id, part.partner_id,
                   %(customer_id)s AS customer_id, %(collector_id)s AS collector_id, %(policy_id)s AS policy_id,
                   part.line_id, %(move_id)s AS move_id, %(name)s AS name, part.due_date, part.kind, part.expected_on,
                   part.expected_on - part.due_date AS shift_days, part.amount,
                   CASE WHEN part.kind = %(credit)s THEN %(credits_left)s
                        WHEN part.expected_on IS NULL THEN %(not_expected)s
                        ELSE (%(weeks)s)[LEAST((part.expected_on - %(monday)s) / 7, %(last)s) + 1] END AS period
              FROM (%(parts)s) part
         LEFT JOIN account_move_line line ON line.id = part.line_id
         LEFT JOIN ar_customer account ON account.partner_id = part.partner_id AND account.company_id = %(company)s
         LEFT JOIN ar_credit_policy policy ON policy.id = account.policy_id
            """,
            # As a constant: the planner of the database would take few items for those of the company.
            company=company.id,
            currency=company.currency_id.id,
            monday=monday,
            weeks=[*(f"{number:02}" for number in range(1, WEEKS + 1)), LATER],
            last=WEEKS,
            credit=CREDIT,
            credits_left=CREDITS_LEFT,
            not_expected=NOT_EXPECTED,
            parts=self.env["ar.cash.forecast"]._select_parts(company, today, today),
            **{name: self._get_account_column(name, company) for name in ACCOUNT_COLUMNS},
            **LINE_COLUMNS,
        )

    @api.model
    def _get_account_column(self, name, companies):
        """Return the SQL expression of one of ``ACCOUNT_COLUMNS``."""
        return ACCOUNT_COLUMNS[name] or self.env["ar.customer"]._get_collector_sql(companies)

    @api.model
    def _get_day(self, company):
        return fields.Date.to_date(self.env.context.get("ar_cash_forecast_date")) or company._ar_today()

    @api.model
    def _get_export_title(self):
        """Override to name the day of the forecast and the companies."""
        day = format_date(self.env, self._get_day(self.env.company))
        companies = ", ".join(self.env.companies.sudo().mapped("name"))  # names of the user's own companies
        return f"{self.env._('Cash forecast of %(day)s', day=day)}, {companies}"

    @api.model
    def _get_action(self, company, period=None):
        """Return the action that shows a company's items: all grouped by week, or those of one period by customer.

        :param str period: one of ``PERIODS``
        """
        action = self.env["ir.actions.act_window"]._for_xml_id("ar_collections.ar_cash_forecast_item_action")
        domain = [("company_id", "=", company.id)]
        if not period:
            return dict(action, domain=domain)
        names = {**dict(self._fields["period"]._description_selection(self.env)), **self._get_week_names()}
        context = {"search_default_group_customer": 1}
        domain.append(("period", "=", period))
        return dict(action, domain=domain, context=context, name=names[period], display_name=names[period])

    def action_open(self):
        """Open the invoice or entry."""
        return self._get_entry_action()
