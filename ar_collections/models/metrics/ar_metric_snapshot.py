import datetime

from odoo import api, fields, models
from odoo.fields import Domain

from ...const import CONTACT_STATES
from ...core.metrics.periods import is_month_end, month_ending
from ..customers.optional_float import OptionalFloat

#: How far back snapshots are taken: the ends of the last 24 months, and every day of the last 60 days.
MONTHS, DAYS = 24, 60

#: Recent days whose snapshots are taken again each night, because entries (bank statements above all) are booked late.
SETTLING_DAYS = 7


class ArMetricSnapshot(models.Model):
    """The receivables of a company at the end of a day, and the key figures of the month that ended on it.

    They are as-of figures: a day taken again gives the same row as long as nothing is booked on earlier dates. The
    nightly run takes yesterday, the recent days that may still change, missing days of the past, and those whose books
    have changed since. To add a part of the figures, extend :meth:`_get_parts`.
    """

    _name = "ar.metric.snapshot"
    _inherit = ["ar.list.export.mixin"]
    _description = "Daily KPIs"
    _order = "date desc, id"
    _rec_name = "date"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(required=True, readonly=True)
    is_month_end = fields.Boolean(readonly=True)
    taken_on = fields.Date(
        required=True,
        readonly=True,
        string="Computed on",
        help="Date on which the KPIs of this day were last computed.",
    )

    # === Open items === #
    receivable = fields.Monetary(
        "Receivables", readonly=True, aggregator="avg", help="Balance of the receivable accounts."
    )
    credits = fields.Monetary(
        readonly=True, aggregator="avg", help="Credit notes and unapplied cash: no age, below zero."
    )
    overdue = fields.Monetary(readonly=True, aggregator="avg", help="Overdue amount, not including credits.")
    not_due = fields.Monetary(readonly=True, aggregator="avg", help="Amount due on that day or later.")
    late_1 = fields.Monetary("1-30 days", readonly=True, aggregator="avg")
    late_2 = fields.Monetary("31-60 days", readonly=True, aggregator="avg")
    late_3 = fields.Monetary("61-90 days", readonly=True, aggregator="avg")
    late_4 = fields.Monetary("91-120 days", readonly=True, aggregator="avg")
    late_5 = fields.Monetary("More than 120 days", readonly=True, aggregator="avg")

    # === Key figures of the month that ended that day; empty where a figure is not available === #
    credit_sales = fields.Monetary(
        readonly=True,
        aggregator="avg",
        help="Total of the customer invoices posted in the month, less credit notes, tax included.",
    )
    dso_simple = OptionalFloat(
        "DSO", readonly=True, aggregator="avg", help="Receivables / credit sales of the month x its days."
    )
    dso_countback = OptionalFloat(
        "Countback DSO", readonly=True, aggregator="avg",
        help="Number of days of sales, counted back from the latest month, that make up the receivables.",
    )  # fmt: skip
    dso_countback_more = fields.Boolean(
        "More Than the History",
        readonly=True,
        help=(
            "Whether the receivables exceed all recorded sales, so that the countback DSO is longer than the "
            "sales history."
        ),
    )
    best_dso = OptionalFloat(
        "Best DSO",
        readonly=True,
        aggregator="avg",
        help=(
            "Best possible DSO: the DSO if all customers paid on the due date. Credits are deducted in proportion, "
            "as in the DSO."
        ),
    )
    average_days_delinquent = OptionalFloat(
        "Average Days Delinquent",
        readonly=True,
        aggregator="avg",
        help="Average days delinquent: DSO less the best possible DSO, the days added by late payment.",
    )
    cei = OptionalFloat(
        "CEI %", readonly=True, aggregator="avg",
        help=(
            "Collection effectiveness index: share of the amount collectible in the month that was collected, "
            "(opening + credit sales - closing) / (opening + credit sales - closing not due). Credits are deducted in "
            "proportion, as in the best DSO."
        ),
    )  # fmt: skip
    percent_current = OptionalFloat(
        "Current %", readonly=True, aggregator="avg", help="Share of the receivables that is not overdue."
    )
    weighted_days_to_pay = OptionalFloat(
        "Days to Pay", readonly=True, aggregator="avg",
        help=(
            "Average number of days from the invoice date to the payment, weighted by amount, of the invoices "
            "fully paid in the month."
        ),
    )  # fmt: skip
    weighted_days_late = OptionalFloat(
        "Days Late", readonly=True, aggregator="avg",
        help=(
            "Average number of days from the due date to the payment, weighted by amount, of the invoices "
            "fully paid in the month."
        ),
    )  # fmt: skip
    turnover = OptionalFloat(
        readonly=True, aggregator="avg", help="Receivables turnover: credit sales of the month / average receivables."
    )
    turnover_days = OptionalFloat(
        readonly=True, aggregator="avg", help="Number of days of the month / (credit sales / average receivables)."
    )

    written_off = fields.Monetary(
        readonly=True,
        aggregator="avg",
        help="Amount written off in the month, less recoveries of earlier write-offs. It counts as not collected.",
    )
    bad_debt_ratio = OptionalFloat(
        "Bad Debt %", readonly=True, aggregator="avg",
        help="Amount written off in the month, less recoveries, in percent of its credit sales.",
    )  # fmt: skip

    communications_sent = fields.Integer(
        "Contacts", readonly=True, help="Number of communications sent to customers that day."
    )

    _company_date_uniq = models.UniqueIndex("(company_id, date)", "The KPIs of this day are already recorded.")

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Override of `base` to label the aging buckets with the company's own limits."""
        descriptions = super().fields_get(allfields, attributes)
        names = self.env.company._ar_aging_names()
        for name, label in zip(("late_1", "late_2", "late_3", "late_4", "late_5"), names[1:], strict=True):
            if "string" in descriptions.get(name, {}):
                descriptions[name]["string"] = label
        return descriptions

    def action_show_aging(self):
        """Open the aging report as of that day, by customer; its total is the receivables of the row."""
        self.ensure_one()
        return self.env["ar.aging.item"]._get_action(self.company_id, self.date)

    # === VALUES === #

    @api.model
    def _prepare_vals(self, company, day):
        """Return the field values of a company's snapshot of a day."""
        values = {
            "company_id": company.id,
            "date": day,
            "is_month_end": is_month_end(day),
            "taken_on": company._ar_today(),
        }
        for part in self._get_parts():
            values.update(part(company, day))
        return values

    @api.model
    def _get_parts(self):
        """Return the methods that measure the parts of a day.

        Extension point: an override adds methods that take (company, day) and return {field: value}.
        """
        return [self._get_ledger_vals, self._get_contact_vals]

    @api.model
    def _get_ledger_vals(self, company, day):
        """Return balances, aging and key figures from the ledger."""
        books, figures = self.env["ar.metrics"]._measure_day(company, day)
        closing = books.closing
        return {
            "receivable": float(closing.total),
            "credits": float(closing.credits),
            "overdue": float(closing.overdue),
            "not_due": float(closing.not_due),
            **{f"late_{number}": float(amount) for number, amount in enumerate(closing.buckets[1:], 1)},
            "credit_sales": float(books.credit_sales),
            "written_off": float(books.written_off),
            "dso_countback": _number(figures.dso_countback.days),
            "dso_countback_more": not figures.dso_countback.exhausted,
            **{
                name: _number(getattr(figures, name))
                for name in (
                    "dso_simple", "best_dso", "average_days_delinquent", "cei", "percent_current",
                    "weighted_days_to_pay", "weighted_days_late", "turnover", "turnover_days", "bad_debt_ratio",
                )
            },
        }  # fmt: skip

    @api.model
    def _get_contact_vals(self, company, day):
        """Return the number of communications sent by the company that day."""
        domain = [("company_id", "=", company.id), ("date_sent", "=", day), ("state", "in", CONTACT_STATES)]
        return {"communications_sent": self.env["ar.communication"].search_count(domain)}

    # === NIGHTLY RUN === #

    @api.model
    def _take_missing(self, company, today, auto_commit=False):
        """Step of the nightly run: take the missing snapshots of a company, and the recent ones again, newest first.

        After the installation this fills two years, over as many calls as needed. Older days are taken again where
        their books have changed: by entries that are booked late, or by a setting. What is stored of days before the
        first entry is dropped: the books were moved or reset.

        :param date today: the company's date
        :param bool auto_commit: commit after each day, as a scheduled action does
        :return: False where the time ran out
        """
        run = self.env["ar.nightly"]._batch_run(company, "snapshots", auto_commit)
        start = self._read_first_day(company)
        days, books = self._get_missing_days(company, today, start), {}
        if days or not start:  # the books are looked at once a day, and as long as days are left
            self._drop_before(company, start)
        if days:
            books = self._read_books(company, self._get_wanted_days(today).union(days))
            self._forget_changed(company, books)
            days = self._get_missing_days(company, today, start)

        def take(day):
            self._take(company, day).books = books[day]

        return run.over_values(days, take).finished

    @api.model
    def _take(self, company, day):
        """Create or update a company's snapshot of a day; return it."""
        values = self.with_company(company)._prepare_vals(company, day)
        snapshot = self.search([("company_id", "=", company.id), ("date", "=", day)])
        if snapshot:
            snapshot.write(values)
            return snapshot
        return self.create(values)

    @api.model
    def _get_missing_days(self, company, today, start):
        """Return the days to take, the newest first, until yesterday.

        Stored days that are no longer wanted are among them where they were measured by other settings, or by an older
        version: all rows stand below the same column names.

        :param start: date of the first entry on receivable accounts; None where there is none
        """
        if start is None:
            return []
        settling, wanted = today - datetime.timedelta(days=SETTLING_DAYS), self._get_wanted_days(today)
        settings = self._get_settings_text(company)
        domain = Domain("date", "in", list(wanted)) | self._domain_other_settings(settings)
        rows = self.search_fetch(Domain("company_id", "=", company.id) & domain, ["date", "taken_on", "books"])
        there = {
            row.date
            for row in rows
            if row.taken_on == today or (row.date < settling and (row.books or "").startswith(settings))
        }
        days = wanted.union(rows.mapped("date")) - there
        return sorted((day for day in days if start <= day < today), reverse=True)

    @api.model
    def _get_wanted_days(self, today):
        """Return the set of the days that have a snapshot, as far as the books go back."""
        yesterday = today - datetime.timedelta(days=1)
        recent = (yesterday - datetime.timedelta(days=number) for number in range(DAYS))
        return {*recent, *self._get_ends(yesterday)}

    @api.model
    def _get_ends(self, day):
        """Return the last ``MONTHS`` ends of months up to the day, the newest first."""
        end = day if is_month_end(day) else day.replace(day=1) - datetime.timedelta(days=1)
        ends = []
        for _number in range(MONTHS):
            ends.append(end)
            end = month_ending(end).day_before
        return ends


def _number(value):
    """Return a figure as float for the database; `None` stays `None`."""
    return None if value is None else float(value)
