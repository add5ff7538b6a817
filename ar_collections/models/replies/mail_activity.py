from odoo import models

from ..communications.ar_customer import REPLY_TYPE
from ..customers.core_flow import ignore_failure


class MailActivity(models.Model):
    """Whoever marks the task to answer as done closes the customer's inquiries."""

    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        """Override of `mail` to close the inquiries of customers whose task to answer is done."""
        kind = self.env.ref(REPLY_TYPE, raise_if_not_found=False)
        answered = self.filtered(lambda task: task.res_model == "ar.customer" and task.activity_type_id == kind)
        customer_ids = answered.mapped("res_id")
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        if customer_ids:
            with ignore_failure(self.env, "closing inquiries whose task is done"):
                # Users may do their tasks, whatever they may write.
                inquiries = self.env["ar.inquiry"].sudo()
                inquiries.search([("customer_id", "in", customer_ids), ("state", "=", "open")])._end("closed")
        return result
