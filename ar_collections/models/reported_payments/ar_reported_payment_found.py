from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

from ...const import GROUP_AUDITOR
from ...core.reported_payments import report as rules
from .ar_reported_payment import TASK

#: So many bank statement lines without a customer are suggested at most.
MOST_LINES = 10


class ArReportedPaymentFound(models.Model):
    """What a reported payment may be: money of the customer that is not matched, and bank lines of that amount.

    They are read when they are shown; nothing is matched by itself.
    """

    _inherit = "ar.reported.payment"

    unmatched_ids = fields.Many2many(
        "ar.unmatched.payment",
        string="Payments to Match",
        compute="_compute_found",
        groups=GROUP_AUDITOR,
        help="Money of this customer that is not matched with invoices yet.",
    )
    bank_lines = fields.Text(
        "Bank Lines of this Amount",
        compute="_compute_found",
        groups=GROUP_AUDITOR,
        help="Bank statement lines of exactly the reported amount that belong to no customer yet.",
    )

    @api.depends("state", "amount_total", "line_ids.amount", "customer_id")
    def _compute_found(self):
        """Compute the suggestions of open reports; the others have none."""
        looked_for = self.filtered(lambda reported: reported.state in (rules.OPEN, rules.NOT_FOUND))
        own = self.env["ar.unmatched.payment"]._read_group(
            [("customer_id", "in", looked_for.customer_id.ids)], ["customer_id"], ["id:recordset"]
        )
        by_customer = dict(own)
        by_amount = looked_for._read_lines_of_amount()
        for reported in self:
            unmatched = by_customer.get(reported.customer_id) if reported in looked_for else None
            reported.unmatched_ids = unmatched and unmatched.filtered(
                lambda payment, own=reported: payment.currency_id == own.currency_id
            )
            reported.bank_lines = "\n".join(map(reported._describe_line, by_amount.get(reported, ()))) or False

    def _describe_line(self, line):
        """Return a bank statement line as text: its day, amount, payer and reference."""
        parts = (self._format_date(line.date), self._format_amount(line.amount), line.partner_name, line.payment_ref)
        return ", ".join(part for part in parts if part)

    def _read_lines_of_amount(self):
        """Return {report: bank statement lines without a customer, of the reported amount or that of one item}.

        Those of the company alone, since a month before the day on which the customer says to have paid, newest first.
        """
        # Collectors look for the customer's money: they see lines of its amount, whatever journals they may read.
        lines = self.env["account.bank.statement.line"].sudo()
        found = defaultdict(lines.browse)
        for company, reports in self.grouped("company_id").items():
            amounts = {amount for reported in reports for amount in reported._get_expected_amounts()}
            first_day = min(reports.mapped("date"))
            candidates = lines.search(
                Domain("company_id", "=", company.id)
                & Domain("is_reconciled", "=", False)
                & Domain("partner_id", "=", False)
                & Domain("amount", "in", sorted(amounts))
                & Domain("date", ">=", fields.Date.subtract(first_day, days=31)),
                order="date DESC, id DESC",
            )
            for reported in reports:
                since = fields.Date.subtract(reported.date, days=31)
                expected = reported._get_expected_amounts()
                fitting = candidates.filtered(
                    lambda line, own=reported, expected=expected, since=since: (
                        line.currency_id == own.currency_id and line.amount in expected and line.date >= since
                    )
                )
                found[reported] = fitting[:MOST_LINES]
        return found

    def _get_expected_amounts(self):
        """Return the amounts under which the money may arrive: all of the report, or that of one of its items."""
        self.ensure_one()
        return {self.amount_total, *self.line_ids.mapped("amount")}

    def _add_report_task(self):
        """Give the collector the task to look for the money, with what was found."""
        self.ensure_one()
        reader = self._in_staff_language()
        lines = self._read_lines_of_amount()[self]
        values = {"number": self.name, "amount": reader._format_amount(self.amount_total)}
        if count := len(self.unmatched_ids) + len(lines):
            text = reader.env._(
                "%(number)s: the customer says that %(amount)s was paid; payments that it may be: %(count)s",
                count=count,
                **values,
            )
        else:
            text = reader.env._("%(number)s: the customer says that %(amount)s was paid; look for it", **values)
        self.customer_id._add_task(TASK, text, append=True)

    def action_open_unmatched(self):
        """Open the payments of the customer that are not matched, to match one of them."""
        self.ensure_one()
        self._require("auditor")
        return self.customer_id.action_open_unmatched()
