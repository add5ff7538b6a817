from odoo import api, fields, models


class ArProblem(models.Model):
    """Problems with Stripe: the set-up, and events that could not be handled."""

    _inherit = "ar.problem"

    code = fields.Selection(
        selection_add=[
            ("stripe_setup", "Stripe Set-up"),
            ("stripe_event", "Stripe Event"),
            ("stripe_dispute", "Chargeback without Invoice"),
            ("stripe_difference", "Difference from Stripe"),
        ],
        ondelete={
            "stripe_setup": "cascade",
            "stripe_event": "cascade",
            "stripe_dispute": "cascade",
            "stripe_difference": "cascade",
        },
    )

    @api.model
    def _get_advice(self, code):
        """Override to say what to do about problems with Stripe."""
        if code == "stripe_setup":
            return self.env._("An administrator completes the set-up on the form of the payment provider.")
        if code == "stripe_event":
            return self.env._(
                "An administrator reads the error of the event under Configuration > Collections > Stripe Events, and "
                "presses Retry when its cause is mended."
            )
        if code == "stripe_dispute":
            return self.env._("No invoice belongs to the payment, so nobody has a task: answer it at Stripe in time.")
        if code == "stripe_difference":
            return self.env._(
                "Open Configuration > Collections > Stripe Differences: each line says what to do. What is mended is "
                "gone from the list on the next day, or with Compare Now on the form of the payment provider. What was "
                "done in another way is marked as handled."
            )
        return super()._get_advice(code)
