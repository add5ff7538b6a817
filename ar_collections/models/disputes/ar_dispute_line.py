from odoo import Command, fields, models
from odoo.exceptions import UserError

from ...core.disputes.dispute import WITHDRAWN
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
        # A draft does not change the ledger; posting it takes the rights of an accountant.
        wizard = self.env["account.move.reversal"].sudo().with_company(self.company_id)
        wizard = wizard.with_context(active_model="account.move", active_ids=self.move_id.ids)
        reversal = wizard.create(
            {
                "date": self.company_id._ar_today(),
                "reason": self.dispute_id.name,
                "journal_id": self.move_id.journal_id.id,
            }
        )
        reversal.refund_moves()
        note = reversal.new_move_ids
        note.write({"auto_post": "no", "invoice_origin": self.dispute_id.name})
        if self.currency_id.compare_amounts(self.amount_accepted, self.move_id.amount_total):
            self._reduce(note)
        return note

    def _reduce(self, note):
        """Reduce a credit note for the whole invoice to the granted amount, each line in proportion.

        A price reduction returns no goods: its lines have accounts and taxes, but no products and quantities. A
        rounding difference is added to the last line, or to a tax where no net amount would give that total.

        :param note: draft `account.move` that reverses the invoice
        """
        lines = note.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        prices = [line.quantity * line.price_unit * (1 - line.discount / 100) for line in lines]
        part = self.amount_accepted / self.move_id.amount_total
        reduced = [
            {
                "name": line.name,
                "price_unit": self.currency_id.round(price * part),
                "account_id": line.account_id.id,
                "tax_ids": [Command.set(line.tax_ids.ids)],
                "analytic_distribution": line.analytic_distribution,
            }
            for line, price in zip(lines, prices, strict=True)
        ]
        note.write(
            {
                "invoice_cash_rounding_id": False,
                "invoice_line_ids": [Command.delete(line.id) for line in note.invoice_line_ids]
                + [Command.create(values) for values in reduced],
            }
        )
        self._settle_cents(note)

    def _settle_cents(self, note):
        """Add the rounding difference between the note's total and the granted amount to its last line, else a tax.

        :raise UserError: when the total cannot be reached
        """
        last = note.invoice_line_ids[-1:]
        if missing := self._missing(note):
            last.price_unit = self.currency_id.round(last.price_unit + missing)
        taxes = note.line_ids.filtered("tax_line_id")
        if (missing := self._missing(note)) and taxes:
            largest = max(taxes, key=lambda line: abs(line.amount_currency))
            note.write(
                {"line_ids": [Command.update(largest.id, {"amount_currency": largest.amount_currency + missing})]}
            )
        if self._missing(note):
            raise UserError(
                self.env._(
                    "No credit note of exactly %(amount)s can be drafted for %(invoice)s: clear the option and "
                    "create the credit note manually.",
                    amount=self.dispute_id._format_amount(self.amount_accepted),
                    invoice=self.name,
                )
            )

    def _missing(self, note):
        return self.currency_id.round(self.amount_accepted - note.amount_total)
