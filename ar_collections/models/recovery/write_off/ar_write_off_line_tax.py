from odoo import Command, models

from ....core.money import to_decimal
from ....core.recovery.write_off import relieved_tax

#: Tax that becomes due with the payment was never due: it is not lost with the debt.
ON_PAYMENT = "on_payment"


class ArWriteOffLine(models.Model):
    """Amounts and taxes of the entry."""

    _inherit = "ar.write.off.line"

    def _update_amounts(self):
        """Compute the amounts in company currency anew: a payment since the request changes the item's rest."""
        for line in self:
            vals = self._prepare_vals(line.move_line_id, to_decimal(line.amount))
            line.amount_company = vals["amount_company"]

    def _prepare_tax_lines(self, tax_lines=None):
        """Return the values of the lines that book the tax back that was due with the invoice.

        Each is on the account, and with the tags, of the tax of a credit note.

        :param tax_lines: those of the invoice that are booked back; default: as the item says that they are
        """
        self.ensure_one()
        tax_lines = self._get_booked_tax_lines() if tax_lines is None else tax_lines
        return [self._prepare_tax_line(tax_line) for tax_line in tax_lines if self._get_tax_part(tax_line)]

    def _prepare_tax_line(self, tax_line):
        """Return the values of the line about one tax line; one that waits is in its currency, to match with it."""
        balance = float(self._get_tax_part(tax_line))
        values = {
            "name": self.env._("Tax of %s", self.name),
            "account_id": tax_line.account_id.id,
            "partner_id": self.partner_id.id,
            "currency_id": self.company_currency_id.id,
            "amount_currency": balance,
            "balance": balance,
            "tax_ids": False,
        }
        part = tax_line.tax_repartition_line_id
        if self._is_deferred(tax_line):
            amount = float(self._get_tax_part_currency(tax_line))
            return {**values, "currency_id": tax_line.currency_id.id, "amount_currency": amount}
        own = part.tax_id.invoice_repartition_line_ids.sorted("sequence").ids
        refunds = part.tax_id.refund_repartition_line_ids.sorted("sequence")
        refund = refunds[own.index(part.id)] if part.id in own and len(refunds) == len(own) else refunds[:0]
        return {**values, "tax_repartition_line_id": refund.id, "tax_tag_ids": [Command.set(refund.tag_ids.ids)]}

    def _get_tax_lines(self):
        """Return the tax lines of the invoice; those alone that are not due before the payment, without relief."""
        taxes = self.move_id.line_ids.filtered("tax_repartition_line_id")
        if self._claims_now():
            return taxes
        return taxes.filtered(self._is_deferred)

    def _get_booked_tax_lines(self):
        """Return the tax lines of the invoice that were booked back, whatever could be claimed today.

        All of them where the whole tax was; otherwise those alone that are not due before the payment.
        """
        taxes = self.move_id.line_ids.filtered("tax_repartition_line_id")
        return taxes.filtered(self._is_deferred) if self._has_tax_left() else taxes

    def _is_deferred(self, tax_line):
        """Return whether a tax line of the invoice waits for the payment."""
        return tax_line.tax_repartition_line_id.tax_id.tax_exigibility == ON_PAYMENT

    def _get_tax_part(self, tax_line):
        """Return the share of a tax line that belongs to the written-off part, as a debit of output tax."""
        total = to_decimal(self.move_id.amount_total)
        unit = to_decimal(self.company_currency_id.rounding)
        return relieved_tax(to_decimal(self.amount), total, -to_decimal(tax_line.balance), unit)

    def _get_tax_part_currency(self, tax_line):
        """Return the same share in the currency of the tax line."""
        total = to_decimal(self.move_id.amount_total)
        unit = to_decimal(tax_line.currency_id.rounding)
        return relieved_tax(to_decimal(self.amount), total, -to_decimal(tax_line.amount_currency), unit)

    # === MATCHING WHAT WAITS === #

    def _get_booked_taxes(self):
        """Return the tax lines of the invoices that an entry of these items books, in the order of its tax lines.

        :return: [(`ar.write.off.line`, `account.move.line`)]
        """
        return [
            (line, tax_line)
            for line in self.filtered("amount_relieved")
            for tax_line in line._get_booked_tax_lines()
            if line._get_tax_part(tax_line)
        ]

    def _zip_waiting(self, move):
        """Return what an entry of these items books of taxes that wait, and can be matched.

        :return: [(item, tax line of the invoice, line of the entry)]
        """
        booked = move.line_ids.sorted("id")[len(self) :]  # taxes follow the items; losses are last, or among them
        booked = booked.filtered(lambda line: line.name != self.write_off_id.name)
        return [
            (line, tax_line, found)
            for (line, tax_line), found in zip(self._get_booked_taxes(), booked, strict=True)
            if self._is_deferred(tax_line) and tax_line.account_id.reconcile
        ]

    def _match_waiting_taxes(self, move):
        """Match what the entry takes of taxes that wait: Odoo makes all due that is open at the last payment."""
        for _line, tax_line, booked in self._zip_waiting(move):
            if not tax_line.reconciled and not booked.reconciled:
                (tax_line | booked).with_context(no_cash_basis=True).reconcile()

    def _unmatch_waiting_tax(self, tax_line):
        """Undo the match of an item's share of a tax that waits; return the line of the write-off's entry.

        Installments of an invoice may have a match each with the same tax line: it is the one of this amount.
        """
        entry = self.write_off_id.move_id
        partials = tax_line.matched_debit_ids.filtered(lambda partial: partial.debit_move_id.move_id == entry)
        partials |= tax_line.matched_credit_ids.filtered(lambda partial: partial.credit_move_id.move_id == entry)
        share = abs(float(self._get_tax_part(tax_line)))
        partial = partials.sorted(lambda partial: abs(partial.amount - share))[:1]
        booked = (partial.debit_move_id | partial.credit_move_id) - tax_line
        partial.unlink()
        return booked
