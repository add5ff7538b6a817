import datetime
import logging

from odoo import api, fields, models
from odoo.tools import SQL

from ...core.forecast.cash_forecast import ENOUGH_INVOICES, monday_of

_logger = logging.getLogger(__name__)

YEAR = datetime.timedelta(days=365)

#: Weeks of which habits are kept: the running one, and those on which the forecast is looked back upon.
KEPT_WEEKS = 5


class ArPaymentBehavior(models.Model):
    """How late customers usually pay, as it was known when a week began.

    A habit is what a year of payments says, and a year of payments is too much to read for a screen. It does not change
    within a week, so the habits of the running week are taken at night, and kept as long as the forecast is looked back
    upon. A week of which nothing was taken is read from the books: the same figures, only slower.

    The row without a customer is the company's habit; customers with too few paid invoices have no row of their own.
    """

    _name = "ar.payment.behavior"
    _description = "Payment Behavior"
    _order = "week desc, id"
    _log_access = False  # filled by the database alone

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

    # === TAKING === #

    @api.model
    def _cron_store_payment_behavior(self):
        """Take the habits of every company whose day has come to its hour, then look back upon the forecast."""
        for company in self.env["res.company"].search([("ar_policy_ids", "!=", False)]):
            if company._ar_now().hour >= company.ar_run_hour:
                self._try_take(company, company._ar_today())
                self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _try_take(self, company, today):
        """Take a company's habits; a failure is logged and stops nobody, because the books can be read instead."""
        try:
            with self.env.cr.savepoint():
                self._take_missing(company, today)
                self.env["ar.cash.forecast.check"]._take_once(company, today)
        except Exception:  # whatever it is, it must not stop the other companies
            self.env.invalidate_all(flush=False)
            _logger.warning("The payment habits of company %s could not be taken.", company.id, exc_info=True)

    @api.model
    def _take_missing(self, company, today):
        """Take the running week's habits and those of four weeks ago, where they are missing; forget older ones.

        :param date today: the company's date
        """
        monday = monday_of(today)
        oldest = monday - datetime.timedelta(weeks=KEPT_WEEKS - 1)
        # Nobody may write habits by hand.
        self.sudo().search([("company_id", "=", company.id), ("week", "<", oldest)]).unlink()
        for week in (monday, oldest):
            if not self._has_week(company, week):
                self._take(company, week)

    @api.model
    def _take(self, company, week):
        """Take a company's habits as they are known when the week begins."""
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
        # Habits are numbers about companies the caller has checked access to.
        return bool(self.sudo().search_count(domain, limit=1))

    # === READING === #

    @api.model
    def _select_behavior(self, company, today):
        """Return the query of the habits that count on a day: (partner_id, days, items)."""
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
        """Return the query that reads the habits from the books: twelve months of payments before the week.

        Each part of an item counts with the day on which it was paid.
        """
        return SQL(
            """
            SELECT partner.commercial_partner_id AS partner_id,
                   COALESCE(ROUND(SUM(paid.amount * (paid.day - COALESCE(line.date_maturity, line.date)))
                                  / SUM(paid.amount)), 0)::int AS days,
                   COUNT(DISTINCT line.move_id)::int AS items
              FROM (%(paid)s) paid
              JOIN account_move_line line ON line.id = paid.line_id
         LEFT JOIN res_partner partner ON partner.id = line.partner_id
          GROUP BY GROUPING SETS ((partner.commercial_partner_id), ())
            HAVING GROUPING(partner.commercial_partner_id) = 1
                OR (partner.commercial_partner_id IS NOT NULL AND COUNT(DISTINCT line.move_id) >= %(enough)s)
            """,
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
