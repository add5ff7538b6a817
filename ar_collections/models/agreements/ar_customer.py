from odoo import api, models

from ...core import decision as codes
from ...core.money import ZERO
from .ar_agreement import OPEN_AGREEMENTS


class ArCustomer(models.Model):
    """The part of the customer's open items that is free for a new agreement."""

    _inherit = "ar.customer"

    @api.model
    def _free_amount(self, item):
        """Return how much of an open item is neither being paid nor part of an agreement, in the item's currency.

        An item in a promise or a plan is not free for another one, not even its rest: a payment could not be assigned
        to one of the two.

        :param item: core.facts.OpenItem
        :rtype: Decimal
        """
        if any(exclusion.code in (codes.PROMISE_OPEN, codes.PLAN_ACTIVE) for exclusion in item.exclusions):
            return ZERO
        taken = sum((exclusion.amount for exclusion in item.exclusions if exclusion.code in codes.AGREED_CODES), ZERO)
        return max(item.residual_currency - taken, ZERO)

    @api.model
    def _get_open_before(self, item):
        """Return the residual of an item at the time of an agreement, less pending payments, in the item's currency.

        A payment that was pending then settles the rest of the item, not the agreed part.

        :param item: core.facts.OpenItem
        :rtype: Decimal
        """
        return item.residual_currency - self._pending_amount(item)

    @api.model
    def _get_currency_of(self, items):
        """Return the `res.currency` of open items, which is that of the first of them.

        :param items: collection of core.facts.OpenItem, not empty
        """
        return self._browse_lines([next(iter(items)).item_id]).currency_id

    def _prepare_agreement_lines(self, amounts):
        """Return the values of the lines of a new agreement, as `ar.agreement.line` takes them, which hold from now on.

        :param amounts: {core.facts.OpenItem: Decimal in its currency}
        :rtype: list[dict]
        """
        self.ensure_one()
        lines = {line.id: line for line in self._browse_lines([item.item_id for item in amounts])}
        names = self._get_item_names(lines.values())
        credited = self.env["ar.facts"]._read_credited(list(lines))
        return [
            {
                "move_line_id": item.item_id,
                "move_id": lines[item.item_id].move_id.id,
                "name": names[item.item_id],
                "date_due": item.due_date,
                "amount": float(amount),
                "residual_before": float(self._get_open_before(item)),
                "credited_before": float(credited.get(item.item_id, 0)),
                "is_live": True,
            }
            for item, amount in amounts.items()
        ]

    def _find_veto(self, item_ids, last_day):
        """Return why no agreement about these items may last until that day; an empty text where nothing forbids it.

        Extension point: an override returns its own reason, or the result of `super`. A promise lasts until its date, a
        plan until its last installment. Nobody may approve against a veto, managers neither.

        :param item_ids: collection of journal item ids
        :param date last_day: the last day on which the customer would pay
        :return: a sentence for staff; customers read that this agreement is not possible
        :rtype: str
        """
        return ""

    @api.model
    def _move_agreements(self, company, partner_ids=None):
        """Override to move open agreements to the accounts that owe their items now."""
        result = super()._move_agreements(company, partner_ids)
        for model in OPEN_AGREEMENTS:
            self.env[model]._follow_items(company, partner_ids)
        return result

    def _get_free_amounts(self):
        """Return {journal item id: amount that may be promised or planned}, oldest due date first; zeros left out.

        Amounts are Decimals in the item's currency.
        """
        self.ensure_one()
        free = {item.item_id: self._free_amount(item) for item in self._get_facts().items}
        return {line_id: amount for line_id, amount in free.items() if amount > 0}
