from odoo import api, models


class ArOutreachOrdered(models.AbstractModel):
    """Mark what is ordered about chosen items."""

    _inherit = "ar.outreach"

    @api.model
    def _prepare_communication_vals(self, customer, rules, decision, today):
        """Override to remember that a person chose the items."""
        values = super()._prepare_communication_vals(customer, rules, decision, today)
        return {**values, "is_chosen": self.env.context.get("ar_chosen_items") is not None}
