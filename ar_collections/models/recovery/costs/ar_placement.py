from odoo import fields, models


class ArPlacement(models.Model):
    """The costs of a case."""

    _inherit = "ar.placement"

    cost_ids = fields.One2many("ar.legal.cost", "placement_id", "Legal Costs", readonly=True)

    def action_payment_order(self):
        """Open the data sheet for a payment order about this case."""
        self.ensure_one()
        self._require("collector")
        return self.env["ar.payment.order"]._open_for(self.customer_id, self)

    def action_new_legal_cost(self):
        """Open an empty form for a cost of this case."""
        placement = self._allowed("collector")
        placement.ensure_one()
        return self.env["ar.legal.cost"]._open_new(
            default_customer_id=placement.customer_id.id, default_placement_id=placement.id
        )
