from odoo import api, fields, models


class ArProblem(models.Model):
    """Orders that could not be invoiced."""

    _inherit = "ar.problem"

    code = fields.Selection(
        selection_add=[("order_billing", "Invoicing of orders")], ondelete={"order_billing": "cascade"}
    )

    @api.model
    def _get_advice(self, code):
        """Override to say what to do about orders."""
        if code == "order_billing":
            return self.env._(
                "The order was not invoiced, or its invoice not posted; the others were. Correct what the message "
                "names: it is tried again every day, whatever the billing day. Orders Left Out lists all that were "
                "left out."
            )
        return super()._get_advice(code)
