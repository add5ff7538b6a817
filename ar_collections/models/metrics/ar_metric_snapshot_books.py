import datetime
from decimal import Decimal
from itertools import accumulate

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...core.money import ZERO
from ..customers.sql import DUE_DATE

#: Number of amounts of the two queries below.
BOOKED, MATCHED = 6, 4


class ArMetricSnapshotBooks(models.Model):
    """On which books a day was measured, so that it is measured again where they have changed since.

    Invoices of a month are entered until it is closed, opening balances are imported over several days, entries are
    reset, moved to another day and deleted: sums of what was booked until a day tell all of them, whenever and however
    it was done. They cost one query of the entries and one of the reconciliations for all days of a company.
    """

    _inherit = "ar.metric.snapshot"

    books = fields.Char(
        readonly=True,
        copy=False,
        help="Settings, and sums of the entries and reconciliations until that day. Where the settings change, or the "
        "sums of one of the last 60 days or 24 month ends, the KPIs of the day are computed again. Empty: to be "
        "computed again.",
    )

    @api.model
    def _read_books(self, company, days):
        """Return {day: sums of the books until the end of the day, as text}; two texts are equal if nothing changed.

        :param days: iterable of dates
        """
        self.env.flush_all()
        days = sorted(days)
        settings = self._get_settings_text(company)
        booked = self._add_up(self.env.execute_query(self._select_booked(company, days)), len(days), BOOKED)
        matched = self._add_up(self.env.execute_query(self._select_matched(company, days)), len(days), MATCHED)
        return {
            day: settings + " ".join(map(str, (*sums, *others)))
            for day, sums, others in zip(days, booked, matched, strict=True)
        }

    @api.model
    def _add_up(self, rows, number, columns):
        """Return the sums until each day from rows (position of the first day that they count for, amounts as text).

        :param int number: of the days
        :param int columns: number of amounts of a row
        :rtype: list[list[Decimal]]
        """
        amounts = {position: [Decimal(amount or 0) for amount in texts] for position, *texts in rows}
        by_day = (amounts.get(position, [ZERO] * columns) for position in range(number))
        return list(accumulate(by_day, lambda until, own: [sum(pair) for pair in zip(until, own, strict=True)]))

    @api.model
    def _select_booked(self, company, days):
        """Return the query of what was booked on receivable accounts, see `_add_up`: amounts, dates, losses."""
        return SQL(
            """
            SELECT width_bucket(line.date, %(starts)s), COUNT(*)::text, SUM(line.balance)::text,
                   SUM(line.amount_currency)::text, SUM(line.balance * (%(due_date)s - line.date))::text,
                   SUM(line.balance * (COALESCE(line.invoice_date, line.date) - line.date))::text,
                   SUM(line.balance) FILTER (WHERE line.journal_id = ANY(%(losses)s))::text
              FROM account_move_line line
             WHERE line.account_id = ANY(%(accounts)s) AND line.company_id = %(company)s
               AND line.parent_state = 'posted' AND line.date <= %(last)s
          GROUP BY 1
            """,
            due_date=DUE_DATE,
            losses=self.env["account.journal"]._ar_get_loss_ids(),
            **self._get_limits(company, days),
        )

    @api.model
    def _select_matched(self, company, days):
        """Return the query of what was reconciled with items on receivable accounts, see `_add_up`."""
        return SQL(
            """
            SELECT width_bucket(matched.max_date, %(starts)s), COUNT(*)::text, SUM(matched.amount)::text,
                   SUM(matched.amount * matched.debit_move_id)::text, SUM(matched.amount * matched.credit_move_id)::text
              FROM account_partial_reconcile matched
              JOIN account_move_line line ON line.id = matched.debit_move_id
             WHERE line.account_id = ANY(%(accounts)s) AND line.company_id = %(company)s
               AND matched.max_date <= %(last)s
          GROUP BY 1
            """,
            **self._get_limits(company, days),
        )

    @api.model
    def _get_limits(self, company, days):
        """Return the parameters of both queries; what is dated on a day counts from that day on.

        :param days: sorted list of dates
        """
        return {
            "starts": [day + datetime.timedelta(days=1) for day in days],
            "last": days[-1],
            "accounts": self.env["ar.facts"]._get_receivable_account_ids(company),
            "company": company.id,
        }

    @api.model
    def _forget_changed(self, company, books):
        """Forget on which books days were measured whose books have changed, so that they are measured again.

        :param dict books: see `_read_books`
        """
        domain = [("company_id", "=", company.id), ("date", "in", list(books)), ("books", "!=", False)]
        rows = self.search_fetch(domain, ["date", "books"])
        rows.filtered(lambda row: row.books != books[row.date]).books = False

    # === SETTINGS === #

    @api.model
    def _get_settings_text(self, company):
        """Return the settings of a company by which its days are measured; the texts of its books begin with it."""
        return " ".join(map(str, (*company._ar_aging_edges(), company.ar_dso_basis, "")))

    @api.model
    def _domain_other_settings(self, settings):
        """Return the domain of days that were measured by others than these settings, see `_get_settings_text`."""
        return Domain("books", "=", False) | ~Domain("books", "=like", f"{settings}%")

    # === FIRST ENTRY === #

    @api.model
    def _read_first_day(self, company):
        """Return the date of the first entry on the company's receivable accounts, `None` if there is none."""
        accounts = self.env["ar.facts"]._get_receivable_account_ids(company)
        self.env["account.move.line"].flush_model()
        ((day,),) = self.env.execute_query(
            SQL(
                """
                SELECT MIN(date) FROM account_move_line
                 WHERE account_id = ANY(%s) AND company_id = %s AND parent_state = 'posted'
                """,
                accounts,
                company.id,
            )
        )
        return day

    @api.model
    def _drop_before(self, company, start):
        """Delete the days of a company before its first entry: they were measured on books that are gone.

        :param start: date; None: no day has an entry
        """
        before = Domain("date", "<", start) if start else Domain.TRUE
        self.search(Domain("company_id", "=", company.id) & before).unlink()
