import datetime
from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ....core.customers.aging import BY_DUE_DATE, BY_INVOICE_DATE, EDGES, Aging, first_days, nothing_open
from ....core.money import ZERO

#: The dimensions by which open items can be grouped: name -> column of the query of `_from_open_lines`; ``None``: see
#: `_get_collector_sql`.
DIMENSIONS = {
    "customer": SQL("open_line.customer_partner_id"),
    "currency": SQL("open_line.currency_id"),
    "collector": None,
    "policy": SQL("account.policy_id"),
    "salesperson": SQL("move.invoice_user_id"),
    "country": SQL("open_line.country_id"),
}

#: The date from which an item's age counts: basis -> column of the same query.
BASES = {BY_DUE_DATE: SQL("open_line.due_date"), BY_INVOICE_DATE: SQL("open_line.invoice_date")}


class AsOfItem(NamedTuple):
    """A receivable line that was open at the end of the day; debts positive, credits negative.

    Customer, salesperson and country are `None` where the entry has none; the policy where there is no customer
    account. ``residual`` is in company currency; ``original`` and ``residual_currency`` are in the line's own.
    """

    line_id: int
    move_id: int
    name: str
    customer_partner_id: int | None
    invoice_date: datetime.date
    due_date: datetime.date
    currency_id: int
    salesperson_id: int | None
    country_id: int | None
    policy_id: int | None
    #: The amount of the line when it was posted.
    original: Decimal
    residual_currency: Decimal
    residual: Decimal
    #: Whether it is money that we paid to the customer, which is never late, see `OUR_PAYMENT`.
    is_our_payment: bool

    @property
    def is_debt(self):
        """Whether the item is a debt and so ages; credit notes and unapplied payments do not.

        An item settled in its own currency may be open in company currency until its exchange difference is booked.
        """
        return (self.residual_currency or self.residual) > 0


class ArAsOf(models.AbstractModel):
    """Open items at the end of any day, as the ledger stood then: what was settled later is open again.

    The queries start from today's residuals and undo the partial reconciliations of later days (`max_date`, the later
    date of both sides), so the cost depends on what is open and what happened since, not on the whole history.
    Exchange differences are partial reconciliations, too. The result for a day is the same whenever it is read, unless
    entries are posted or reconciled with a date in the past. The residuals of a company add up to the balance of its
    receivable accounts.

    It reads with SQL, for any number of items; the caller must have checked access to the company.
    """

    _name = "ar.as.of"
    _description = "Receivables as of a Day"

    # === ITEMS === #

    @api.model
    def _read_items(self, company, day, partner_ids=None):
        """Return the items that were open at the end of the day, oldest due date first.

        :param partner_ids: ids of commercial partners; default: all, and lines without a partner
        :rtype: list[AsOfItem]
        """
        self.env.flush_all()
        query = SQL(
            """
            SELECT open_line.id, open_line.move_id, move.name, open_line.customer_partner_id,
                   open_line.invoice_date, open_line.due_date, open_line.currency_id, move.invoice_user_id,
                   open_line.country_id, account.policy_id,
                   open_line.original::text, open_line.residual_currency::text, open_line.residual::text,
                   open_line.is_our_payment
              FROM %s
          ORDER BY open_line.due_date, open_line.id
            """,
            self._from_open_lines(company, day, partner_ids),
        )
        return [AsOfItem(*row[:-4], *map(Decimal, row[-4:-1]), row[-1]) for row in self.env.execute_query(query)]

    # === TOTALS === #

    @api.model
    def _read_aging(self, company, day, by=None, basis=BY_DUE_DATE, edges=EDGES):
        """Return the aging of the company at the end of the day, in company currency, added up by the database.

        :param str by: one of ``DIMENSIONS``; default: no grouping
        :param str basis: ``due`` or ``invoice``: the date from which an item's age counts
        :param edges: the last day of lateness of each bucket
        :return: {id of the dimension's record or None: Aging}; without ``by``, the Aging itself
        """
        self.env.flush_all()
        key = SQL("NULL")
        if by:
            key = DIMENSIONS[by] or self.env["ar.customer"]._get_collector_sql(company)
        query = SQL(
            """
            SELECT %(key)s, %(bucket)s, SUM(open_line.residual)::text
              FROM %(lines)s
          GROUP BY 1, 2
            """,
            key=key,
            bucket=self._bucket(day, basis, edges),
            lines=self._from_open_lines(company, day),
        )
        found = self._collect_aging(self.env.execute_query(query), edges)
        return found if by else found.get(None, nothing_open(edges))

    @api.model
    def _collect_aging(self, rows, edges):
        """Return {key: Aging} for rows (key, bucket or None for credits, amount)."""
        amounts = defaultdict(dict)
        for key, bucket, amount in rows:
            amounts[key][bucket] = Decimal(amount)
        return {
            key: Aging(tuple(found.get(number, ZERO) for number in range(len(edges) + 2)), found.get(None, ZERO))
            for key, found in amounts.items()
        }

    @api.model
    def _read_ledger_balance(self, company, day):
        """Return the balance of the receivable accounts at the end of the day, in company currency.

        It is the sum of the posted entries, and the open items must add up to it. The two differ where branches settled
        each other's items.
        """
        self.env.flush_all()
        ((balance,),) = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(SUM(balance), 0)::text FROM account_move_line
                 WHERE account_id = ANY(%(accounts)s) AND company_id = %(company)s
                   AND parent_state = 'posted' AND date <= %(day)s
                """,
                accounts=self.env["ar.facts"]._get_receivable_account_ids(company),
                company=company.id,
                day=day,
            )
        )
        return Decimal(balance)

    # === SQL === #

    @api.model
    def _bucket(self, day, basis=BY_DUE_DATE, edges=EDGES):
        """Return the SQL of an `open_line`'s bucket: 0 not due, then 1, 2, ...; NULL for credits, which do not age.

        What we paid to the customer is never late.
        """
        return SQL(
            """
            CASE WHEN open_line.is_our_payment THEN 0
                 WHEN COALESCE(NULLIF(open_line.residual_currency, 0), open_line.residual) > 0
                 THEN width_bucket(%s - %s, %s) END
            """,
            day,
            BASES[basis],
            list(first_days(edges)),
        )

    @api.model
    def _from_open_lines(self, companies, day, partner_ids=None):
        """Return the FROM clause of all queries: `open_line` with its entry, the customer's `account` and its `policy`.

        LEFT JOINs, because the database omits those whose columns a query does not use.
        """
        return SQL(
            """
            (%(lines)s) open_line
            LEFT JOIN account_move move ON move.id = open_line.move_id
            LEFT JOIN ar_customer account
                   ON account.partner_id = open_line.customer_partner_id AND account.company_id = open_line.company_id
            LEFT JOIN ar_credit_policy policy ON policy.id = account.policy_id
            """,
            lines=self._select_open_lines(companies, day, partner_ids),
        )

    @api.model
    def _get_account_ids(self, companies):
        """Return the ids of the companies' receivable accounts, each once."""
        ids = self.env["ar.facts"]._get_receivable_account_ids
        return sorted({account for company in companies for account in ids(company)})
