from odoo import fields, models

from ....core.money import ZERO, to_decimal


class ArCustomer(models.Model):
    """The costs of legal steps against a customer."""

    _inherit = "ar.customer"

    legal_cost_ids = fields.One2many("ar.legal.cost", "customer_id", "Legal Costs", readonly=True)

    def action_new_legal_cost(self):
        """Open an empty form for a cost of this customer."""
        self.ensure_one()
        self._require("collector")
        return self.env["ar.legal.cost"]._open_new(default_customer_id=self.id)

    def action_payment_order(self):
        """Open the data sheet for a payment order about what the customer owes."""
        self.ensure_one()
        return self.env["ar.payment.order"]._open_for(self)

    def _read_open_costs(self, day=None, claimed=None):
        """Return {currency: (claimable costs that no invoice charges yet, lump sums that count against them)}.

        :param date day: costs after it do not count
        :param dict claimed: {late charge: Decimal} of the lump sums that are claimed beside them, charged or not;
            default: none but what posted invoices charge
        """
        self.ensure_one()
        costs = self.env["ar.legal.cost"].sudo().search(  # for messages and claims, whose access was checked
            [("customer_id", "=", self.id), ("state", "=", "open"), *([("date", "<=", day)] if day else [])]
        )  # fmt: skip
        found = {}
        for currency, own in costs.grouped("currency_id").items():
            total = sum((to_decimal(currency.round(cost.amount)) for cost in own), ZERO)
            # sudo: as for the costs; the policy of the account decides which lump sums count.
            counted = sum(own._count_lump_sums(self.sudo(), currency, claimed or {}).values(), ZERO)
            found[currency] = (total, counted)
        return found
