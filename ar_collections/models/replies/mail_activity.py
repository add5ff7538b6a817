from odoo import models

from ..communications.ar_customer import REPLY_TYPE
from ..customers.core_flow import ignore_failure
from ..portal.ar_customer import REQUEST_TYPE


class MailActivity(models.Model):
    """Whoever marks a task as done closes the inquiries that it is for."""

    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        """Override of `mail` to close the inquiries of customers whose task to answer, or for a request, is done."""
        kinds = {self.env.ref(name, raise_if_not_found=False): name for name in (REPLY_TYPE, REQUEST_TYPE)}
        done = [
            (task.res_id, kinds[task.activity_type_id], task.user_id)
            for task in self
            if task.res_model == "ar.customer" and task.activity_type_id in kinds
        ]
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        if done:
            with ignore_failure(self.env, "closing inquiries whose task is done"):
                # Users may do their tasks, whatever they may write.
                customers = self.env["ar.customer"].sudo().browse([customer_id for customer_id, *_rest in done])
                customers.invalidate_recordset(["activity_ids"])
                for customer, (_id, kind, user) in zip(customers, done, strict=True):
                    customer._end_task(kind, user)
        return result
