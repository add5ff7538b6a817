from decimal import Decimal

from odoo import fields, models


class ArDisputeLine(models.Model):
    """An open item under dispute: how much of it is contested, and how much of that was granted."""

    _name = "ar.dispute.line"
    _description = "Disputed Item"
    _order = "dispute_id, date_due, id"
    _check_company_auto = True

    dispute_id = fields.Many2one("ar.dispute", required=True, index=True, ondelete="cascade")
    state = fields.Selection(related="dispute_id.state")
    reason_id = fields.Many2one(related="dispute_id.reason_id")
    date_deadline = fields.Date(related="dispute_id.date_deadline")
    company_id = fields.Many2one(related="dispute_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="dispute_id.currency_id")
    # An invoice that is reset to draft may get other journal items: what was said about it is kept all the same.
    move_line_id = fields.Many2one("account.move.line", "Open Item", index="btree_not_null", ondelete="set null")
    move_id = fields.Many2one("account.move", "Invoice", index="btree_not_null", ondelete="set null")
    name = fields.Char("Number")
    date_due = fields.Date("Due Date")
    amount = fields.Monetary("Disputed", required=True)
    amount_accepted = fields.Monetary("Granted", help="What of it the customer need not pay.")
    credited_before = fields.Monetary(help="What credit notes and the like had taken off the item before the dispute.")
    residual_at_resolution = fields.Monetary("Open when Resolved")
    credit_note_id = fields.Many2one("account.move", readonly=True, index="btree_not_null", ondelete="set null")

    _amount_positive = models.Constraint("CHECK (amount > 0)", "A disputed amount must be positive.")
    _accepted_in_amount = models.Constraint(
        "CHECK (amount_accepted >= 0 AND amount_accepted <= amount)", "Not more can be granted than is disputed."
    )

    def _get_exact_amount(self):
        """Return what is disputed, without the noise of floating point."""
        self.ensure_one()
        return self._to_exact(self.amount)

    def _to_exact(self, amount, currency=None):
        """Return an amount that a person entered, rounded as the currency is."""
        return Decimal(str((currency or self.currency_id).round(amount)))

    def _get_residual(self):
        """Return what is open of the item now."""
        self.ensure_one()
        return self.move_line_id.amount_residual_currency
