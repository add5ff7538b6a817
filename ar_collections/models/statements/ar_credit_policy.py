from odoo import api, fields, models

from ...const import STATEMENT_AUDIENCES, STATEMENT_FREQUENCIES, STATEMENT_KINDS, WEEKDAYS
from ...core.statements.schedule import StatementSchedule
from ...formats import format_date

#: Of this many customers whose statements are given up the problem gives the names.
NAMED = 5


class ArCreditPolicy(models.Model):
    """When customers of a policy get statements, and what these contain."""

    _inherit = "ar.credit.policy"

    _writable = {
        "manager": (
            "statement_frequency", "statement_weekday", "statement_month_day", "statement_audience", "statement_kind",
            "statement_template_id", "statement_pdf", "statement_invoices", "statement_size_mb", "statement_counts",
        ),
    }  # fmt: skip

    statement_frequency = fields.Selection(
        STATEMENT_FREQUENCIES,
        "Send Statements",
        tracking=True,
        help=(
            "How often statements are sent. Empty: none are sent by themselves. Example: monthly, for "
            "customers who pay by statement."
        ),
    )
    statement_weekday = fields.Selection(
        WEEKDAYS,
        "Weekday of Statements",
        default="0",
        tracking=True,
        help=(
            "Day on which weekly statements are sent; on a day without work they are sent on the next working "
            "day. Example: Monday, so that it is there for the payment run of the week."
        ),
    )
    statement_month_day = fields.Integer(
        "Day of the Month",
        default=31,
        tracking=True,
        help=(
            "Day on which monthly statements are sent; a shorter month has them on its last day. On a day "
            "without work they are sent on the next working day. Choose 1 to tell customers how the month "
            "before ended. Example: 31 sends on 30 April."
        ),
    )
    statement_audience = fields.Selection(
        STATEMENT_AUDIENCES,
        "Customers with Statements",
        required=True,
        default="balance",
        tracking=True,
        help="Which customers get statements. Example: With open items leaves out who has paid everything.",
    )
    statement_kind = fields.Selection(
        STATEMENT_KINDS,
        "Content of Statements",
        required=True,
        default="open",
        tracking=True,
        help=(
            "What statements list: the open items, or what moved since the last statement. Example: open "
            "items for those who check invoice by invoice, activity for those who compare balances."
        ),
    )
    statement_template_id = fields.Many2one(
        "mail.template",
        "Template of Statements",
        domain="[('model', '=', 'ar.communication')]",
        default=lambda self: self.env.ref("ar_collections.mail_template_account_statement", raise_if_not_found=False),
        ondelete="restrict",
        help="Email template of the statements. Example: a copy of the standard template in your own words.",
    )
    statement_pdf = fields.Boolean(
        "Attach Statement as PDF",
        tracking=True,
        help="Whether the statement is attached as a PDF. Example: customers who file statements get one to print.",
    )
    statement_invoices = fields.Boolean(
        "Attach Open Invoices",
        tracking=True,
        help=(
            "Whether the PDFs of the listed invoices are attached, the oldest first, as far as they fit. "
            "Example: the customer asks for copies with each statement."
        ),
    )
    statement_size_mb = fields.Integer(
        "Size of Attached Invoices (MB)",
        default=8,
        help=(
            "Maximum size of the attached invoices of one statement. What does not fit is on the customer's "
            "page. Example: with 8, about forty invoices of 200 KB."
        ),
    )
    statement_counts = fields.Boolean(
        "Statements Count as Contacts",
        default=True,
        tracking=True,
        help=(
            "Whether statements count for the contact limits, and wait for them. In any case none is sent on "
            "the day of another automatic message. Example: on, a statement on Monday and two reminders in "
            "that week are three contacts."
        ),
    )
    statement_done_for = fields.Date(
        "Statements Prepared up to",
        compute="_compute_statement_done_for",
        store=True,
        help="Scheduled day up to which the statements were prepared. A new schedule begins on the day after the "
        "change.",
    )
    #: {day, since: the first attempt, customer_ids} of the accounts that were locked or failed; the next nights try
    #: them again, and no others.
    statement_missed = fields.Json("Statements to Try Again", readonly=True, copy=False)
    statement_next_date = fields.Date(
        "Next Statements", compute="_compute_statement_next_date", help="Day on which the next statements are sent."
    )

    _statement_month_day_range = models.Constraint(
        "CHECK (statement_month_day BETWEEN 1 AND 31)", "The day of monthly statements is a number from 1 to 31."
    )
    _statement_size_range = models.Constraint(
        "CHECK (statement_size_mb BETWEEN 1 AND 25)",
        "The size of invoices attached to a statement is from 1 to 25 MB: mail servers refuse larger emails.",
    )

    @api.depends("statement_frequency", "statement_weekday", "statement_month_day")
    def _compute_statement_done_for(self):
        """Begin anew on the day after the schedule has changed: what was due before it is not caught up."""
        for policy in self:
            policy.statement_done_for = policy.company_id._ar_today() if policy.statement_frequency else False

    @api.depends("statement_frequency", "statement_weekday", "statement_month_day", "company_id")
    def _compute_statement_next_date(self):
        for policy in self:
            schedule = policy._get_statement_schedule()
            today = policy.company_id._ar_today() if policy.company_id else fields.Date.today()
            policy.statement_next_date = schedule.next_day(today) if schedule else False

    @api.constrains("statement_frequency", "statement_template_id")
    def _check_statement_template(self):
        for policy in self.filtered("statement_frequency"):
            policy._check_notice_template(
                policy.statement_template_id,
                self.env._(
                    "Policy “%(policy)s” sends statements, but has no email template for them: choose one, or "
                    "leave “Send Statements” empty.",
                    policy=policy.name,
                ),
            )

    def _get_statement_schedule(self):
        """Return the schedule of statements, ``None`` where there is none.

        :rtype: StatementSchedule or None
        """
        self.ensure_one()
        if not self.statement_frequency or not 1 <= self.statement_month_day <= 31:  # while a form is filled in
            return None
        weekday = int(self.statement_weekday or 0)
        return StatementSchedule(self.statement_frequency, weekday, self.statement_month_day)

    def _report_given_up(self, day, customers):
        """Store as a problem of the policy whose statements of a scheduled day are not tried any more."""
        self.ensure_one()
        if not customers:
            return
        text = self.env._(
            "The statements of %(day)s are given up for %(number)s customers: %(names)s",
            day=format_date(self.env, day),
            number=len(customers),
            names=", ".join(customers[:NAMED].mapped("display_name")),
        )
        self.env["ar.problem"]._report(self, "statements", text)
