from decimal import Decimal

from odoo import Command, models

from ...core.portal.allocation import PartialRules, Payable, RequestRefused, allocate


class ArCustomerPayment(models.Model):
    """What the customer may pay online, and how a payment is booked on what the customer chose."""

    _inherit = "ar.customer"

    def _get_payables(self):
        """Return what may be paid now, oldest due date first: residuals less payments on their way.

        Disputed and excluded items are payable all the same.

        :rtype: list[Payable]
        """
        self.ensure_one()
        facts = self._get_facts()
        lines = self._browse_lines([item.item_id for item in facts.items])
        discounts = self._get_discounts(lines)
        return [
            Payable(
                item.item_id,
                item.due_date,
                item.currency,
                left := item.residual_currency - self._pending_amount(item),
                discounts.get(item.item_id) if left == item.residual_currency else None,
            )
            for item in facts.items
        ]

    def _get_discounts(self, lines):
        """Return {item id: amount that settles it} for items whose early-payment discount can still be had.

        Core grants it on invoices that were not paid in part, up to the discount date.
        """
        today = self.company_id._ar_today()
        offered = lines.filtered(lambda line: line.discount_date and line.discount_date >= today)
        return {
            line.id: Decimal(str(line.currency_id.round(line.discount_amount_currency)))
            for line in offered
            if line.move_id._is_eligible_for_early_payment_discount(line.currency_id, today)
        }

    def _get_partial_rules(self, currency):
        """Return the policy's rules for part payments, the minimum converted to the currency of the payment."""
        policy, company = self.policy_id, self.company_id
        minimum = company.currency_id._convert(policy.minimum_partial_payment, currency, company, company._ar_today())
        return PartialRules(policy.allow_partial_payment or not policy, Decimal(str(minimum)))

    def _allocate(self, selected, credit_ids=(), partial=None):
        """Return what a payment of the chosen items settles.

        :param selected: {item id: Decimal, or None for all of it}
        :param credit_ids: the credits to use up first; others than the customer's own are refused
        :param partial: core.allocation.PartialRules; default: the policy's
        :rtype: core.allocation.Allocation
        :raise RequestRefused: when it cannot be paid like that
        """
        payables = self._get_payables()
        currencies = {payable.currency for payable in payables if payable.item_id in selected}
        credits = self._get_usable_credits(credit_ids, currencies)
        currency = self.env["res.currency"].search([("name", "in", list(currencies))], limit=1) or self.currency_id
        return allocate(payables, selected, credits, partial or self._get_partial_rules(currency))

    def _get_usable_credits(self, credit_ids, currencies):
        """Return {id: amount} of the chosen credits, all of them the customer's own and in the payment's currency."""
        if not credit_ids:
            return {}
        own = {credit.item_id: credit for credit in self._get_facts().credits}
        for credit_id in credit_ids:
            if credit_id not in own or own[credit_id].currency not in currencies:
                raise RequestRefused("unknown_item", credit_id)
        return {credit_id: own[credit_id].amount_currency for credit_id in credit_ids}

    def _prepare_transaction_vals(self, allocation):
        """Return what a transaction stores of its allocation, besides amount and currency.

        :param allocation: core.allocation.Allocation
        """
        items = self._browse_lines([part.item_id for part in allocation.parts])
        rows = []
        for part, line in zip(allocation.parts, items, strict=True):
            row = {"move_line_id": line.id, "name": line.move_id.name}
            rows.append({**row, "amount": float(part.amount), "discount": float(part.discount)})
            rows += [{**row, "credit_line_id": credit, "amount": float(amount)} for credit, amount in part.credits]
        return {
            "invoice_ids": [Command.set(items.move_id.ids)],
            "ar_customer_id": self.id,
            "ar_allocation_ids": [Command.create(row) for row in rows],
        }

    def _apply_credits(self, selected, credit_ids):
        """Settle items that the customer's credits cover in full: nothing is left to pay.

        :param selected: {item id: None}
        """
        items = self._browse_lines(list(selected)).sorted(lambda line: (line.date_maturity or line.date, line.id))
        credits = self._browse_lines(list(self._get_usable_credits(credit_ids, set(items.currency_id.mapped("name")))))
        payable = {payable.item_id for payable in self._get_payables() if payable.left > 0}
        for item in items:
            if item.id not in payable:
                raise RequestRefused("unknown_item", item.id)
            for credit in credits:
                pair = (item + credit).filtered(lambda line: not line.reconciled)
                if len(pair) == 2 and len(pair.account_id) == 1:
                    pair.reconcile()
