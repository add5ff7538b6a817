from odoo import api, fields, models

from ...core.reported_payments import report


class ArReportedPaymentLine(models.Model):
    """An open item that the customer says to have paid: how much of it, and its residual then."""

    _name = "ar.reported.payment.line"
    _inherit = ["ar.agreement.line"]
    _description = "Item of a Reported Payment"
    _order = "report_id, date_due, id"

    _agreement = "report_id"

    report_id = fields.Many2one("ar.reported.payment", required=True, index=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="report_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="report_id.currency_id")
    # As in promises: a report must not block the correction of an invoice; it follows to the new items.
    move_line_id = fields.Many2one(
        "account.move.line", "Open Item", index="btree_not_null", readonly=True, ondelete="set null"
    )
    move_id = fields.Many2one("account.move", "Invoice", index="btree_not_null", readonly=True, ondelete="set null")
    name = fields.Char("Number", readonly=True)
    date_due = fields.Date("Due Date", readonly=True)
    amount = fields.Monetary("Reported", required=True, readonly=True)
    residual_before = fields.Monetary(
        "Previously Open", required=True, readonly=True, help="Open amount when the payment was reported."
    )
    credited_before = fields.Monetary(readonly=True, help="Amount credited on the item before the report.")
    amount_left = fields.Monetary(
        "Open", compute="_compute_amount_left", compute_sudo=True, help="What is not paid yet of the reported amount."
    )
    is_live = fields.Boolean(readonly=True, help="Whether the payment is still expected.")

    _one_open_report = models.UniqueIndex("(move_line_id) WHERE is_live", "A payment of this item is reported already.")
    _amount_positive = models.Constraint("CHECK (amount > 0)", "The reported amount must be positive.")

    @api.model
    def _get_holding_domain(self):
        """Override to return the lines of reports whose money is expected."""
        return [("is_live", "=", True)]

    @api.model
    def _count_not_found(self, items):
        """Return {journal item id: number of reports about it whose money was not found}.

        :param items: `account.move.line` recordset
        """
        lines = self._find_by_item(items, [("report_id.state", "=", report.NOT_FOUND)])
        return {item.id: len(found.report_id) for item, found in lines.items()}
