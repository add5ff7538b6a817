from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ...core.metrics.key_figures import Books, Paid, measure
from ...core.metrics.periods import month_ending, months_back
from ...core.money import ZERO
from ..customers.sql import DUE_DATE, bounded_days

#: How far back the count-back DSO looks for sales, in months.
HISTORY_MONTHS = 60


class ArMetrics(models.AbstractModel):
    """Key figures of a company for a period, from its ledger as of the end of the period.

    The number of queries does not depend on the size of the ledger. Amounts are in company currency. Formulas are in
    `core.metrics`. Callers must have checked access to the company.
    """

    _name = "ar.metrics"
    _description = "Receivables KPIs"

    @api.model
    def _measure(self, company, period):
        """Return the inputs from the ledger for a period, and its key figures: (Books, KeyFigures)."""
        books = self._read_books(company, period)
        return books, measure(books, average_receivables=company.ar_dso_basis == "average")

    @api.model
    def _measure_day(self, company, day):
        """Return `_measure` for the month that ends on the day; at a month's end this is the calendar month."""
        return self._measure(company, month_ending(day))

    @api.model
    def _read_books(self, company, period):
        """Return the `Books` of a company for a period."""
        as_of = self.env["ar.as.of"]
        months = list(months_back(period.last, self._read_first_sale(company) or period.last, HISTORY_MONTHS))
        sales = self._read_credit_sales(company, [period])
        sales_of_months = self._read_credit_sales(company, months)
        return Books(
            period,
            opening=as_of._read_aging(company, period.day_before).total,
            closing=as_of._read_aging(company, period.last, edges=company._ar_aging_edges()),
            credit_sales=sales[period],
            months=tuple((sales_of_months[month], month.days) for month in months),
            paid=self._read_paid(company, period),
            written_off=self._read_written_off(company, period),
        )

    # === SALES === #

    @api.model
    def _read_first_sale(self, company):
        """Return the date of the company's first posted customer invoice, `None` if there is none."""
        self.env["account.move"].flush_model()
        ((day,),) = self.env.execute_query(
            SQL(
                """
                SELECT MIN(date) FROM account_move
                 WHERE company_id = %s AND state = 'posted' AND move_type = 'out_invoice'
                """,
                company.id,
            )
        )
        return day

    @api.model
    def _read_credit_sales(self, company, periods):
        """Return {period: credit sales in company currency} of consecutive periods.

        Credit sales are posted customer invoices less credit notes by accounting date, including tax, as receivables
        do. Sales receipts are paid at once and do not count, nor do invoices booked on non-trade accounts.

        :param periods: in any order
        """
        sales = defaultdict(lambda: ZERO)
        periods = sorted(periods, key=lambda period: period.first)
        if not periods:
            return sales
        self.env["account.move"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT width_bucket(date, %(starts)s), SUM(amount_total_signed)::text
                  FROM account_move
                 WHERE company_id = %(company)s AND state = 'posted' AND move_type IN ('out_invoice', 'out_refund')
                   AND date BETWEEN %(first)s AND %(last)s AND %(is_trade)s
              GROUP BY 1
                """,
                starts=[period.first for period in periods],
                company=company.id,
                first=periods[0].first,
                last=periods[-1].last,
                is_trade=self._get_trade_condition(company),
            )
        )
        sales.update((periods[number - 1], Decimal(amount)) for number, amount in rows)
        return sales

    @api.model
    def _get_trade_condition(self, company):
        """Return the SQL condition that an entry is not booked on a receivable account marked as non-trade."""
        accounts = self.env["ar.facts"]._search_receivable_accounts(company, non_trade=True)
        if not accounts:
            return SQL("TRUE")
        return SQL(
            """
            id NOT IN (SELECT move_id FROM account_move_line
                        WHERE account_id = ANY(%s) AND display_type = 'payment_term')
            """,
            accounts,
        )

    # === PAYMENTS === #

    @api.model
    def _read_paid(self, company, period):
        """Return the `Paid` of a period: invoices whose last part was settled in it.

        An invoice counts with its full amount; each of its installments with its own days, from the invoice date and
        from its own due date to the day it was settled; days late count within bounds. Invoices that credit notes and
        write-offs alone settled do not count.
        """
        self.env.flush_all()
        ((amount, amount_days, amount_days_late),) = self.env.execute_query(
            SQL(
                """
                WITH installment AS (%(installments)s),
                     invoice AS (
                         SELECT move_id FROM installment
                       GROUP BY move_id
                         HAVING BOOL_AND(left_open = 0) AND BOOL_OR(is_paid)
                            AND MAX(settled_on) BETWEEN %(first)s AND %(last)s
                     )
                SELECT COALESCE(SUM(balance), 0)::text, COALESCE(SUM(balance * (settled_on - invoice_date)), 0)::text,
                       COALESCE(SUM(balance * %(days_late)s), 0)::text
                  FROM installment JOIN invoice USING (move_id)
                """,
                days_late=bounded_days(SQL("settled_on - due_date")),
                installments=self._select_installments(company, period),
                first=period.first,
                last=period.last,
            )
        )
        return Paid(Decimal(amount), Decimal(amount_days), Decimal(amount_days_late))

    @api.model
    def _select_installments(self, company, period):
        """Return the query of all installments of invoices with a settlement in the period.

        Exchange differences settle nothing in the invoice's currency, and draft entries do not count. An installment
        of which nothing is settled yet is among them, with all of it open.
        """
        return SQL(
            """
            SELECT line.id, line.move_id, line.balance, %(due_date)s AS due_date, move.invoice_date,
                   line.amount_currency - COALESCE(SUM(matched.debit_amount_currency), 0) AS left_open,
                   MAX(matched.max_date) AS settled_on, BOOL_OR(other.move_type <> 'out_refund'
                                                          AND other.journal_id <> ALL(%(losses)s)) AS is_paid
              FROM account_move move
              JOIN account_move_line line ON line.move_id = move.id
         LEFT JOIN (account_partial_reconcile matched
                    JOIN account_move_line counterpart ON counterpart.id = matched.credit_move_id
                    JOIN account_move other ON other.id = counterpart.move_id AND other.state = 'posted')
                ON matched.debit_move_id = line.id AND matched.max_date <= %(last)s
               AND matched.debit_amount_currency <> 0
             WHERE move.id IN (
                       SELECT touched.move_id
                         FROM account_partial_reconcile recent
                         JOIN account_move_line touched ON touched.id = recent.debit_move_id
                        WHERE recent.max_date BETWEEN %(first)s AND %(last)s
                          AND touched.account_id = ANY(%(accounts)s) AND touched.company_id = %(company)s)
               AND move.state = 'posted' AND move.move_type = 'out_invoice'
               AND line.account_id = ANY(%(accounts)s) AND line.amount_currency > 0
          GROUP BY line.id, move.id
            """,
            due_date=DUE_DATE,
            accounts=self.env["ar.facts"]._get_receivable_account_ids(company),
            company=company.id,
            first=period.first,
            last=period.last,
            losses=self.env["account.journal"]._ar_get_loss_ids(),
        )

    # === LOSSES === #

    @api.model
    def _read_written_off(self, company, period):
        """Return what was written off of the receivables in a period, less what was recovered, in company currency."""
        losses = self.env["account.journal"]._ar_get_loss_ids()
        if not losses:
            return ZERO
        self.env["account.move.line"].flush_model()
        ((amount,),) = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(-SUM(balance), 0)::text
                  FROM account_move_line
                 WHERE journal_id = ANY(%(losses)s) AND account_id = ANY(%(accounts)s) AND company_id = %(company)s
                   AND parent_state = 'posted' AND date BETWEEN %(first)s AND %(last)s
                """,
                losses=losses,
                accounts=self.env["ar.facts"]._get_receivable_account_ids(company),
                company=company.id,
                first=period.first,
                last=period.last,
            )
        )
        return Decimal(amount)
