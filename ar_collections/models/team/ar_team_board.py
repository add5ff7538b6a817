import datetime

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.date_utils import start_of

from ...const import CONTACT_STATES
from ...core.promises import judgement
from ..customers.sql import OUR_PAYMENT


class ArTeamBoard(models.Model):
    """Figures of the team: one row per company and collector, and one for the customers without a collector.

    It is a query on the ledger and the communication log, for the user's active companies: nothing is stored.
    Customers count for who is responsible today, as on the worklist: those of an absent collector for the substitute,
    those of one who left for the collector of the policy. Each
    measure is a subquery by customer that may use the common table expressions `calendar` and `account`.
    """

    _name = "ar.team.board"
    _inherit = "ar.report.mixin"
    _description = "Team Board"
    _auto = False
    _order = "overdue desc, id"
    _rec_name = "collector_id"
    _depends = {
        "account.journal": ["type"],
        "account.move": ["reversed_entry_id", "state"],
        "account.move.line": [
            "account_id", "amount_residual", "amount_residual_currency", "ar_follow_up", "company_id", "date",
            "date_maturity", "journal_id", "parent_state", "partner_id", "reconciled",
        ],
        "account.partial.reconcile": ["amount", "credit_move_id", "debit_move_id", "max_date"],
        "ar.communication": ["call_result", "customer_id", "date_sent", "is_manual", "notice", "state"],
        "ar.credit.policy": ["user_id"],
        "ar.customer": ["active", "company_id", "partner_id", "policy_id", "user_id"],
        "ar.promise": ["amount_company", "customer_id", "ended_on", "state"],
        "ar.approval": ["customer_id"],
        "mail.activity": ["active", "date_deadline", "res_id", "res_model"],
    }  # fmt: skip

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    collector_id = fields.Many2one("res.users", readonly=True)
    customer_count = fields.Integer("Customers", readonly=True, help="Number of customers with open items.")
    open_amount = fields.Monetary(readonly=True, help="Total of all open items, less credits.")
    overdue = fields.Monetary(readonly=True, help="Total of the items past their due date, credits not deducted.")
    credits = fields.Monetary(
        "Unapplied Credits", readonly=True, help="Payments and credit notes that are not matched with invoices."
    )
    worked_count = fields.Integer(
        "Worked This Week",
        readonly=True,
        help="Number of customers called or written to manually since Monday.",
    )
    promised = fields.Monetary(readonly=True, help="Amount of the open promises.")
    broken_count = fields.Integer(
        "Broken This Month",
        readonly=True,
        help="Number of promises broken or only partly kept since the first day of the month.",
    )
    collected_week = fields.Monetary(
        "Collected This Week", readonly=True, help="Amount settled by payments since Monday."
    )
    collected_month = fields.Monetary(
        "Collected This Month", readonly=True, help="Amount settled by payments since the first day of the month."
    )
    late_task_count = fields.Integer(
        "Overdue Tasks", readonly=True, help="Number of overdue tasks for these customers."
    )
    waiting_count = fields.Integer(
        "To Decide", readonly=True, help="Number of pending decisions, as in the list of approvals."
    )

    @api.depends("collector_id")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.collector_id.name or self.env._("Without Collector")

    # === SQL === #

    @property
    def _table_query(self):
        """Return the query; each measure is aggregated by customer before the rows are joined and added up."""
        companies = self.env.companies
        return SQL(
            """
            WITH calendar AS (%(calendar)s), account AS (%(accounts)s)
            SELECT MIN(account.id) AS id, account.company_id, company.currency_id, account.collector_id,
                   COUNT(ledger.partner_id) AS customer_count,
                   COALESCE(SUM(ledger.open_amount), 0) AS open_amount,
                   COALESCE(SUM(ledger.overdue), 0) AS overdue,
                   COALESCE(SUM(ledger.credits), 0) AS credits,
                   COUNT(contact.customer_id) AS worked_count,
                   COALESCE(SUM(promise.promised), 0) AS promised,
                   COALESCE(SUM(promise.broken_count), 0)::int AS broken_count,
                   COALESCE(SUM(cash.week), 0) AS collected_week,
                   COALESCE(SUM(cash.month), 0) AS collected_month,
                   COALESCE(SUM(task.number), 0)::int AS late_task_count,
                   COALESCE(SUM(approval.number), 0)::int AS waiting_count
              FROM account
              JOIN res_company company ON company.id = account.company_id
         LEFT JOIN (%(ledger)s) ledger
                ON ledger.partner_id = account.partner_id AND ledger.company_id = account.company_id
         LEFT JOIN (%(cash)s) cash
                ON cash.partner_id = account.partner_id AND cash.company_id = account.company_id
         LEFT JOIN (%(contacts)s) contact ON contact.customer_id = account.id
         LEFT JOIN (%(promises)s) promise ON promise.customer_id = account.id
         LEFT JOIN (%(tasks)s) task ON task.customer_id = account.id
         LEFT JOIN (SELECT customer_id, COUNT(*) AS number FROM (%(approvals)s) waiting GROUP BY customer_id) approval
                ON approval.customer_id = account.id
          GROUP BY account.company_id, company.currency_id, account.collector_id
            """,
            calendar=self._select_calendar(companies),
            accounts=self._select_accounts(companies),
            ledger=self._select_ledger(companies),
            cash=self._select_cash(companies),
            contacts=self._select_contacts(),
            promises=self._select_promises(),
            tasks=self._select_tasks(),
            approvals=self.env["ar.approval"]._table_query,
        )

    @api.model
    def _select_calendar(self, companies):
        """Return the query of the companies' days: (company_id, today, week_start, month_start).

        Weeks begin on Monday for everybody, as in the forecast: a team reads one board, in whatever languages.
        """
        days = {company.id: company._ar_today() for company in companies}
        return SQL(
            """
            SELECT * FROM unnest(%(companies)s, %(today)s, %(week)s, %(month)s)
                AS calendar (company_id, today, week_start, month_start)
            """,
            companies=list(days),
            today=list(days.values()),
            week=[fields.Date.subtract(day, days=day.weekday()) for day in days.values()],
            month=[start_of(day, "month") for day in days.values()],
        )

    @api.model
    def _select_accounts(self, companies):
        """Return the query of the accounts: (id, company_id, partner_id, collector_id responsible today)."""
        return SQL(
            """
            SELECT account.id, account.company_id, account.partner_id, %(collector)s AS collector_id
              FROM ar_customer account
         LEFT JOIN ar_credit_policy policy ON policy.id = account.policy_id
             WHERE account.active AND account.company_id = ANY(%(companies)s)
            """,
            collector=self.env["ar.customer"]._get_collector_sql(companies),
            companies=companies.ids,
        )

    # === MEASURES === #

    @api.model
    def _select_ledger(self, companies):
        """Return the query of balances, overdue amounts and credits now, by company and customer, in company currency.

        As in `ar.facts`, credits are not deducted from the overdue amount, and it is without our own payments.
        """
        return SQL(
            """
            SELECT part.company_id, debtor.commercial_partner_id AS partner_id, SUM(part.open_amount) AS open_amount,
                   SUM(part.overdue) AS overdue, SUM(part.credits) AS credits
              FROM (%s) part
              JOIN res_partner debtor ON debtor.id = part.partner_id
          GROUP BY part.company_id, debtor.commercial_partner_id
            """,
            SQL(" UNION ALL ").join(map(self._select_company_ledger, companies)),
        )

    @api.model
    def _select_company_ledger(self, company):
        """Return the query of the same amounts of a company by account and contact, in the order of the index."""
        return SQL(
            """
            SELECT %(company)s AS company_id, line.partner_id, SUM(line.amount_residual) AS open_amount,
                   SUM(line.amount_residual) FILTER (
                       WHERE COALESCE(line.date_maturity, line.date) < %(today)s
                         AND line.amount_residual_currency > 0 AND NOT (%(is_our_payment)s)) AS overdue,
                   -SUM(line.amount_residual) FILTER (WHERE line.amount_residual_currency < 0) AS credits
              FROM account_move_line line
             WHERE line.account_id = ANY(%(accounts)s)
               AND line.company_id = %(company)s
               AND line.parent_state = 'posted'
               AND line.reconciled IS NOT TRUE
               AND line.amount_residual_currency <> 0
          GROUP BY line.account_id, line.partner_id
            """,
            company=company.id,
            today=company._ar_today(),
            is_our_payment=OUR_PAYMENT,
            accounts=self.env["ar.as.of"]._get_account_ids(company),
        )

    @api.model
    def _select_cash(self, companies):
        """Return the query of what payments settled since the week and since the month began, by company and payer."""
        today = min(company._ar_today() for company in companies)
        week_ago = today - datetime.timedelta(days=6)  # or later
        return SQL(
            """
            SELECT paid.company_id, payer.commercial_partner_id AS partner_id,
                   SUM(paid.amount) FILTER (WHERE paid.day >= calendar.week_start) AS week,
                   SUM(paid.amount) FILTER (WHERE paid.day >= calendar.month_start) AS month
              FROM (%(payments)s) paid
              JOIN calendar ON calendar.company_id = paid.company_id
              JOIN res_partner payer ON payer.id = paid.payer_id
             WHERE paid.day BETWEEN LEAST(calendar.week_start, calendar.month_start) AND calendar.today
          GROUP BY paid.company_id, payer.commercial_partner_id
            """,
            payments=self.env["ar.collected"]._select_payments(companies, first=min(today.replace(day=1), week_ago)),
        )

    @api.model
    def _select_contacts(self):
        """Return the query of the customers contacted by a user this week; notices about agreements do not count."""
        return SQL(
            """
            SELECT DISTINCT communication.customer_id
              FROM ar_communication communication
              JOIN calendar ON calendar.company_id = communication.company_id
             WHERE communication.date_sent BETWEEN calendar.week_start AND calendar.today
               AND communication.state IN %s
               AND communication.notice IS NULL
               AND (communication.is_manual OR communication.call_result IS NOT NULL)
            """,
            CONTACT_STATES,
        )

    @api.model
    def _select_promises(self):
        """Return the query by customer of the amount of open promises and the number not kept this month."""
        return SQL(
            """
            SELECT promise.customer_id, SUM(promise.amount_company) FILTER (WHERE promise.state = %(open)s) AS promised,
                   COUNT(*) FILTER (WHERE promise.state IN %(not_kept)s AND promise.ended_on >= calendar.month_start)
                       AS broken_count
              FROM ar_promise promise
              JOIN calendar ON calendar.company_id = promise.company_id
             WHERE promise.state = %(open)s OR promise.state IN %(not_kept)s
          GROUP BY promise.customer_id
            """,
            open=judgement.OPEN,
            not_kept=tuple(judgement.NOT_KEPT),
        )

    @api.model
    def _select_tasks(self):
        """Return the query of the number of overdue activities by customer."""
        return SQL(
            """
            SELECT account.id AS customer_id, COUNT(*) AS number
              FROM mail_activity activity
              JOIN account ON account.id = activity.res_id
              JOIN calendar ON calendar.company_id = account.company_id
             WHERE activity.res_model = 'ar.customer' AND activity.active
               AND activity.date_deadline < calendar.today
          GROUP BY account.id
            """
        )

    # === BUTTONS === #

    def action_open_worklist(self):
        """Open the worklist of this collector, or of the customers without one."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ar_collections.ar_customer_action")
        domain = [("company_id", "=", self.company_id.id), ("collector_id", "=", self.collector_id.id)]
        return dict(action, name=self.display_name, display_name=self.display_name, domain=domain, context={})
