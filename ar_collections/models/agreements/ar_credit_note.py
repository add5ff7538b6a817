from odoo import Command, api, models
from odoo.exceptions import UserError

from ...formats import format_amount


class ArCreditNote(models.AbstractModel):
    """Drafts of credit notes for a part of an invoice, made with Odoo's reversal, for people to check and post."""

    _name = "ar.credit.note"
    _description = "Draft of a Credit Note"

    @api.model
    def _draft(self, invoice, amount, origin, name):
        """Return a draft credit note whose total, taxes included, equals the amount.

        :param invoice: posted `account.move`
        :param float amount: in the currency of the invoice
        :param str origin: number of the agreement that grants it
        :param str name: what the messages call the invoice
        :raise UserError: when the total cannot be reached
        """
        # A draft does not change the ledger; posting it takes the rights of an accountant.
        wizard = self.env["account.move.reversal"].sudo().with_company(invoice.company_id)
        wizard = wizard.with_context(active_model="account.move", active_ids=invoice.ids)
        reversal = wizard.create(
            {"date": invoice.company_id._ar_today(), "reason": origin, "journal_id": invoice.journal_id.id}
        )
        reversal.refund_moves()
        note = reversal.new_move_ids
        note.write({"auto_post": "no", "invoice_origin": origin})
        if invoice.currency_id.compare_amounts(amount, invoice.amount_total):
            self._reduce(note, invoice, amount)
            self._settle_cents(note, amount, name)
        return note

    @api.model
    def _reduce(self, note, invoice, amount):
        """Reduce a credit note for the whole invoice to the amount, each line in proportion.

        A price reduction returns no goods: its lines have accounts and taxes, but no products and quantities. A
        rounding difference is added to the last line, or to a tax where no net amount would give that total.

        :param note: draft `account.move` that reverses the invoice
        """
        lines = note.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        prices = [line.quantity * line.price_unit * (1 - line.discount / 100) for line in lines]
        part = amount / invoice.amount_total
        reduced = [
            {
                "name": line.name,
                "price_unit": invoice.currency_id.round(price * part),
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

    @api.model
    def _settle_cents(self, note, amount, name):
        """Add the rounding difference between the note's total and the amount to its last line, else a tax.

        :raise UserError: when the total cannot be reached
        """
        last = note.invoice_line_ids[-1:]
        if missing := self._missing(note, amount):
            last.price_unit = note.currency_id.round(last.price_unit + missing)
        taxes = note.line_ids.filtered("tax_line_id")
        if (missing := self._missing(note, amount)) and taxes:
            largest = max(taxes, key=lambda line: abs(line.amount_currency))
            note.write(
                {"line_ids": [Command.update(largest.id, {"amount_currency": largest.amount_currency + missing})]}
            )
        if self._missing(note, amount):
            raise UserError(
                self.env._(
                    "No credit note of exactly %(amount)s can be drafted for %(invoice)s: clear the option and "
                    "create the credit note manually.",
                    amount=format_amount(self.env, amount, note.currency_id),
                    invoice=name,
                )
            )

    @api.model
    def _missing(self, note, amount):
        return note.currency_id.round(amount - note.amount_total)
