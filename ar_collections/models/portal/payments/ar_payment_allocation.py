from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.fields import Domain

from ....core.money import to_decimal
from ....formats import format_amount, join_value

#: Transactions that may still be booked.
UNBOOKED = Domain("state", "in", ("pending", "authorized")) | Domain(
    [("state", "=", "done"), ("is_post_processed", "=", False)]
)


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
    is_surplus = fields.Boolean(
        "Surplus", help="Whether the customer paid it above what was open; it is no payment of an item."
    )
    name = fields.Char("Number", help="Number of the document, as selected by the customer.")
    amount = fields.Monetary(help="Amount allocated to the item: payment, or credit if one is set.")
    discount = fields.Monetary(
        "Early Payment Discount", help="Discount granted with the payment; both together settle the item."
    )

    def _cash(self):
        """Return the rows that are paid in cash, in the order of selection."""
        return self.filtered(lambda row: not row.credit_line_id and row.amount).sorted("id")

    def _get_text(self):
        """Return document and amount as text, in the language of the environment."""
        self.ensure_one()
        return join_value(self.env, self.name or "", format_amount(self.env, self.amount, self.currency_id))

    def _get_own_partner(self):
        """Return the partner whose page it was paid on, whoever was logged in; what is left of the payment is its."""
        transaction = self.transaction_id
        account = transaction.ar_customer_id.partner_id
        return account.commercial_partner_id or transaction.partner_id.commercial_partner_id

    def _get_debtor(self):
        """Return the partner who owes the item where it is another customer than the one who pays, else none.

        It is the item's of now: partners merge, and invoices are readdressed.
        """
        self.ensure_one()
        owner = self.move_line_id.partner_id.commercial_partner_id
        return owner if owner != self._get_own_partner() else owner.browse()

    def _is_split(self):
        """Return whether the payment has a counterpart line for each item: of several, or of others than who pays."""
        cash = self._cash()
        is_for_others = cash._get_own_partner() != cash.transaction_id.partner_id.commercial_partner_id
        return len(cash) > 1 or is_for_others or any(row._get_debtor() for row in cash)

    def _get_open_amount(self):
        """Return what is open of the item now; zero where it is not in the books, or in another currency by now."""
        self.ensure_one()
        line = self.move_line_id
        is_comparable = line._ar_is_open() and line.currency_id == self.currency_id
        return max(line.amount_residual_currency, 0.0) if is_comparable else 0.0

    def _get_settled(self):
        """Return how much of the item of another customer the payment settles, at most what is open of it now.

        The rest is the payer's: nobody else gets a credit.
        """
        self.ensure_one()
        return min(self.amount + self._get_granted(), self._get_open_amount())

    def _get_granted(self):
        """Return the early-payment discount that is still granted: none where less is open than it settles."""
        self.ensure_one()
        settles = self.amount + self.discount
        is_whole = self.currency_id.compare_amounts(self._get_open_amount(), settles) >= 0
        return self.discount if is_whole else 0.0

    def _is_of(self, allocation):
        """Return whether these rows are those of an allocation.

        :param allocation: core.portal.allocation.Allocation
        """
        stored = {(row.move_line_id.id, row.credit_line_id.id, to_decimal(row.amount)) for row in self}
        cash = {(part.item_id, False, part.amount) for part in allocation.parts}
        credits = {(part.item_id, credit, amount) for part in allocation.parts for credit, amount in part.credits}
        surplus = {(False, False, allocation.surplus)} if allocation.surplus else set()
        return stored == cash | credits | surplus

    def _set_off_credits(self):
        """Reconcile the credits with their items, each with the allocated amount.

        A credit that was reconciled elsewhere meanwhile is left out, and an item that is in another currency by now.
        """
        credits = self.filtered("credit_line_id")
        for row in credits.filtered(lambda row: row.move_line_id.currency_id == row.currency_id):
            row.move_line_id._ar_reconcile_part(row.credit_line_id, row.amount)

    @api.model
    def _read_credits_in_use(self, credit_ids):
        """Return {journal item id: amount} of the credits that payments use which are not booked yet.

        They are used exactly as long as the items that they pay are being paid: a transaction that the provider never
        answered stops counting when these are free again, see `ar.facts`.
        """
        # sudo: the customer may not read payments; only the amounts used of the given credits are returned.
        rows = self.sudo().search(
            Domain("credit_line_id", "in", list(credit_ids))
            & Domain("transaction_id", "any", self._get_unbooked_domain())
        )
        used, expected = defaultdict(Decimal), rows.transaction_id._ar_filter_expected()
        for row in rows.filtered(lambda row: row.transaction_id in expected):
            used[row.credit_line_id.id] += to_decimal(row.amount)
        return used

    @api.model
    def _get_unbooked_domain(self):
        """Return the domain of the transactions that may still be booked; extension point.

        :rtype: Domain
        """
        return UNBOOKED

    def _get_discount_vals(self):
        """Return the write-off lines for the early-payment discounts of all rows, as core prepares them per invoice.

        What was promised when the payment was begun holds, whenever the bank answers.

        :return: list of values for `account.move.line`
        """
        moves = self.env["account.move"]
        values = []
        for row in self.filtered(lambda row: row.discount and row._get_granted()):
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
