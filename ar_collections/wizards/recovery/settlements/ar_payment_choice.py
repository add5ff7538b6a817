from odoo import api, fields, models

from ....core.money import ZERO
from ....core.portal.allocation import AGREEMENT_ENDED, PartialRules, RequestRefused


class ArPaymentChoice(models.TransientModel):
    """A payment of what was agreed in a settlement: its amount is computed anew whenever the choice is used."""

    _inherit = "ar.payment.choice"

    settlement_id = fields.Many2one(
        "ar.settlement",
        ondelete="cascade",
        help="The settlement that is paid: the amount follows it, whatever the policy says about partial payments.",
    )

    @api.model
    def _make_for(self, settlement):
        """Return the choice of a settlement: the same for each window in which it is paid, so that it is paid once.

        :param settlement: `ar.settlement` of the visitor
        :raise RequestRefused: when nothing of it can be paid any more
        """
        parts = settlement._get_payment_parts()
        if not parts:
            raise RequestRefused(AGREEMENT_ENDED)
        customer = settlement.customer_id
        domain = [("settlement_id", "=", settlement.id), ("customer_id", "=", customer.id)]
        choice = self.search(domain, order="id desc", limit=1)
        if choice._has_items(parts):
            return choice
        items = settlement.line_ids.move_line_id.ids  # what is left may fall on other ones when it is paid
        choice = self._make(customer, {item_id: parts.get(item_id, ZERO) for item_id in items}, ())
        choice.settlement_id = settlement
        return choice

    def _has_items(self, parts):
        """Return whether the choice has a line for each of the items; an invoice that is posted again has others.

        :param parts: {journal item id: Decimal}
        """
        return bool(self) and set(parts) <= set(self.line_ids.move_line_id.ids)

    def _get_allocation_arguments(self):
        """Override to pay what is left of the agreed amount now, whatever was left when the form was opened.

        :raise RequestRefused: when nothing of it can be paid any more
        """
        selected, credits, partial = super()._get_allocation_arguments()
        if not self.settlement_id:
            return selected, credits, partial
        parts = self.settlement_id._get_payment_parts()
        if not parts or not self._has_items(parts) or self.settlement_id.customer_id != self.customer_id:
            raise RequestRefused(AGREEMENT_ENDED)
        return parts, credits, PartialRules()
