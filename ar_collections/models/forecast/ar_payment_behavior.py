import datetime

from odoo import api, fields, models
from odoo.tools import SQL

from ...core.forecast.cash_forecast import ENOUGH_INVOICES, monday_of
from ..customers.sql import DUE_DATE, bounded_days

YEAR = datetime.timedelta(days=365)

#: Weeks whose rows are kept: the current one, and those for which the accuracy of the forecast is measured.
KEPT_WEEKS = 5


class ArPaymentBehavior(models.Model):
    """The payment behavior of customers, how late they pay, as it was known when a week began.

    It is measured on a year of payments, which is too much to read for a screen. It does not change within a week, so
    the nightly run stores that of the current week, and keeps it as long as the accuracy of the forecast is measured
    against it. For a week without stored rows it is read from the ledger: the same figures, but slower.

    The row without a customer is the behavior of all customers of the company; customers with too few paid invoices
    have no row.
    """

    _name = "ar.payment.behavior"
    _description = "Payment Behavior"
    _order = "week desc, id"
    _log_access = False  # filled by SQL only

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True, ondelete="cascade", index="btree_not_null")
    week = fields.Date(required=True, readonly=True, help="Monday of the week; payments before it are counted.")
    days = fields.Integer(
        "Average Delay", required=True, readonly=True, aggregator="avg",
        help=(
            "Average number of days from the due date to the payment, weighted by amount; negative: before the "
            "due date."
        ),
    )  # fmt: skip
    items = fields.Integer(
        "Paid Invoices",
        required=True,
        readonly=True,
        help="Number of invoices paid at least in part in the year before the week.",
    )

    _once = models.UniqueIndex("(company_id, week, COALESCE(partner_id, 0))")

    # === NIGHTLY RUN === #

    @api.model
    def _store_company(self, company, today, auto_commit=False):
        """Step of the nightly run: store the payment behavior and forecast accuracy of a company.

        :return: False where the time ran out
        """
        run = self.env["ar.nightly"]._batch_run(company, "forecast", auto_commit)
        return run.over_values([today], lambda day: self._store(company, day)).finished

    @api.model
    def _store(self, company, today):
        self._take_missing(company, today)
        self.env["ar.cash.forecast.check"]._take_once(company, today)

    @api.model
    def _take_missing(self, company, today):
        """Store the behavior as of the current week and of four weeks ago, where it is missing; delete older rows.

        :param date today: the company's date
        """
        monday = monday_of(today)
        oldest = monday - datetime.timedelta(weeks=KEPT_WEEKS - 1)
        # sudo: users have no right to write payment behavior.
        self.sudo().search([("company_id", "=", company.id), ("week", "<", oldest)]).unlink()
        for week in (monday, oldest):
            if not self._has_week(company, week):
                self._take(company, week)

    @api.model
    def _take(self, company, week):
        """Store the payment behavior of a company as known when the week begins.

        :param date week: a Monday
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO ar_payment_behavior (company_id, week, partner_id, days, items)
                SELECT %s, %s, partner_id, days, items FROM (%s) behavior
                """,
                company.id,
                week,
                self._select_from_books(company, week),
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _has_week(self, company, week):
        domain = [("company_id", "=", company.id), ("week", "=", week), ("partner_id", "=", False)]
        # sudo: callers have checked access to the company.
        return bool(self.sudo().search_count(domain, limit=1))

    # === QUERIES === #

    @api.model
    def _select_behavior(self, company, today):
        """Return the query of the payment behavior that applies on a day: (partner_id, days, items).

        ``partner_id`` is NULL in the row of the company.
        """
        week = monday_of(today)
        if not self._has_week(company, week):
            return self._select_from_books(company, week)
        return SQL(
            "SELECT partner_id, days, items FROM ar_payment_behavior WHERE company_id = %s AND week = %s",
            company.id,
            week,
        )

    @api.model
    def _select_from_books(self, company, week):
        """Return the query of the payment behavior from the ledger: the payments of twelve months before the week.

        Days are weighted by amount; each partial payment of an item counts with its own day, within bounds.
        """
        return SQL(
            """
            SELECT partner.commercial_partner_id AS partner_id,
                   COALESCE(ROUND(SUM(paid.amount * %(days)s) / SUM(paid.amount)), 0)::int AS days,
                   COUNT(DISTINCT line.move_id)::int AS items
              FROM (%(paid)s) paid
              JOIN account_move_line line ON line.id = paid.line_id
         LEFT JOIN res_partner partner ON partner.id = line.partner_id
          GROUP BY GROUPING SETS ((partner.commercial_partner_id), ())
            HAVING GROUPING(partner.commercial_partner_id) = 1
                OR (partner.commercial_partner_id IS NOT NULL AND COUNT(DISTINCT line.move_id) >= %(enough)s)
            """,
            days=bounded_days(SQL("paid.day - %s", DUE_DATE)),
            paid=self._select_paid(company, week - YEAR, week - datetime.timedelta(days=1)),
            enough=ENOUGH_INVOICES,
        )

    @api.model
    def _select_paid(self, company, first, last):
        """Return the query of what was paid on receivable items from the first to the last day, see `ar.collected`.

        :return: (line_id, day, amount in company currency)
        """
        return SQL(
            "SELECT item_id AS line_id, day, amount FROM (%s) payment WHERE amount > 0",
            self.env["ar.collected"]._select_payments(company, first, last),
        )
