from odoo import Command, models
from odoo.exceptions import UserError


class ArStripeBookingEntry(models.Model):
    """The entry for money that was taken back: the payment's own accounts and rate, the other way round.

    The posted payment stays as it is. Its item is matched with the entry instead of the invoice, which is open again.
    """

    _inherit = "ar.stripe.booking"

    def _reverse(self, date):
        """Book the reversal of the contested part of the payment.

        :raise UserError: where the books do not allow it
        """
        payment = self._get_payment()
        self._check_lock_dates(payment, date)
        if not payment.move_id:
            self._reject_payment(payment)
            return
        self._lock_customers(payment)
        parts = self._plan(payment)
        self.stripe_dispute_id._contest_others([(item, amount) for item, _line, amount in parts if item])
        values = [self._prepare_line(line, amount) for _item, line, amount in parts]
        self.move_id = self._post_entry(payment, date, values)
        self.line_ids = [
            Command.create({**self._prepare_part(item, line, amount), "reversal_line_id": reversal.id})
            for (item, line, amount), reversal in zip(parts, self._get_receivable_lines(), strict=True)
        ]
        self._match_reversal()

    def _prepare_part(self, item, line, amount):
        """Return the values of one part, see `_plan`."""
        return {
            "item_id": item.id,
            "move_id": item.move_id.id,
            "name": item.move_id.name,
            "payment_line_id": line.id,
            "currency_id": line.currency_id.id,
            "amount": amount,
        }

    def _lock_customers(self, payment):
        """Lock the customer's account, so that no reminder is decided with half of the books."""
        customer = self.stripe_dispute_id.dispute_ids.customer_id
        if customer:
            customer._lock_account()
        payment.move_id.line_ids.invalidate_recordset(["amount_residual", "amount_residual_currency", "reconciled"])

    def _match_reversal(self):
        """Take the payment off the invoices, match it with the entry, and give back what was not contested."""
        pairs = {(line.item_id, line.payment_line_id) for line in self.line_ids if line.item_id}
        partials = self.line_ids.payment_line_id.matched_debit_ids.filtered(
            lambda partial: (partial.debit_move_id, partial.credit_move_id) in pairs
        )
        kept = {}
        for partial in partials:
            pair = partial.debit_move_id, partial.credit_move_id
            kept[pair] = kept.get(pair, 0.0) + partial.credit_amount_currency
        for line in self.line_ids.filtered("item_id"):
            kept[line.item_id, line.payment_line_id] -= line.amount
        partials.unlink()
        for line in self.line_ids:
            line.reversal_line_id._ar_reconcile_part(line.payment_line_id, line.amount)
        for (item, payment_line), amount in kept.items():
            item._ar_reconcile_part(payment_line, payment_line.currency_id.round(amount))

    def _post_entry(self, payment, date, values):
        """Post an entry in the payment's journal, with the other side on the account of the money; return it.

        :param values: list of values for the receivable side, see `_prepare_line`
        """
        liquidity = payment._seek_for_lines()[0][:1]
        if not liquidity:
            raise UserError(self.env._("The entry of payment %(payment)s was changed: book it by hand, and press "
                                       "Booked by Hand.", payment=payment.name))  # fmt: skip
        moves = self.env["account.move"].with_company(self.company_id)
        money = {
            **values[0],
            "account_id": liquidity.account_id.id,
            "partner_id": liquidity.partner_id.id,
            "amount_currency": -sum(vals["amount_currency"] for vals in values),
            "balance": -sum(vals["balance"] for vals in values),
        }
        lines = [*values, money, *self._prepare_fee(liquidity, date)]
        move = moves.create(
            {
                "move_type": "entry",
                "date": date,
                "journal_id": payment.journal_id.id,
                "ref": f"{self.stripe_dispute_id.reference} - {payment.name}",
                "line_ids": [Command.create(vals) for vals in lines],
            }
        )
        move._post(soft=False)
        return move

    def _get_receivable_lines(self):
        """Return the lines of the entry on receivable accounts, in the order of the parts."""
        return self.move_id.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable").sorted(
            "id"
        )

    def _prepare_line(self, line, amount):
        """Return the values that undo an amount of a posted line, at its own rate.

        :param line: `account.move.line`
        :param float amount: positive, in the line's currency; at most the line's
        """
        sign = -1 if line.amount_currency > 0 else 1
        is_all = line.currency_id.compare_amounts(amount, abs(line.amount_currency)) == 0
        share = 1.0 if is_all else amount / abs(line.amount_currency)
        return {
            "name": f"{self._describe_entry()} - {line.move_id.name}",
            "account_id": line.account_id.id,
            "partner_id": line.partner_id.id,
            "currency_id": line.currency_id.id,
            "amount_currency": sign * line.currency_id.round(amount),
            "balance": sign * line.company_currency_id.round(abs(line.balance) * share),
            "tax_ids": False,
        }

    def _describe_entry(self):
        """Return the label of the entry's lines."""
        if self.kind == "withdrawn":
            return self.env._("Chargeback %(number)s", number=self.stripe_dispute_id.reference)
        return self.env._("Chargeback %(number)s returned", number=self.stripe_dispute_id.reference)

    def _prepare_fee(self, liquidity, date):
        """Return the values that book Stripe's fee, [] where the provider has no account for it."""
        account = self.provider_id.sudo().ar_stripe_fee_account_id  # the setting is an administrator's
        currency = self.fee_currency_id
        if not account or not currency or not self.fee:
            return []
        balance = currency._convert(self.fee, self.company_id.currency_id, self.company_id, date)
        common = {"name": self.env._("Stripe's fee: %(number)s", number=self.stripe_dispute_id.reference)}
        common.update(currency_id=currency.id, partner_id=False, tax_ids=False)
        return [
            {**common, "account_id": account.id, "amount_currency": self.fee, "balance": balance},
            {**common, "account_id": liquidity.account_id.id, "amount_currency": -self.fee, "balance": -balance},
        ]
