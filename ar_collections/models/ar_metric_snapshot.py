from odoo import api, fields, models

from ..const import CONTACT_STATES
from ..core.periods import is_month_end
from .optional_float import OptionalFloat


class ArMetricSnapshot(models.Model):
    """The receivables of a company at the end of a day, and the key figures of the month that ended on it.

    As-of numbers: a day taken again gives the same row, as long as nobody books in the past. A part more is a method
    more: see :meth:`_get_parts`.
    """

    _name = "ar.metric.snapshot"
    _description = "Key Figures of a Day"
    _order = "date desc, id"
    _rec_name = "date"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(required=True, readonly=True)
    is_month_end = fields.Boolean(readonly=True)
    taken_on = fields.Date(required=True, readonly=True, help="When the day was last looked at.")

    # === What was open === #
    receivable = fields.Monetary(
        "Receivables", readonly=True, aggregator="avg", help="The balance of the receivable accounts."
    )
    credits = fields.Monetary(
        readonly=True, aggregator="avg", help="Credit notes and unapplied cash: no age, below zero."
    )
    overdue = fields.Monetary(readonly=True, aggregator="avg", help="What was past its due date, credits apart.")
    not_due = fields.Monetary(readonly=True, aggregator="avg", help="Due that day or later.")
    late_1 = fields.Monetary("1-30 days", readonly=True, aggregator="avg")
    late_2 = fields.Monetary("31-60 days", readonly=True, aggregator="avg")
    late_3 = fields.Monetary("61-90 days", readonly=True, aggregator="avg")
    late_4 = fields.Monetary("91-120 days", readonly=True, aggregator="avg")
    late_5 = fields.Monetary("More than 120 days", readonly=True, aggregator="avg")

    # === Key figures of the month that ended that day; empty where a figure is not available === #
    credit_sales = fields.Monetary(
        readonly=True, aggregator="avg", help="Posted customer invoices less credit notes, tax included, of the month."
    )
    dso_simple = OptionalFloat(
        "DSO", readonly=True, aggregator="avg", help="Receivables / credit sales of the month x its days."
    )
    dso_countback = OptionalFloat(
        "DSO Count-back", readonly=True, aggregator="avg",
        help="How many days of sales, counted back from the newest month, make up the receivables.",
    )  # fmt: skip
    dso_countback_more = fields.Boolean(
        "More Than the History",
        readonly=True,
        help="The receivables are more than all sales in the books: the count-back DSO is longer than that history.",
    )
    best_dso = OptionalFloat(
        "Best DSO", readonly=True, aggregator="avg", help="The best possible DSO: if everybody paid when it is due."
    )
    average_days_delinquent = OptionalFloat(
        "Days Delinquent",
        readonly=True,
        aggregator="avg",
        help="Average days delinquent: DSO less the best possible DSO, the days that lateness costs.",
    )
    cei = OptionalFloat(
        "CEI %", readonly=True, aggregator="avg",
        help="Collection effectiveness: of what could be collected in the month, how much was: "
        "(opening + credit sales - closing) / (opening + credit sales - closing not due).",
    )  # fmt: skip
    percent_current = OptionalFloat(
        "Current %", readonly=True, aggregator="avg", help="The share of what is owed that is not overdue."
    )
    weighted_days_to_pay = OptionalFloat(
        "Days to Pay", readonly=True, aggregator="avg",
        help="From the date of invoice to the payment, weighted by amount, over invoices fully paid in the month.",
    )  # fmt: skip
    weighted_days_late = OptionalFloat(
        "Days Late", readonly=True, aggregator="avg",
        help="From the due date to the payment, weighted by amount, over invoices fully paid in the month.",
    )  # fmt: skip
    turnover = OptionalFloat(
        readonly=True, aggregator="avg", help="How many times: credit sales of the month / average receivables."
    )
    turnover_days = OptionalFloat(
        readonly=True, aggregator="avg", help="Days of the month / (credit sales / average receivables)."
    )

    communications_sent = fields.Integer("Contacts", readonly=True, help="Communications that customers got that day.")

    _company_date_uniq = models.UniqueIndex("(company_id, date)", "This day has been taken already.")

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Override of `base` to call the ranges of the ageing by the company's own edges."""
        descriptions = super().fields_get(allfields, attributes)
        names = self.env.company._ar_aging_names()
        for name, label in zip(("late_1", "late_2", "late_3", "late_4", "late_5"), names[1:], strict=True):
            if "string" in descriptions.get(name, {}):
                descriptions[name]["string"] = label
        return descriptions

    def action_show_aging(self):
        """Open the ageing as of that day, by customer; its sum is the receivables of the row."""
        self.ensure_one()
        return self.env["ar.aging.item"]._get_action(self.company_id, self.date)

    # === VALUES === #

    @api.model
    def _prepare_vals(self, company, day):
        """Return the values of a company's day."""
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
        """Return what a day is made of: methods that take a company and a day and return values of fields."""
        return [self._get_ledger_vals, self._get_contact_vals]

    @api.model
    def _get_ledger_vals(self, company, day):
        """Return what the books say."""
        books, figures = self.env["ar.metrics"]._measure_day(company, day)
        closing = books.closing
        return {
            "receivable": float(closing.total),
            "credits": float(closing.credits),
            "overdue": float(closing.overdue),
            "not_due": float(closing.not_due),
            **{f"late_{number}": float(amount) for number, amount in enumerate(closing.buckets[1:], 1)},
            "credit_sales": float(books.credit_sales),
            "dso_countback": _number(figures.dso_countback.days),
            "dso_countback_more": not figures.dso_countback.exhausted,
            **{
                name: _number(getattr(figures, name))
                for name in (
                    "dso_simple", "best_dso", "average_days_delinquent", "cei", "percent_current",
                    "weighted_days_to_pay", "weighted_days_late", "turnover", "turnover_days",
                )
            },
        }  # fmt: skip

    @api.model
    def _get_contact_vals(self, company, day):
        """Return how often customers heard from the company that day."""
        domain = [("company_id", "=", company.id), ("date_spoken", "=", day), ("state", "in", CONTACT_STATES)]
        return {"communications_sent": self.env["ar.communication"].search_count(domain)}


def _number(value):
    """Return a figure for the database: what is not available stays so."""
    return None if value is None else float(value)
