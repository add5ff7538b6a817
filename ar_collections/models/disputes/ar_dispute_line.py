from odoo import fields, models
from odoo.exceptions import UserError

from ...core.disputes.dispute import OPEN_STATES, PARTLY, REJECTED, WITHDRAWN
from ...core.disputes.limits import PastDisputes
from ...core.money import to_decimal


class ArDisputeLine(models.Model):
    """A disputed open item: the disputed amount, the granted amount and the credit note for it.

    Credit notes are drafted with Odoo's reversal, to be checked and posted by people: one per disputed item, so that
    posting it settles this item.
    """

    _name = "ar.dispute.line"
    _inherit = ["ar.agreement.line"]
    _description = "Disputed Item"
    _order = "dispute_id, date_due, id"
    _check_company_auto = True

    _agreement = "dispute_id"
    _is_exclusive = False

    dispute_id = fields.Many2one("ar.dispute", required=True, index=True, ondelete="cascade")
    state = fields.Selection(related="dispute_id.state")
    reason_id = fields.Many2one(related="dispute_id.reason_id")
    date_deadline = fields.Date(related="dispute_id.date_deadline")
    company_id = fields.Many2one(related="dispute_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="dispute_id.currency_id")
    # An invoice that is reset to draft may get new journal items; the dispute follows to them.
    move_line_id = fields.Many2one("account.move.line", "Open Item", index="btree_not_null", ondelete="set null")
    move_id = fields.Many2one("account.move", "Invoice", index="btree_not_null", ondelete="set null")
    name = fields.Char("Number")
    date_due = fields.Date("Due Date")
    amount = fields.Monetary("Disputed", required=True)
    amount_accepted = fields.Monetary("Granted", help="Part of the amount that the customer need not pay.")
    credited_before = fields.Monetary(help="Amount credited on the item before the dispute.")
    residual_at_resolution = fields.Monetary("Open when Resolved")
    credit_note_id = fields.Many2one(
        "account.move", readonly=True, index="btree_not_null", ondelete="set null", copy=False
    )

    _amount_positive = models.Constraint("CHECK (amount > 0)", "The disputed amount must be positive.")
    _accepted_in_amount = models.Constraint(
        "CHECK (amount_accepted >= 0 AND amount_accepted <= amount)",
        "The granted amount cannot exceed the disputed amount.",
    )

    def _get_exact_amount(self):
        """Return the disputed amount as Decimal, rounded to the currency."""
        self.ensure_one()
        return self._to_exact(self.amount)

    def _to_exact(self, amount, currency=None):
        """Return an amount as Decimal, rounded to the currency.

        :param float amount: as entered
        :param currency: default: the currency of the line
        """
        return to_decimal((currency or self.currency_id).round(amount))

    def _get_residual(self):
        """Return the item's current residual, in its currency."""
        self.ensure_one()
        return self.move_line_id.amount_residual_currency

    def _count_past(self):
        """Return the number of disputes these lines about one item belong to, by what became of the item.

        :rtype: core.disputes.limits.PastDisputes
        """
        refused = self.filtered(
            lambda line: (
                line.state in (REJECTED, PARTLY)
                and line.currency_id.compare_amounts(line.amount_accepted, line.amount) < 0
            )
        )
        return PastDisputes(
            open=len(self.filtered(lambda line: line.state in OPEN_STATES).dispute_id),
            refused=len(refused.dispute_id),
            withdrawn=len(self.dispute_id.filtered("withdrawn_by_customer")),
        )

    # === CHANGED INVOICES === #

    def _get_holding_domain(self):
        """Override to return the lines of all disputes but withdrawn ones: what was granted stays excluded, too."""
        return [("dispute_id.state", "!=", WITHDRAWN)]

    def _prepare_following_vals(self, item_id, amount, size):
        """Override to keep the granted part of what the line holds."""
        values = super()._prepare_following_vals(item_id, amount, size)
        granted = self.amount_accepted * float(amount) / self.amount if self.amount else 0.0
        return {**values, "amount_accepted": min(self.currency_id.round(granted), float(amount))}

    # === CREDIT NOTE === #

    def _draft_credit_notes(self):
        """Draft a credit note for the granted amount of each item.

        :raise UserError: when an item is no posted invoice, or the amount cannot be reached exactly
        """
        for line in self.filtered("amount_accepted"):
            if line.move_id.move_type != "out_invoice" or line.move_id.state != "posted":
                raise UserError(
                    self.env._(
                        "%(document)s is not a posted invoice: clear the credit note option and record the "
                        "reduction manually.",
                        document=line.name,
                    )
                )
            line.credit_note_id = line._draft_credit_note()

    def _draft_credit_note(self):
        """Return a draft credit note whose total, taxes included, equals the granted amount."""
        self.ensure_one()
        return self.env["ar.credit.note"]._draft(self.move_id, self.amount_accepted, self.dispute_id.name, self.name)
