from dataclasses import replace

from odoo import Command, models

from ....core.decision import PAYMENT_BLOCKED
from ....core.money import ZERO, to_decimal
from ....core.portal.allocation import (
    PartialRules,
    Payable,
    RequestRefused,
    allocate,
    allocate_at_most,
    allocate_credits,
)
from ....formats import format_amount


class ArCustomerPayment(models.Model):
    """Online payments: what the customer may pay, and the allocation of a payment to the selected items."""

    _inherit = "ar.customer"

    def _get_payables(self):
        """Return what may be paid now of the account, oldest due date first: see `_read_payables`.

        :rtype: list[core.portal.allocation.Payable]
        """
        self.ensure_one()
        return self._read_payables()[self]

    def _read_payables(self, facts=None):
        """Return what may be paid now of accounts of one company: residuals less pending payments, in their currency.

        Disputed and excluded items are payable, too; those whose payment is blocked are not. The early-payment discount
        is offered where nothing is pending.

        :param dict facts: {account id: AccountFacts}; default: they are read
        :return: {account: list of core.portal.allocation.Payable, oldest due date first}
        """
        facts = facts or self._read_facts()
        lines = self._browse_lines([item.item_id for customer in self for item in facts[customer.id].items])
        discounts = self._get_discounts(lines)
        return {
            customer: [
                Payable(
                    item.item_id,
                    item.due_date,
                    item.currency,
                    left := ZERO if item.has(PAYMENT_BLOCKED) else item.residual_currency - self._pending_amount(item),
                    discounts.get(item.item_id) if left == item.residual_currency else None,
                    item.is_debt,
                )
                for item in facts[customer.id].items
            ]
            for customer in self
        }

    def _get_discounts(self, lines):
        """Return {item id: amount that settles it} for the items with an early-payment discount that is still granted.

        Core grants it up to the discount date on invoices without part payments. Amounts in the item's currency.
        """
        today = self.company_id._ar_today()  # one company
        offered = lines.filtered(lambda line: line.discount_date and line.discount_date >= today)
        return {
            line.id: to_decimal(line.currency_id.round(line.discount_amount_currency))
            for line in offered
            if line.move_id._is_eligible_for_early_payment_discount(line.currency_id, today)
        }

    def _get_partial_rules(self, currency):
        """Return the policy's rules for partial payments, the minimum converted to the currency of the payment.

        :rtype: core.portal.allocation.PartialRules
        """
        policy, company = self.policy_id, self.company_id
        minimum = company.currency_id._convert(policy.minimum_partial_payment, currency, company, company._ar_today())
        return PartialRules(policy.allow_partial_payment or not policy, to_decimal(minimum))

    def _allocate(self, selected, credit_ids=(), partial=None):
        """Return the allocation of a payment for the selected items.

        :param selected: {item id: Decimal in its currency, or None for all of it}
        :param credit_ids: ids of the credits to use first; they must be the customer's own
        :param partial: core.portal.allocation.PartialRules; default: the policy's
        :rtype: core.portal.allocation.Allocation
        :raise RequestRefused: when the selection cannot be paid, with the code of the reason
        """
        return allocate(*self._get_allocation_arguments(selected, credit_ids, partial))

    def _allocate_at_most(self, selected, most, credit_ids=(), partial=None):
        """Return the allocation of a payment of at most an amount; other parameters as in `_allocate`.

        :param Decimal most: in the currency of the items
        :rtype: core.portal.allocation.Allocation
        :raise RequestRefused: when the selection cannot be paid, with the code of the reason
        """
        payables, selected, credits, rules = self._get_allocation_arguments(selected, credit_ids, partial)
        return allocate_at_most(payables, selected, most, credits, rules)

    def _allocate_credits(self, selected, credit_ids, partial=None):
        """Return how the credits settle the selected items, which they must cover; parameters as in `_allocate`.

        :rtype: core.portal.allocation.Allocation
        :raise RequestRefused: when something is left to pay, with the code of the reason
        """
        return allocate_credits(*self._get_allocation_arguments(selected, credit_ids, partial))

    def _get_allocation_arguments(self, selected, credit_ids, partial):
        """Return (payables, selection, credits, rules for partial payments); parameters as in `_allocate`."""
        payables = self._get_payables()
        if not selected.keys() <= {payable.item_id for payable in payables}:
            payables += self._get_member_payables()  # as of now: who left the group is not paid here any more
        currencies = {payable.currency for payable in payables if payable.item_id in selected}
        credits = self._get_usable_credits(credit_ids, currencies)
        if credits:
            payables = self._limit_to_accounts(payables, credits)
        currency = next(iter(self.env["res.currency"]._ar_by_name(currencies).values()), self.currency_id)
        return payables, selected, credits, partial or self._get_partial_rules(currency)

    def _limit_to_accounts(self, payables, credit_ids):
        """Return the payables, each with the credits of its own receivable account: Odoo matches no others.

        Those of other customers of the group keep having none.
        """
        accounts = {line.id: line.account_id for line in self._browse_lines(list(credit_ids))}
        items = {line.id: line.account_id for line in self._browse_lines([payable.item_id for payable in payables])}
        return [
            replace(payable, credits=frozenset(key for key in credit_ids if accounts[key] == items[payable.item_id]))
            if payable.credits is None
            else payable
            for payable in payables
        ]

    def _get_usable_credits(self, credit_ids, currencies):
        """Return {id: amount} of the selected credits, less what was paid back, counts in another branch or is pending.

        :raise RequestRefused: for a credit that is not the customer's or not in the payment's currency
        """
        if not credit_ids:
            return {}
        facts = self._get_facts()
        own = {credit.item_id for credit in facts.credits}
        usable = {credit.item_id: credit for credit in facts.usable_credits if credit.item_id in own}
        for credit_id in credit_ids:
            if credit_id not in usable or usable[credit_id].currency not in currencies:
                raise RequestRefused("unknown_item", credit_id)
        used = self.env["ar.payment.allocation"]._read_credits_in_use(credit_ids)
        return {
            credit_id: max(usable[credit_id].amount_currency - used.get(credit_id, ZERO), ZERO)
            for credit_id in credit_ids
        }

    def _prepare_transaction_vals(self, allocation):
        """Return the values a `payment.transaction` stores of its allocation, besides amount and currency.

        :param allocation: core.portal.allocation.Allocation
        """
        items = self._browse_lines([part.item_id for part in allocation.parts])
        rows = []
        for part, line in zip(allocation.parts, items, strict=True):
            debtor = line.partner_id.commercial_partner_id - self.partner_id
            name = f"{line.move_id.name} ({debtor.display_name})" if debtor else line.move_id.name
            row = {"move_line_id": line.id, "name": name}
            rows.append({**row, "amount": float(part.amount), "discount": float(part.discount)})
            rows += [{**row, "credit_line_id": credit, "amount": float(amount)} for credit, amount in part.credits]
        if allocation.surplus:
            rows.append({"name": self.env._("Credit"), "amount": float(allocation.surplus), "is_surplus": True})
        return {
            "invoice_ids": [Command.set(items.move_id.ids)],
            "ar_customer_id": self.id,
            "ar_allocation_ids": [Command.create(row) for row in rows],
        }

    def _apply_credits(self, allocation):
        """Reconcile the items of an allocation with its credits, each with the allocated amount.

        The caller holds the account's lock, so that the allocation is of this moment.

        :param allocation: core.portal.allocation.Allocation, covered by credits
        """
        for part in allocation.parts:
            item = self._browse_lines(part.item_id)
            for credit_id, amount in part.credits:
                item._ar_reconcile_part(self._browse_lines(credit_id), float(amount))

    def _add_rest_task(self, transaction, rest):
        """Give the collector a task about a payment whose items were settled before it came.

        :param transaction: `payment.transaction`
        :param float rest: what is left of it, in its currency
        """
        amount = format_amount(self.env, rest, transaction.currency_id)
        text = self.env._(
            "%(amount)s of payment %(reference)s is left over: what it was for had been paid already. Refund it or "
            "apply it to other invoices.",
            amount=amount,
            reference=transaction.reference,
        )
        self._add_task("ar_collections.mail_activity_type_overpaid", text)
