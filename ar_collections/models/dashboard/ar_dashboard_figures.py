from odoo import api, fields, models

from ...core.change import DAYS, DOWN, MONEY, NEITHER, PERCENT, UP, change
from ...core.metrics.metrics import percent_current
from ...core.money import to_decimal
from .ar_dashboard import DAILY

#: Key figures of the cards: field of the snapshot -> (unit, direction of an improvement).
FIGURES = {
    "receivable": (MONEY, NEITHER),
    "overdue": (MONEY, DOWN),
    "dso_simple": (DAYS, DOWN),
    "weighted_days_late": (DAYS, DOWN),
    "cei": (PERCENT, UP),
    "promise_kept_rate": (PERCENT, UP),
}

#: Second figure of a card: another field of the snapshot.
DETAILS = {"dso_simple": "best_dso", "weighted_days_late": "average_days_delinquent", "cei": "bad_debt_ratio"}

#: Number of customers with the largest overdue amounts that are shown.
WORST = 10

#: Lines of the trend.
TREND = ("dso_simple", "best_dso")


class ArDashboardFigures(models.AbstractModel):
    """The part of the dashboard with key figures and their change, aging and trend.

    Open amounts are as of now; figures of a month come from the last snapshot, as in all reports.
    """

    _inherit = "ar.dashboard"

    @api.model
    def _get_figures_part(self, company, today, since):
        """Return aging, cards and trend, and the largest debtors, for which the same items are read.

        :param date today: the last snapshot before it is used, as a rule that of yesterday
        :param date since: the cards are compared with the last snapshot up to that day
        """
        aging, worst = self.env["ar.top.debtor"]._read_overview(company, limit=WORST)
        live = {
            "receivable": aging.total,
            "overdue": aging.overdue,
            "percent_current": percent_current(aging.not_due, aging.debts),
        }
        snapshots = self.env["ar.metric.snapshot"]
        domain = [("company_id", "=", company.id)]
        last = self._get_last_snapshot(company, today)
        then = snapshots.search([*domain, ("date", "<=", since), ("date", "<", last.date or today)], limit=1)
        # A ledger that begins later is compared with its first snapshot.
        then = then or snapshots.search([*domain, ("date", "<", last.date or today)], order="date", limit=1)
        return {
            "aging": self._get_aging(company, aging),
            "snapshot_date": fields.Date.to_string(last.date) or None,
            "compared_date": fields.Date.to_string(then.date) or None,
            "figures": [self._get_figure(name, live, last, then) for name in FIGURES],
            "trend": self._get_trend(company, last, today, since),
            "worst": [self._get_debtor(row) for row in worst],
        }

    @api.model
    def _get_last_snapshot(self, company, today):
        """Return the snapshot that the cards show: the last one before today; may be empty."""
        domain = [("company_id", "=", company.id), ("date", "<", today)]
        return self.env["ar.metric.snapshot"].search(domain, limit=1)

    @api.model
    def _get_points_domain(self, company, last, today, since):
        """Return the domain of a trend's snapshots: each day of a short period, else ends of months, and the last."""
        domain = [("company_id", "=", company.id), ("date", ">=", since), ("date", "<", today)]
        if (today - since).days > DAILY:
            domain += ["|", ("is_month_end", "=", True), ("id", "=", last.id)]
        return domain

    @api.model
    def _get_aging(self, company, aging):
        """Return {labels, amounts, credits, total} of the aging."""
        return {
            "labels": company._ar_aging_names(),
            "amounts": [float(amount) for amount in aging.buckets],
            "credits": float(aging.credits),
            "total": float(aging.total),
        }

    @api.model
    def _get_figure(self, name, live, last, then):
        """Return a card: {name, label, help, unit, value, detail, change, good}.

        :param dict live: figures as of now; the others are those of the last snapshot
        :param last, then: the snapshots to compare, possibly empty
        """
        unit, better = FIGURES[name]
        value = live[name] if name in live else _read(last, name)
        detail = live["percent_current"] if name == "overdue" else _read(last, DETAILS.get(name))
        changed = change(value, _read(then, name), unit, better)
        description = self.env["ar.metric.snapshot"].fields_get([name], ["string", "help"])[name]
        return {
            "name": name,
            "label": description["string"],
            "help": description.get("help") or "",
            "unit": unit,
            "value": _number(value),
            "detail": _number(detail),
            "change": _number(changed and changed.difference),
            "good": changed and changed.good,
        }

    @api.model
    def _get_debtor(self, row):
        """Return {customer_id, name, balance, overdue, credits, oldest_due_date, share} of a large debtor."""
        return {
            "customer_id": row["customer_id"],
            "name": row["name"],
            "balance": float(row["balance"]),
            "overdue": float(row["overdue"]),
            "credits": float(row["credits"]),
            "oldest_due_date": fields.Date.to_string(row["oldest_due_date"]),
            "share": float(row["share"]),
        }

    @api.model
    def _get_trend(self, company, last, today, since):
        """Return {dates, and for each line a list of values}, oldest first; points are days or ends of months."""
        domain = self._get_points_domain(company, last, today, since)
        points = self.env["ar.metric.snapshot"].search_fetch(domain, ["date", *TREND], order="date")
        return {
            "dates": [fields.Date.to_string(point.date) for point in points],
            **{name: [point[name] for point in points] for name in TREND},
        }


def _read(snapshot, name):
    """Return a figure of a snapshot; `None` where it is not available or there is no snapshot."""
    value = snapshot[name] if snapshot and name else None
    return None if value is None else to_decimal(value)


def _number(value):
    """Return a figure as float for the browser; `None` stays `None`."""
    return None if value is None else float(value)
