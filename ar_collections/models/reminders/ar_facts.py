from odoo import api, models


class ArFacts(models.AbstractModel):
    """A message about items that a person chose: within it, nothing else can be chased.

    The ids of the chosen items travel in the context, as ``ar_chosen_items``, because every question about such a
    message must be asked in the same way: when it is ordered, and once more when it is handed over.
    """

    _inherit = "ar.facts"

    @api.model
    def _gather(self, customers, today, without=None, human=False):
        """Override to look away from what was not chosen."""
        facts = super()._gather(customers, today, without, human)
        chosen = self.env.context.get("ar_chosen_items")
        if chosen is None:
            return facts
        return {customer_id: known.only(chosen) for customer_id, known in facts.items()}
