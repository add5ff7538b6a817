from odoo import api, models

from ...core import decision as codes
from ...core.money import ZERO


class ArCustomer(models.Model):
    """What of the customer's open items may still be agreed on."""

    _inherit = "ar.customer"

    @api.model
    def _free_amount(self, item):
        """Return how much of an open item is neither being paid nor part of another agreement, in its currency.

        An item in a promise or a plan is not free for another one, not even its rest: nobody could tell for which of
        them a payment is meant.

        :param item: core.facts.OpenItem
        """
        if any(exclusion.code in (codes.PROMISE_OPEN, codes.PLAN_ACTIVE) for exclusion in item.exclusions):
            return ZERO
        taken = sum((exclusion.amount for exclusion in item.exclusions if exclusion.code in codes.AGREED_CODES), ZERO)
        return max(item.residual_currency - taken, ZERO)

    @api.model
    def _get_open_before(self, item):
        """Return what of an item stands open when something is agreed: what is on its way by then pays the rest.

        :param item: core.facts.OpenItem
        """
        return item.residual_currency - self._pending_amount(item)

    def _get_free_amounts(self):
        """Return {journal item id: amount that may be promised or planned}, oldest due date first; zeros left out."""
        self.ensure_one()
        free = {item.item_id: self._free_amount(item) for item in self._get_facts().items}
        return {line_id: amount for line_id, amount in free.items() if amount > 0}
