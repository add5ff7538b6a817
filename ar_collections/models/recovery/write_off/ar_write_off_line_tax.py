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

    def _prepare_tax_lines(self):
        """Return the values of the lines that book the tax back that was due with the invoice.

        Each is on the account, and with the tags, of the tax of a credit note.
        """
        self.ensure_one()
        values = []
        for tax_line in self._get_tax_lines():
            balance = float(self._get_tax_part(tax_line))
            part = tax_line.tax_repartition_line_id
            tax = part.tax_id
            own = tax.invoice_repartition_line_ids.sorted("sequence").ids
            refunds = tax.refund_repartition_line_ids.sorted("sequence")
            refund = refunds[own.index(part.id)] if part.id in own and len(refunds) == len(own) else refunds[:0]
            is_deferred = tax.tax_exigibility == ON_PAYMENT
            values.append(
                {
                    "name": self.env._("Tax of %s", self.name),
                    "account_id": tax_line.account_id.id,
                    "partner_id": self.partner_id.id,
                    "currency_id": self.company_currency_id.id,
                    "amount_currency": balance,
                    "balance": balance,
                    "tax_ids": False,
                    **(
                        {}
                        if is_deferred
                        else {"tax_repartition_line_id": refund.id, "tax_tag_ids": [Command.set(refund.tag_ids.ids)]}
                    ),
                }
            )
        return [vals for vals in values if vals["balance"]]

    def _get_tax_lines(self):
        """Return the tax lines of the invoice; those alone that are not due before the payment, without relief."""
        taxes = self.move_id.line_ids.filtered("tax_repartition_line_id")
        if self._claims_now():
            return taxes
        return taxes.filtered(lambda line: line.tax_repartition_line_id.tax_id.tax_exigibility == ON_PAYMENT)

    def _get_tax_part(self, tax_line):
        """Return the share of a tax line that belongs to the written-off part, as a debit of output tax."""
        total = to_decimal(self.move_id.amount_total)
        unit = to_decimal(self.company_currency_id.rounding)
        return relieved_tax(to_decimal(self.amount), total, -to_decimal(tax_line.balance), unit)
