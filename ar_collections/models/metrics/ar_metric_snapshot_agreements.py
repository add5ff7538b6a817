from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ...core.metrics import metrics
from ...core.metrics.periods import month_ending
from ...core.money import ZERO, to_decimal
from ...core.promises import judgement as rules
from ..customers.optional_float import OptionalFloat
from .ar_metric_snapshot import _number


class ArMetricSnapshotAgreements(models.Model):
    """Key figures of a day on promises, disputes and money received.

    They are as-of figures, too: promises are judged from the ledger, not by their present state; a dispute counts as
    open from the day it was raised until the day before it was resolved.
    """

    _inherit = "ar.metric.snapshot"

    promises_due = fields.Integer(
        readonly=True,
        aggregator="avg",
        help=(
            "Number of promises whose date, including the tolerance, passed in the month; withdrawn promises "
            "are not counted."
        ),
    )
    promise_kept_rate = OptionalFloat(
        "Promises Kept %", readonly=True, aggregator="avg",
        help="Percentage of promises due in the month that were kept in full; partly kept promises count as not kept.",
    )  # fmt: skip
    promise_kept_rate_amount = OptionalFloat(
        "Promised Amounts Kept %", readonly=True, aggregator="avg",
        help="Amounts of kept promises in percent of the amounts promised for the month.",
    )  # fmt: skip
    disputed = fields.Monetary(
        readonly=True,
        aggregator="avg",
        help=(
            "Amount contested, undecided and still open on that day. The cash forecast also includes amounts "
            "granted but not yet credited."
        ),
    )
    dispute_share = OptionalFloat(
        "Disputed %", readonly=True, aggregator="avg", help="Disputed amount / receivables without credits."
    )
    collected = fields.Monetary(
        readonly=True,
        aggregator="avg",
        help=(
            "Amount received on the receivable accounts in the month through bank and cash journals, less "
            "refunds. Write-offs made with a payment are not included."
        ),
    )
    collected_after_contact = fields.Monetary(
        readonly=True,
        aggregator="avg",
        help=(
            "Amount of items settled by payments of the month, within 7 days after the customer was contacted "
            "about them."
        ),
    )

    @api.model
    def _get_parts(self):
        """Override to add promises and money received."""
        return [*super()._get_parts(), self._get_promise_vals, self._get_cash_vals]

    @api.model
    def _prepare_vals(self, company, day):
        """Override to add the disputed amount, and its share of the debts that the ledger part has measured."""
        values = super()._prepare_vals(company, day)
        disputed = self._read_disputed(company, day)
        debts = to_decimal(values["receivable"]) - to_decimal(values["credits"])
        share = metrics.dispute_share(disputed, debts)
        return {**values, "disputed": float(disputed), "dispute_share": _number(share)}

    # === PROMISES === #

    @api.model
    def _get_promise_vals(self, company, day):
        """Return number and kept rates (percent) of the promises that came due in the month that ends on the day."""
        judged = self._judge_promises(company, month_ending(day))
        by_number, by_amount = metrics.promise_kept_rate(judged)
        return {
            "promises_due": len(judged),
            "promise_kept_rate": _number(by_number),
            "promise_kept_rate_amount": _number(by_amount),
        }

    @api.model
    def _judge_promises(self, company, period):
        """Return [(outcome, amount in company currency)] of the promises that came due in the period.

        They are judged from the ledger, as of the day after the period: the stored state may be missing yet, or be of
        a later date.
        """
        promises = self.env["ar.promise"].search(
            [
                ("company_id", "=", company.id),
                ("date_deadline", ">=", period.first),
                ("date_deadline", "<=", period.last),
            ]
        )
        due = promises.filtered(
            lambda promise: (
                promise.state != rules.WITHDRAWN or (promise.ended_on or promise.date_deadline) > promise.date_deadline
            )
        )
        books = self.env["ar.facts"]._read_promise_books(due)
        after = fields.Date.add(period.last, days=1)
        return [
            (rules.judge([book.part for book in books[promise.id]], promise.date, promise.tolerance_days, after),
             to_decimal(promise.amount_company))
            for promise in due
            if promise.id in books  # otherwise none of its invoices is posted any more
        ]  # fmt: skip

    # === DISPUTES === #

    @api.model
    def _read_disputed(self, company, day):
        """Return the disputed amount that was open at the end of the day, in company currency at booked rates."""
        self.env.flush_all()
        partners = [
            row[0]
            for row in self.env.execute_query(self._select_contested(company, day, SQL("debtor.commercial_partner_id")))
        ]
        if not partners:
            return ZERO
        ((amount,),) = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(SUM(LEAST(open_line.residual * contested.amount / open_line.residual_currency,
                                          open_line.residual)), 0)::text
                  FROM (%(contested)s) contested (line_id, amount)
                  JOIN (%(lines)s) open_line ON open_line.id = contested.line_id
                 WHERE open_line.residual_currency > 0
                """,
                contested=self._select_contested(company, day, SQL("item.id")),
                lines=self.env["ar.as.of"]._select_open_lines(company, day, partners),
            )
        )
        return Decimal(amount)

    @api.model
    def _select_contested(self, company, day, key):
        """Return the query of disputed amounts at the end of the day: (key, amount in the items' currencies).

        :param SQL key: column of ``item``, or of its ``debtor``, to group by
        """
        return SQL(
            """
            SELECT %(key)s, SUM(line.amount)
              FROM ar_dispute dispute
              JOIN ar_dispute_line line ON line.dispute_id = dispute.id
              JOIN account_move_line item ON item.id = line.move_line_id
         LEFT JOIN res_partner debtor ON debtor.id = item.partner_id
             WHERE dispute.company_id = %(company)s AND dispute.date_raised <= %(day)s
               AND (dispute.date_resolved IS NULL OR dispute.date_resolved > %(day)s)
          GROUP BY 1
            """,
            key=key,
            company=company.id,
            day=day,
        )

    # === MONEY RECEIVED === #

    @api.model
    def _get_cash_vals(self, company, day):
        """Return the money received in the month that ends on the day."""
        period = month_ending(day)
        return {
            "collected": float(self._read_collected(company, period)),
            "collected_after_contact": float(self._read_collected_after_contact(company, period)),
        }

    @api.model
    def _read_collected(self, company, period):
        """Return the money booked on receivable accounts in the period, by bank and cash journals, reconciled or not.

        In company currency; refunds to customers reduce it.
        """
        self.env.flush_all()
        ((amount,),) = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(-SUM(%(money)s), 0)::text
                  FROM account_move_line payment
             LEFT JOIN account_payment register ON register.id = payment.payment_id
                 WHERE payment.account_id = ANY(%(accounts)s) AND payment.company_id = %(company)s
                   AND payment.parent_state = 'posted' AND payment.date BETWEEN %(first)s AND %(last)s
                   AND payment.journal_id = ANY(%(journals)s)
                """,
                money=self.env["ar.collected"]._get_money(SQL("payment.balance")),
                journals=self.env["ar.collected"]._get_money_journal_ids(),
                accounts=self.env["ar.facts"]._get_receivable_account_ids(company),
                company=company.id,
                first=period.first,
                last=period.last,
            )
        )
        return Decimal(amount)

    @api.model
    def _read_collected_after_contact(self, company, period):
        """Return what payments of the period settled after a contact, in company currency; see `ar.collected`."""
        self.env.flush_all()
        ((amount,),) = self.env.execute_query(
            SQL(
                "SELECT COALESCE(SUM(amount), 0)::text FROM (%s) collected WHERE day BETWEEN %s AND %s",
                self.env["ar.collected"]._select_collected(company),
                period.first,
                period.last,
            )
        )
        return Decimal(amount)
