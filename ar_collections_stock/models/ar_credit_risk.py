from odoo import fields, models

from odoo.addons.ar_collections.core.credit.risks import NOT_RECEIVED


class ArCreditRisk(models.Model):
    """A kind of risk of its own: what is invoiced was not delivered."""

    _inherit = "ar.credit.risk"

    kind = fields.Selection(selection_add=[(NOT_RECEIVED, "Goods not delivered")], ondelete={NOT_RECEIVED: "cascade"})

    def _get_sentence(self, names):
        """Override to say how many invoices are concerned."""
        if self.kind != NOT_RECEIVED:
            return super()._get_sentence(names)
        return self.env._(
            "Invoiced, and not delivered or not in full; open invoices: %s.", (self.details or {}).get("number", "")
        )
