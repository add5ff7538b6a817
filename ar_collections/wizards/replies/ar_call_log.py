from odoo import fields, models
from odoo.exceptions import UserError


class ArCallLog(models.TransientModel):
    """A call may leave a question that somebody has to answer."""

    _inherit = "ar.call.log"

    question = fields.Char(
        "To Be Answered", help="What the customer wants to know: an inquiry with a deadline. Empty: nothing is open."
    )

    def action_log(self):
        """Override to open the inquiry of the call.

        :raise UserError: for a question of a call that reached nobody
        """
        question = (self.question or "").strip()
        if question and self.result in ("not_reached", "left_message", "wrong_number"):
            raise UserError(self.env._("Nobody was reached: leave the question empty."))
        result = super().action_log()
        if question:
            self.env["ar.inquiry"]._open_for(self.customer_id, "call", question)
        return result
