from odoo import fields, models


class ArPaymentAllocation(models.Model):
    """One row of an online payment's allocation: an item with its cash, or a credit to reconcile with an item.

    Amounts are in the currency of the transaction.
    """

    _name = "ar.payment.allocation"
    _description = "Payment Allocation"
    _order = "transaction_id, id"

    transaction_id = fields.Many2one("payment.transaction", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="transaction_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="transaction_id.currency_id")
    move_line_id = fields.Many2one("account.move.line", "Open Item", index="btree_not_null", ondelete="set null")
    credit_line_id = fields.Many2one("account.move.line", "Credit", index="btree_not_null", ondelete="set null")
    name = fields.Char("Number", help="Number of the document, as selected by the customer.")
    amount = fields.Monetary(help="Amount allocated to the item: payment, or credit if one is set.")
    discount = fields.Monetary(
        "Early Payment Discount", help="Discount granted with the payment; both together settle the item."
    )

    def _cash(self):
        """Return the rows that are paid in cash, in the order of selection."""
        return self.filtered(lambda row: not row.credit_line_id and row.amount).sorted("id")

    def _set_off_credits(self):
        """Reconcile the credits with their items; a credit that was reconciled elsewhere meanwhile is left out."""
        for row in self.filtered("credit_line_id"):
            pair = (row.credit_line_id + row.move_line_id).filtered(lambda line: not line.reconciled)
            if len(pair) == 2 and len(pair.account_id) == 1:
                pair.reconcile()

    def _get_discount_vals(self):
        """Return the write-off lines for the early-payment discounts of all rows, as core prepares them per invoice.

        Empty for a payment of one item: `account_payment` adds the discount itself then.

        :return: list of values for `account.move.line`
        """
        discounted = self.filtered("discount")
        if len(self._cash()) < 2 or not discounted:
            return []
        moves = self.env["account.move"]
        values = []
        for row in discounted:
            line = row.move_line_id
            prepared = moves._get_invoice_counterpart_amls_for_early_payment_discount(
                [{"aml": line, "amount_currency": -line.amount_residual_currency, "balance": -line.balance}],
                row._discount_balance(),
            )
            for lines in prepared.values():
                values += [{**vals, "partner_id": line.partner_id.id} for vals in lines]
        return values

    def _discount_balance(self):
        """Return the discount in company currency at the invoice's booked rate; positive (a debit), as it is a cost."""
        self.ensure_one()
        line = self.move_line_id
        rate = line.balance / line.amount_currency if line.amount_currency else 1.0
        return line.company_currency_id.round(self.discount * rate)
