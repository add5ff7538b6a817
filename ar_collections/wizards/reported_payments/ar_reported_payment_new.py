from odoo import api, fields, models
from odoo.exceptions import UserError

from ...const import REPORTED_PAYMENT_METHODS
from ...core.reported_payments.report import ReportRefused


class ArReportedPaymentNew(models.TransientModel):
    """Dialog in which staff record that a customer says to have paid: items, amounts, day and reference."""

    _name = "ar.reported.payment.new"
    _inherit = ["ar.agreement.new"]
    _description = "New Reported Payment"

    date = fields.Date("Paid on")
    method = fields.Selection(REPORTED_PAYMENT_METHODS, "Paid by", required=True, default="transfer")
    reference = fields.Char("Payment Reference", help="What the customer wrote on the transfer.")
    line_ids = fields.One2many("ar.reported.payment.new.line", "wizard_id")

    @api.model
    def _get_amounts(self, customer):
        """Override to return what the customer may have paid."""
        return customer._get_reportable_amounts()

    @api.model
    def _get_title(self):
        """Override to name the reported payment."""
        return self.env._("Customer Says It Is Paid")

    @api.model
    def _get_nothing_text(self):
        """Override to say why no payment can be reported."""
        return self.env._("None of these items is open: they are paid, being paid, or reported as paid already.")

    def _record(self):
        """Override to record the report."""
        values = {"method": self.method, "reference": self.reference or "", "note": self.note or ""}
        try:
            reported = self.customer_id._report_payment(self.date, self._get_ticked_amounts(), **values)
        except ReportRefused as refused:
            raise UserError(self.customer_id._get_report_refusal(refused.code)) from refused
        return self.env._(
            "%(number)s: no reminders about %(amount)s until %(day)s.",
            number=reported.name,
            amount=reported._format_amount(reported.amount_total),
            day=reported._format_date(reported.date_until),
        )


class ArReportedPaymentNewLine(models.TransientModel):
    """One open item that the customer may have paid."""

    _name = "ar.reported.payment.new.line"
    _inherit = ["ar.agreement.new.line"]
    _description = "Item of a New Reported Payment"

    wizard_id = fields.Many2one("ar.reported.payment.new", required=True, index=True, ondelete="cascade")
    ticked = fields.Boolean("Paid")
    amount = fields.Monetary("Paid Amount")
