from decimal import Decimal

from odoo import Command, fields, models
from odoo.exceptions import UserError


class ArDisputeLine(models.Model):
    """An open item under dispute: how much of it is contested, and how much of that was granted.

    Credit notes for what was granted: drafts made by Odoo's own reversal; people look at them and post them.

    One for each disputed item, so that posting it settles that very item.
    """

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
    amount_accepted = fields.Monetary("Granted", help="Part of the amount that the customer need not pay.")
    credited_before = fields.Monetary(help="Amount credited on the item before the dispute.")
    residual_at_resolution = fields.Monetary("Open when Resolved")
    credit_note_id = fields.Many2one("account.move", readonly=True, index="btree_not_null", ondelete="set null")

    _amount_positive = models.Constraint("CHECK (amount > 0)", "The disputed amount must be positive.")
    _accepted_in_amount = models.Constraint(
        "CHECK (amount_accepted >= 0 AND amount_accepted <= amount)",
        "The granted amount cannot exceed the disputed amount.",
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

    # === CREDIT NOTE === #

    def _draft_credit_notes(self):
        """Draft a credit note for what was granted of each item.

        :raise UserError: when an item is no invoice that could be credited
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
        """Return a draft credit note whose total, taxes included, is exactly what was granted."""
        self.ensure_one()
        # A draft changes nothing in the books; whoever posts it needs the rights of accounting.
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
        """Bring a credit note for the whole invoice down to what was granted.

        A reduction of the price returns no goods: its lines carry accounts and taxes, no products and quantities. Cents
        that rounding leaves go to the last line, or to a tax where no net amount would give that total.
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
        """Move the cents between the note's total and what was granted to its last line, else to a tax."""
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
                    amount=self.dispute_id._format_money(self.amount_accepted),
                    invoice=self.name,
                )
            )

    def _missing(self, note):
        return self.currency_id.round(self.amount_accepted - note.amount_total)
