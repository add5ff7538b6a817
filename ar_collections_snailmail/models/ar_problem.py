from odoo import api, fields, models


class ArProblem(models.Model):
    """Problems with the postal service: our account, and letters that it does not take."""

    _inherit = "ar.problem"

    code = fields.Selection(
        selection_add=[("post_account", "Postal Service"), ("post_letter", "Letter by Post")],
        ondelete={"post_account": "cascade", "post_letter": "cascade"},
    )

    @api.model
    def _get_advice(self, code):
        """Override to say what to do about problems with the postal service."""
        if code == "post_account":
            return self.env._(
                "An administrator buys credits under Settings > Technical > In-App Purchases. Letters that wait are "
                "sent by themselves then; print them if they are urgent."
            )
        if code == "post_letter":
            return self.env._(
                "Print the letter under Letters to Print. Or mend what the message says, as by the setting Add a Cover "
                "Page of Odoo's invoicing, and press Send by Post on the letter."
            )
        return super()._get_advice(code)
