from decimal import Decimal
from functools import partial

from odoo import api, fields, models
from odoo.tools import SQL

from ...core.customers.aging import nothing_open
from ..customers.optional_float import OptionalFloat


class ArTopDebtor(models.Model):
    """Customers ranked by overdue amount and by balance, with their share of what is overdue.

    It is a query as of the company's today: nothing is stored. Amounts are in company currency, as on the customer
    account: credits reduce the balance, not the overdue amount. The balances of a company add up to its receivables,
    the overdue amounts to those of its aging.
    """

    _name = "ar.top.debtor"
    _inherit = "ar.report.mixin"
    _description = "Top Debtor"
    _auto = False
    _order = "overdue desc, balance desc, id"
    _rec_name = "partner_id"
    _depends = {
        "account.journal": ["type"],
        "account.move": ["state", "journal_id", "reversed_entry_id"],
        "account.move.line": [
            "account_id", "amount_currency", "amount_residual", "amount_residual_currency", "ar_follow_up",
            "company_id", "currency_id", "date", "date_maturity", "journal_id", "move_id", "parent_state", "partner_id",
            "reconciled",
        ],
        "account.partial.reconcile": [
            "amount", "credit_amount_currency", "credit_move_id", "debit_amount_currency", "debit_move_id", "max_date",
        ],
        "ar.credit.policy": ["user_id"],
        "ar.customer": ["company_id", "partner_id", "policy_id", "user_id"],
        "res.partner": ["commercial_partner_id", "country_id"],
    }  # fmt: skip

    company_id = fields.Many2one("res.company", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    customer_id = fields.Many2one("ar.customer", "Customer Account", readonly=True)
    collector_id = fields.Many2one("res.users", readonly=True)
    policy_id = fields.Many2one("ar.credit.policy", "Credit Policy", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)
    balance = fields.Monetary(readonly=True, currency_field="company_currency_id")
    overdue = fields.Monetary(
        readonly=True, currency_field="company_currency_id",
        help="As of today: entries that are dated after today, such as post-dated payments, count from their date.",
    )  # fmt: skip
    credits = fields.Monetary("Unapplied Credits", readonly=True, currency_field="company_currency_id")
    oldest_due_date = fields.Date("Overdue since", readonly=True)
    days_late = fields.Integer(readonly=True, aggregator="max")
    share = OptionalFloat(
        "Share (%)", readonly=True, aggregator="sum", help="Overdue amount in percent of all that is overdue."
    )
    cumulative_share = OptionalFloat(
        "Cumulative %", readonly=True, aggregator="max",
        help="Cumulative share of this customer and of all customers with a larger overdue amount.",
    )  # fmt: skip
    balance_rank = fields.Integer("Rank", readonly=True, aggregator=None)
    overdue_rank = fields.Integer("Rank by Overdue", readonly=True, aggregator=None)

    def _read_group_select(self, aggregate_spec, query):
        """Override of `base` to leave shares empty where a group has several companies: each is of its own company."""
        select = super()._read_group_select(aggregate_spec, query)
        if aggregate_spec.partition(":")[0] not in ("share", "cumulative_share"):
            return select
        company = self._field_to_sql(self._table, "company_id", query)
        return SQL("CASE WHEN MIN(%(company)s) = MAX(%(company)s) THEN %(select)s END", company=company, select=select)

    @property
    def _table_query(self):
        """Return the query of the customers with open items in the user's companies, each as of its own today."""
        return SQL(" UNION ALL ").join(self._select_debtors(company) for company in self.env.companies)

    @api.model
    def _select_debtors(self, company):
        """Return the query of a company; customers are ranked before anything is joined to them, which is faster."""
        return SQL(
            """
            SELECT debtor.id, %(company)s AS company_id, %(currency)s AS company_currency_id, debtor.partner_id,
                   account.id AS customer_id, %(collector)s AS collector_id,
                   account.policy_id, partner.country_id, debtor.balance, debtor.overdue, debtor.credits,
                   debtor.oldest_due_date, %(today)s - debtor.oldest_due_date AS days_late, debtor.share,
                   debtor.cumulative_share, debtor.balance_rank, debtor.overdue_rank
              FROM (SELECT debtor.*,
                           debtor.overdue * 100 / NULLIF(SUM(debtor.overdue) OVER (), 0) AS share,
                           SUM(debtor.overdue) OVER by_overdue * 100 / NULLIF(SUM(debtor.overdue) OVER (), 0)
                               AS cumulative_share,
                           ROW_NUMBER() OVER (ORDER BY debtor.balance DESC, debtor.id) AS balance_rank,
                           ROW_NUMBER() OVER by_overdue AS overdue_rank
                      FROM (%(debtors)s) debtor
                    WINDOW by_overdue AS (ORDER BY debtor.overdue DESC, debtor.balance DESC, debtor.id)) debtor
         LEFT JOIN res_partner partner ON partner.id = debtor.partner_id
         LEFT JOIN ar_customer account ON account.partner_id = debtor.partner_id AND account.company_id = %(company)s
         LEFT JOIN ar_credit_policy policy ON policy.id = account.policy_id
            """,
            company=company.id,
            currency=company.currency_id.id,
            collector=self.env["ar.customer"]._get_collector_sql(company),
            today=company._ar_today(),
            debtors=self._select_sums(company),
        )

    @api.model
    def _select_sums(self, company, partner_ids=None):
        """Return the query by customer: (id, partner_id or NULL, balance, overdue, credits, oldest_due_date).

        :param partner_ids: ids of commercial partners; default: all, and items without a partner
        """
        return SQL(
            """
            SELECT partner.commercial_partner_id AS partner_id, MIN(part.id) AS id, SUM(part.balance) AS balance,
                   COALESCE(SUM(part.overdue), 0) AS overdue, -COALESCE(SUM(part.credits), 0) AS credits,
                   MIN(part.oldest_due_date) AS oldest_due_date
              FROM (%s) part
         LEFT JOIN res_partner partner ON partner.id = part.contact_id
          GROUP BY partner.commercial_partner_id
            """,
            self.env["ar.as.of"]._select_added_up(
                company, company._ar_today(), partial(self._add_up, company), partner_ids
            ),
        )

    @api.model
    def _add_up(self, company, lines):
        """Return the query of the sums of open items by account and contact, see `ar.as.of._select_added_up`."""
        return SQL(
            """
            SELECT line.contact_id, MIN(line.id) AS id, SUM(line.residual) AS balance,
                   SUM(line.residual) FILTER (WHERE %(is_late)s) AS overdue,
                   SUM(line.residual) FILTER (WHERE line.residual < 0) AS credits,
                   MIN(line.due_date) FILTER (WHERE %(is_late)s) AS oldest_due_date
              FROM (%(lines)s) line
          GROUP BY line.account_id, line.contact_id
            """,
            is_late=self._is_late(company),
            lines=lines,
        )

    @api.model
    def _is_late(self, company):
        """Return the SQL condition that an open item `line` is overdue."""
        return SQL("line.residual > 0 AND line.due_date < %s AND NOT line.is_our_payment", company._ar_today())

    # === DASHBOARD === #

    @api.model
    def _read_overview(self, company, limit=10):
        """Return the company's aging, and the customers with the largest overdue amounts, the largest first.

        The open items are read once for both. Callers must have checked access to the company.

        :return: (Aging, [{customer_id, partner_id, name, balance, overdue, credits, oldest_due_date, share}]): the
            account's id or `None`, amounts and share (percent of all that is overdue) as `Decimal`
        """
        self.env.flush_all()
        edges = company._ar_aging_edges()
        rows = self.env.execute_query(self._select_overview(company, edges, limit))
        buckets = [(None, bucket, amount) for is_bucket, bucket, _partner_id, amount in rows if is_bucket]
        aging = self.env["ar.as.of"]._collect_aging(buckets, edges).get(None, nothing_open(edges))
        partner_ids = [partner_id for is_bucket, _bucket, partner_id, _amount in rows if not is_bucket]
        worst = self.env.execute_query(self._select_worst(company, partner_ids, limit)) if partner_ids else []
        return aging, self._describe_worst(worst, aging.overdue)

    @api.model
    def _select_overview(self, company, edges, limit):
        """Return the query: (is_bucket, bucket, partner_id, amount).

        First the buckets, then the customers with the largest overdue amounts, and all others with the same amount. It
        is the only amount by customer: the others are read for those that are shown.
        """
        buckets = self._get_buckets(edges)
        return SQL(
            """
            WITH part AS MATERIALIZED (%(parts)s)
            SELECT TRUE AS is_bucket, bucket.number AS bucket, NULL::int AS partner_id, bucket.amount::text
              FROM (SELECT %(sums)s FROM part) total
        CROSS JOIN LATERAL (VALUES %(rows)s) bucket (number, amount)
             WHERE bucket.amount IS NOT NULL
         UNION ALL
           (SELECT FALSE, NULL, partner.commercial_partner_id, SUM(part.overdue)::text
              FROM part JOIN res_partner partner ON partner.id = part.contact_id
             WHERE part.overdue > 0
          GROUP BY partner.commercial_partner_id
          ORDER BY SUM(part.overdue) DESC
             FETCH FIRST %(limit)s ROWS WITH TIES)
            """,
            parts=self.env["ar.as.of"]._select_added_up(
                company, company._ar_today(), partial(self._add_up_overview, company, edges)
            ),
            sums=SQL(", ").join(SQL("SUM(part.%s) AS %s", name, name) for name in buckets.values()),
            rows=SQL(", ").join(SQL("(%s::int, total.%s)", number, name) for number, name in buckets.items()),
            limit=limit,
        )

    @api.model
    def _get_buckets(self, edges):
        """Return {number of the bucket: SQL name of its column}; None: credits."""
        return {number: SQL.identifier(f"bucket_{number}") for number in (*range(len(edges) + 2), None)}

    @api.model
    def _add_up_overview(self, company, edges, lines):
        """Return the query of amounts by bucket and of the overdue amount, by account and contact.

        The inner queries are ordered, so that the database computes each of their columns once.
        """
        return SQL(
            """
            SELECT line.contact_id, %(buckets)s, SUM(line.residual) FILTER (WHERE %(is_late)s) AS overdue
              FROM (SELECT open_line.*, %(bucket)s AS bucket
                      FROM (SELECT line.* FROM (%(lines)s) line ORDER BY line.account_id, line.contact_id) open_line
                  ORDER BY open_line.account_id, open_line.contact_id) line
          GROUP BY line.account_id, line.contact_id
            """,
            buckets=SQL(", ").join(
                SQL("SUM(line.residual) FILTER (WHERE line.bucket %s) AS %s", _is(number), name)
                for number, name in self._get_buckets(edges).items()
            ),
            is_late=self._is_late(company),
            bucket=self.env["ar.as.of"]._bucket(company._ar_today(), edges=edges),
            lines=lines,
        )

    @api.model
    def _select_worst(self, company, partner_ids, limit):
        """Return the query of debtors: (account id, partner_id, balance, overdue, credits, oldest_due_date)."""
        return SQL(
            """
            SELECT account.id, debtor.partner_id, debtor.balance::text, debtor.overdue::text, debtor.credits::text,
                   debtor.oldest_due_date
              FROM (%(debtors)s) debtor
         LEFT JOIN ar_customer account ON account.partner_id = debtor.partner_id AND account.company_id = %(company)s
          ORDER BY debtor.overdue DESC, debtor.balance DESC, debtor.id
             LIMIT %(limit)s
            """,
            debtors=self._select_sums(company, partner_ids),
            company=company.id,
            limit=limit,
        )

    @api.model
    def _describe_worst(self, rows, overdue):
        """Return the customers of `_read_overview`.

        :param Decimal overdue: all that is overdue
        """
        # sudo: the caller may see these items, but their partner may be restricted to another company.
        partners = self.env["res.partner"].sudo().browse(row[1] for row in rows)
        names = {partner.id: partner.display_name for partner in partners}
        return [
            {
                "customer_id": customer_id,
                "partner_id": partner_id,
                "name": names[partner_id],
                "balance": Decimal(balance),
                "overdue": Decimal(late),
                "credits": Decimal(credits),
                "oldest_due_date": oldest_due_date,
                "share": Decimal(late) * 100 / overdue,
            }
            for customer_id, partner_id, balance, late, credits, oldest_due_date in rows
        ]

    def action_open(self):
        """Open the customer account; the contact where there is no account; the items where they have no partner."""
        self.ensure_one()
        if self.customer_id:
            return self.customer_id._get_form_action()
        if not self.partner_id:
            action = self.env["ar.aging.item"]._get_action(self.company_id, self.company_id._ar_today())
            return dict(action, domain=[*action["domain"], ("partner_id", "=", False)])
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "views": [(False, "form")],
        }


def _is(number):
    """Return the SQL that compares with a number or None."""
    return SQL("IS NULL") if number is None else SQL("= %s", number)
