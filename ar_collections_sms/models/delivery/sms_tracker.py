from odoo import models
from odoo.tools import SQL

from odoo.addons.ar_collections.models.customers.core_flow import ignore_failure


class SmsTracker(models.Model):
    """Delivery reports of the gateway reach the log of collections."""

    _inherit = "sms.tracker"

    def _update_sms_notifications(self, notification_status, failure_type=False, failure_reason=False):
        """Override of `sms` to store what the gateway reports on the recipient of the communication.

        A report may come while the message is still being handed over. It waits for that transaction, so that it
        does not undo it; the request is repeated by Odoo then.
        """
        # sudo: reports come from outside, nobody is logged in.
        recipients = self.env["ar.communication.recipient"].sudo()
        recipients = recipients.search([("sms_uuid", "in", self.mapped("sms_uuid"))])
        if recipients:
            log_ids = tuple(sorted(recipients.communication_id.ids))
            self.env.cr.execute(SQL("SELECT id FROM ar_communication WHERE id IN %s ORDER BY id FOR UPDATE", log_ids))
        result = super()._update_sms_notifications(
            notification_status, failure_type=failure_type, failure_reason=failure_reason
        )
        if recipients:
            with ignore_failure(self.env, "storing a delivery report"):
                recipients._note_sms_report(notification_status, failure_type, failure_reason)
        return result
