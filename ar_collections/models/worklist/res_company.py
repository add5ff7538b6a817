from decimal import Decimal

from psycopg2.extensions import TransactionRollbackError

from odoo import fields, models
from odoo.tools import SQL

from ...core.money import to_decimal
from ...core.worklist.priority import Weights, round_up

#: Where the company sets no large amount: the share of late customers who owe less than it.
LARGE_SHARE = 0.9

DEFAULTS = Weights()


class ResCompany(models.Model):
    """The weights of the worklist's priority, in points; a part with weight 0 is left out."""

    _inherit = "res.company"

    ar_priority_overdue = fields.Integer("Points for the Amount Overdue", default=DEFAULTS.overdue)
    ar_priority_age = fields.Integer("Points for the Age", default=DEFAULTS.age)
    ar_priority_risk = fields.Integer("Points for Bad Debtors", default=DEFAULTS.risk)
    ar_priority_broken_promise = fields.Integer("Points for a Broken Promise", default=DEFAULTS.broken_promise)
    ar_priority_late_dispute = fields.Integer("Points for an Overdue Dispute", default=DEFAULTS.late_dispute)
    ar_priority_due_soon = fields.Integer("Points for Amounts Overdue Soon", default=DEFAULTS.due_soon)
    ar_priority_unreached = fields.Integer("Points for Not Reached Yet", default=DEFAULTS.unreached)
    ar_priority_large_amount = fields.Monetary(
        "Large Amount",
        help="Overdue amount that gives all points for the amount. 0: the 90th percentile of the overdue amounts.",
    )
    ar_priority_found_amount = fields.Monetary(
        "Large Amount Found",
        readonly=True,
        help="90th percentile of the overdue amounts, as of the last run.",
    )
    ar_priority_old_days = fields.Integer(
        "Age for full points (days late)",
        default=DEFAULTS.old_days,
        help="Number of days late that gives all points for the age.",
    )
    ar_priority_soon_days = fields.Integer(
        "Overdue soon (days)",
        default=DEFAULTS.soon_days,
        help="Number of days ahead within which amounts about to become overdue are counted.",
    )

    _ar_priority_not_negative = models.Constraint(
        "CHECK (LEAST(ar_priority_overdue, ar_priority_age, ar_priority_risk, ar_priority_broken_promise,"
        " ar_priority_late_dispute, ar_priority_due_soon, ar_priority_unreached, ar_priority_large_amount,"
        " ar_priority_old_days, ar_priority_soon_days) >= 0)",
        "Points, days and the large amount of the worklist's priority cannot be negative.",
    )

    def _ar_get_priority_weights(self):
        """Return the company's weights for :func:`core.worklist.priority.rate`.

        :rtype: Weights
        """
        self.ensure_one()
        return Weights(
            overdue=self.ar_priority_overdue,
            age=self.ar_priority_age,
            risk=self.ar_priority_risk,
            broken_promise=self.ar_priority_broken_promise,
            late_dispute=self.ar_priority_late_dispute,
            due_soon=self.ar_priority_due_soon,
            unreached=self.ar_priority_unreached,
            large_amount=to_decimal(self.ar_priority_large_amount) or self._ar_find_large_amount(),
            old_days=self.ar_priority_old_days,
            soon_days=self.ar_priority_soon_days,
        )

    def _ar_get_most_points(self):
        """Return the most points that a customer can get for the priority."""
        self.ensure_one()
        company = self.sudo()  # for display, whatever the user may read of the company
        return (
            company.ar_priority_overdue + company.ar_priority_age + company.ar_priority_risk
            + company.ar_priority_broken_promise + company.ar_priority_late_dispute + company.ar_priority_due_soon
            + company.ar_priority_unreached
        )  # fmt: skip

    def _ar_find_large_amount(self):
        """Return the 90th percentile of overdue amounts, in company currency, rounded up so that it changes rarely.

        It is that of the last nightly run, see `_ar_store_large_amount`: it is needed for each batch and each customer
        that somebody works on, and reading the amounts of all customers takes long.
        """
        found = to_decimal(self.sudo().ar_priority_found_amount)  # whatever the user may read of the company
        return found or round_up(self._ar_measure_large_amount())

    def _ar_store_large_amount(self):
        """Store the large amount for the run that begins now; where nobody is late, it is measured when needed."""
        amount = 0 if self.ar_priority_large_amount else self._ar_measure_large_amount()
        found = round_up(amount) if amount else amount
        if to_decimal(self.ar_priority_found_amount) != found and self._ar_lock_free():
            self.ar_priority_found_amount = found

    def _ar_lock_free(self):
        """Lock the company without waiting; return whether it was free and unchanged: another run may store it."""
        self.env.flush_all()
        query = SQL("SELECT 1 FROM res_company WHERE id = %s FOR NO KEY UPDATE SKIP LOCKED", self.id)
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(query, log_exceptions=False)
                return bool(self.env.cr.fetchall())
        except TransactionRollbackError:
            self.env.invalidate_all(flush=False)
            return False

    def _ar_measure_large_amount(self):
        """Return the 90th percentile of the overdue amounts of all customers, 0 where nobody is late."""
        self.env["ar.customer"].flush_model(["company_id", "overdue"])
        ((amount,),) = self.env.execute_query(
            SQL(
                """
                SELECT (percentile_disc(%s) WITHIN GROUP (ORDER BY overdue))::text
                  FROM ar_customer
                 WHERE company_id = %s AND overdue > 0
                """,
                LARGE_SHARE,
                self.id,
            )
        )
        return Decimal(amount or 0)
