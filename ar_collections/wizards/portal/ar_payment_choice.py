import uuid
from dataclasses import replace

from odoo import Command, api, fields, models

from ...core.money import ZERO, to_decimal
from ...core.portal.allocation import PartialRules


class ArPaymentChoice(models.TransientModel):
    """What a customer selected on the page, stored on the server while the payment form is open.

    Amounts are never read from the payment form, and the selection is checked again whenever it is used: the page may
    be hours old.
    """

    _name = "ar.payment.choice"
    _description = "Payment Choice"
    _transient_max_hours = 24.0

    token = fields.Char(required=True, index=True, default=lambda self: uuid.uuid4().hex)
    customer_id = fields.Many2one("ar.customer", required=True, ondelete="cascade")
    line_ids = fields.One2many("ar.payment.choice.line", "choice_id")
    credit_line_ids = fields.Many2many("account.move.line", string="Credits")
    surplus = fields.Float(digits=(16, 6), help="What is paid above the items, in their currency: the payer's credit.")
    transaction_id = fields.Many2one(
        "payment.transaction", ondelete="set null", help="The transaction made last from this choice."
    )
    plan_installment_id = fields.Many2one(
        "ar.payment.plan.installment",
        ondelete="cascade",
        help=(
            "Last installment paid with this payment; partial payments of invoices are then allowed regardless "
            "of the policy."
        ),
    )

    @api.model
    def _make(self, customer, selected, credit_ids, installment=None, surplus=ZERO):
        """Create a choice; the caller checked that it is payable.

        :param selected: {item id: Decimal in its currency, or None for all of it}
        :param credit_ids: ids of the credits to use
        :param Decimal surplus: what is paid above the items
        :param installment: the last `ar.payment.plan.installment` that is paid, for a payment of a plan
        :return: the `ar.payment.choice`
        """
        lines = [
            {"move_line_id": item_id, "whole": amount is None, "amount": float(amount or 0)}
            for item_id, amount in selected.items()
        ]
        return self.create(
            {
                "customer_id": customer.id,
                "line_ids": [Command.create(values) for values in lines],
                "credit_line_ids": [Command.set(list(credit_ids))],
                "plan_installment_id": installment.id if installment else False,
                "surplus": float(surplus),
            }
        )

    def _allocate(self):
        """Return the allocation of a payment of this choice, with current residuals.

        :rtype: core.portal.allocation.Allocation
        :raise RequestRefused: when it cannot be paid any more
        """
        allocation = self.customer_id._allocate(*self._get_allocation_arguments())
        return replace(allocation, surplus=to_decimal(self.surplus)) if self.surplus else allocation

    def _allocate_credits(self):
        """Return how the credits of this choice settle its items, with current residuals.

        :rtype: core.portal.allocation.Allocation
        :raise RequestRefused: when they do not cover it
        """
        return self.customer_id._allocate_credits(*self._get_allocation_arguments())

    def _get_accounts(self):
        """Return the accounts whose items are paid, with that of the page: they are locked together."""
        customer = self.customer_id
        others = self.line_ids.move_line_id.partner_id.commercial_partner_id - customer.partner_id
        if not others:
            return customer
        return customer | customer.search(
            [("partner_id", "in", others.ids), ("company_id", "=", customer.company_id.id)]
        )

    def _get_allocation_arguments(self):
        """Return the arguments of `ar.customer._allocate` for this choice."""
        self.ensure_one()
        selected = {line.move_line_id.id: None if line.whole else to_decimal(line.amount) for line in self.line_ids}
        partial = PartialRules() if self.plan_installment_id else None  # the policy's limits don't apply to a plan
        return selected, self.credit_line_ids.ids, partial

    def _find_transaction(self, allocation, values):
        """Return the transaction made from this choice before, where it can be used again: the same one, not sent yet.

        :param allocation: core.portal.allocation.Allocation of now
        :param dict values: of the payment form
        :return: `payment.transaction`, or None
        """
        transaction = self.transaction_id
        is_same = (
            transaction.state == "draft"
            and transaction.provider_id.id == values.get("provider_id")
            and transaction.payment_method_id.id == values.get("payment_method_id")
            and transaction.operation == f"online_{values.get('flow')}"
            and transaction.tokenize == bool(values.get("tokenization_requested"))
            and transaction._ar_get_allocations()._is_of(allocation)
        )
        return transaction if is_same and transaction.operation != "online_token" else None


class ArPaymentChoiceLine(models.TransientModel):
    """One selected item, with the amount where the customer changed it."""

    _name = "ar.payment.choice.line"
    _description = "Payment Choice Line"

    choice_id = fields.Many2one("ar.payment.choice", required=True, index=True, ondelete="cascade")
    move_line_id = fields.Many2one("account.move.line", required=True, ondelete="cascade")
    whole = fields.Boolean(
        string="Full Amount", help="Whether the item is settled in full, less the early payment discount."
    )
    amount = fields.Float(digits=(16, 6), help="Amount in the currency of the item, if the customer changed it.")
