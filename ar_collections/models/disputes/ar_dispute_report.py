from odoo import fields, models
from odoo.tools import SQL

from ...const import DISPUTE_STATES


class ArDisputeReport(models.Model):
    """Analysis of disputes, one row per dispute: amounts, reason, owner, outcome and days until it was resolved."""

    _name = "ar.dispute.report"
    _inherit = "ar.report.mixin"
    _description = "Dispute Analysis"
    _auto = False
    _order = "date_raised desc"
    _rec_name = "dispute_id"

    dispute_id = fields.Many2one("ar.dispute", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    reason_id = fields.Many2one("ar.dispute.reason", readonly=True)
    user_id = fields.Many2one("res.users", "Owner", readonly=True)
    state = fields.Selection(DISPUTE_STATES, "Outcome", readonly=True)
    origin = fields.Selection([("staff", "Staff"), ("portal", "Customer portal")], readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount_total = fields.Monetary("Disputed", readonly=True)
    amount_accepted = fields.Monetary("Granted", readonly=True)
    date_raised = fields.Date("Raised on", readonly=True)
    date_resolved = fields.Date("Resolved on", readonly=True)
    days_to_resolve = fields.Integer(
        "Days to Resolve",
        readonly=True,
        aggregator="avg",
        help="Number of days from the receipt of the dispute to its resolution. Empty while the dispute is open.",
    )
    age = fields.Integer(
        "Age (days)",
        readonly=True,
        aggregator="avg",
        help="Number of days from the receipt of the dispute until today, or until its resolution.",
    )
    age_range = fields.Selection(
        [("a", "0 to 5 days"), ("b", "6 to 10 days"), ("c", "11 to 30 days"), ("d", "More than 30 days")],
        "Age",
        readonly=True,
    )
    is_late = fields.Boolean(
        "Answered late",
        readonly=True,
        help="Whether the dispute was answered after its deadline, or is unanswered past its deadline.",
    )

    _depends = {
        "ar.dispute": [
            "amount_accepted", "amount_total", "company_id", "currency_id", "date_deadline", "date_raised",
            "date_resolved", "origin", "partner_id", "reason_id", "state", "user_id",
        ],
    }  # fmt: skip

    @property
    def _table_query(self):
        """Return the query of all disputes; the open ones are as old as on the day of their company."""
        companies = self.env["res.company"]
        return SQL(
            """
            SELECT dispute.*,
                   CASE WHEN age <= 5 THEN 'a' WHEN age <= 10 THEN 'b' WHEN age <= 30 THEN 'c' ELSE 'd' END AS age_range
              FROM (SELECT own.id, own.id AS dispute_id, own.company_id, own.partner_id, own.reason_id, own.user_id,
                           own.state, own.origin, own.currency_id, own.amount_total, own.amount_accepted,
                           own.date_raised, own.date_resolved, own.date_resolved - own.date_raised AS days_to_resolve,
                           COALESCE(own.date_resolved, %(today)s) - own.date_raised AS age,
                           COALESCE(own.date_resolved, %(today)s) > own.date_deadline AS is_late
                      FROM ar_dispute own
                 LEFT JOIN (%(zones)s) zone ON zone.company_id = own.company_id) dispute
            """,
            today=companies._ar_sql_day(SQL("%s::timestamp", fields.Datetime.now())),
            zones=companies._ar_select_zones(),
        )
