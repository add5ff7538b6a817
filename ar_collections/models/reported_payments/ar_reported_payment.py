from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

from ...const import REPORTED_PAYMENT_METHODS, REPORTED_PAYMENT_STATES
from ...core.reported_payments import report as rules

TASK = "ar_collections.mail_activity_type_reported_payment"


class ArReportedPayment(models.Model):
    """Reported payment: the customer says to have paid, and the money is not in the books yet.

    No reminders are sent about the reported amounts until the policy's days are over. The books decide: what is paid
    ends the report, and money that is not found lets reminders go on, see `ar_reported_payment_follow`. Payments that
    it may be are suggested to the collector, see `ar_reported_payment_found`.
    """

    _name = "ar.reported.payment"
    _inherit = ["ar.agreement"]
    _description = "Reported Payment"
    _order = "date_until desc, id desc"

    _moves = {
        rules.OPEN: {rules.SETTLED, rules.NOT_FOUND, rules.WITHDRAWN},
        # The money was booked later.
        rules.NOT_FOUND: {rules.SETTLED, rules.WITHDRAWN},
        rules.SETTLED: set(),
        rules.WITHDRAWN: set(),
    }
    _live_states = (rules.OPEN,)

    state = fields.Selection(
        REPORTED_PAYMENT_STATES,
        required=True,
        default=rules.OPEN,
        readonly=True,
        index=True,
        tracking=True,
        copy=False,
    )
    date = fields.Date("Paid on", required=True, readonly=True, help="Day on which the customer says to have paid.")
    method = fields.Selection(REPORTED_PAYMENT_METHODS, "Paid by", required=True, default="transfer", readonly=True)
    reference = fields.Char("Payment Reference", readonly=True, help="What the customer wrote on the transfer.")
    file_ids = fields.Many2many("ir.attachment", string="Proof of Payment", readonly=True)
    reported_on = fields.Date(required=True, readonly=True)
    date_until = fields.Date(
        "Expected until",
        required=True,
        readonly=True,
        index=True,
        help="Last day on which no reminders are sent about the reported amounts.",
    )
    ended_on = fields.Date(readonly=True, copy=False, help="Date on which the report was closed.")
    end_note = fields.Text("Reason", readonly=True, copy=False)
    user_id = fields.Many2one(
        "res.users",
        "Assigned Collector",
        compute="_compute_user_id",
        store=True,
        index=True,
        help="Collector of the customer, also during an absence.",
    )
    collector_id = fields.Many2one(related="customer_id.collector_id")
    line_ids = fields.One2many("ar.reported.payment.line", "report_id", "Items", readonly=True)
    amount_total = fields.Monetary("Reported Amount", readonly=True)
    # sudo: salespeople may read reports, and not their lines.
    amount_left = fields.Monetary(
        "Open Amount",
        compute="_compute_amount_left",
        compute_sudo=True,
        help="What is not paid yet of the reported amounts.",
    )

    @api.depends("customer_id.user_id", "customer_id.policy_id.user_id")
    def _compute_user_id(self):
        for reported in self:
            reported.user_id = reported.customer_id._get_assigned_collector()

    @api.depends("line_ids.amount_left")
    def _compute_amount_left(self):
        for reported in self:
            reported.amount_left = sum(reported.line_ids.mapped("amount_left"))

    # === BUTTONS === #

    def action_not_found(self):
        """Say that the money did not arrive: the customer is told, and reminders go on."""
        reports = self._allowed("collector")
        if any(reported.state != rules.OPEN for reported in reports):
            raise UserError(self.env._("Only payments that are still expected can be marked as not found."))
        if drafts := reports.line_ids.move_id.filtered(lambda move: move.state == "draft"):
            raise UserError(
                self.env._(
                    "These invoices are reset to draft; post or cancel them first: %(names)s",
                    names=", ".join(drafts.mapped("display_name")),
                )
            )
        for company, own in reports.grouped("company_id").items():
            own._judge(company._ar_today(), is_over=True)
        return True

    def action_withdraw(self):
        """Withdraw reports that were recorded by mistake; the customer is not told, and reminders go on."""
        reports = self._allowed("collector")
        ended = reports.filtered(lambda reported: reported.state not in (rules.OPEN, rules.NOT_FOUND))
        if ended:
            raise UserError(
                self.env._(
                    "%(numbers)s have already ended and cannot be withdrawn.",
                    numbers=", ".join(ended.mapped("name")),
                )
            )
        reports._withdraw(self.env._("by %(user)s", user=self.env.user.name))
        return True

    def _withdraw(self, reason):
        """Withdraw the reports: the collector's task ends, and reminders go on.

        :param str reason: for colleagues
        """
        for company, reports in self.grouped("company_id").items():
            reports._set_state(rules.WITHDRAWN, ended_on=company._ar_today(), end_note=reason)
        self._log_on_thread(self.env._("Withdrawn: %(reason)s", reason=reason))
        self._close_report_tasks()

    def _end_unowed(self, reason):
        """Override to withdraw the report."""
        self._withdraw(reason)

    def _log_recorded(self):
        """Log on the customer's thread what the customer says to have paid, and whether on the portal page."""
        self.ensure_one()
        reader = self._in_staff_language()
        values = {"amount": reader._format_amount(self.amount_total), "date": reader._format_date(self.date)}
        if self.origin == "portal":
            # The visitor may be anonymous, so the system is the author.
            reader.with_user(SUPERUSER_ID)._log_on_thread(
                reader.env._("The customer reported on the portal that %(amount)s was paid on %(date)s.", **values)
            )
        else:
            reader._log_on_thread(reader.env._("The customer says that %(amount)s was paid on %(date)s.", **values))

    # === CUSTOMER PAGE === #

    def _get_confirmation(self):
        """Return what the customer's page says after the payment was reported."""
        self.ensure_one()
        return self.env._(
            "Thank you. We are looking for your payment of %(amount)s, and send no reminders about it until %(day)s.",
            amount=self._format_amount(self.amount_total),
            day=self._format_date(self.date_until),
        )

    def _get_portal_row(self):
        """Return the row of the customer page's list of agreements, see `ar.customer._get_agreement_rows`."""
        self.ensure_one()
        return {
            "name": self.name,
            "title": self.env._("Payment reported"),
            "status": self.env._("We are looking for it"),
            "date": False,
            "text": self.env._(
                "%(amount)s of %(day)s for %(invoices)s",
                amount=self._format_amount(self.amount_left),
                day=self._format_date(self.date),
                invoices=", ".join(self.line_ids.filtered("amount_left").mapped("name")),
            ),
            "url": False,
        }
