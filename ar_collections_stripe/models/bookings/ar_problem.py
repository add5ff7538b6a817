from odoo import api, fields, models


class ArProblem(models.Model):
    """Money of chargebacks that could not be booked, or waits for a decision that nobody has as a task."""

    _inherit = "ar.problem"

    code = fields.Selection(
        selection_add=[("stripe_booking", "Chargeback Not Booked")], ondelete={"stripe_booking": "cascade"}
    )

    @api.model
    def _get_advice(self, code):
        """Override to say what to do about them."""
        if code == "stripe_booking":
            return self.env._(
                "Open the chargeback and approve what is to be booked, or mark it as booked by hand. What is booked at "
                "once is tried again daily."
            )
        return super()._get_advice(code)
