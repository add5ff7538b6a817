from odoo import api, models


class ArNightly(models.AbstractModel):
    """Orders are invoiced before invoices are sent."""

    _inherit = "ar.nightly"

    @api.model
    def _get_steps(self):
        """Override to invoice orders right before the invoices are judged that wait to be sent."""
        steps = super()._get_steps()
        place = [code for code, _model, _method in steps].index("invoices")
        return [*steps[:place], ("order_billing", "sale.order", "_ar_bill_company"), *steps[place:]]
