from odoo import api, models

from ...const import WAITING_STATES


class ArHandover(models.AbstractModel):
    """Messages that wait are signed by whoever takes over; calls that were planned stay planned."""

    _inherit = "ar.handover"

    @api.model
    def _pass_on(self, users=None, company=None):
        """Override to change who signs waiting messages, and to create lost tasks of planned calls again."""
        log = self.env["ar.communication"].sudo()  # the log of all customers, whatever the user may read
        waiting = log.search(
            [*self._get_owned_domain("user_id", users, company), ("state", "in", WAITING_STATES)], order="id"
        )
        self._set_owners(
            {
                communication: communication.customer_id.collector_id
                for communication in waiting
                if not communication.user_id._ar_works_for(communication.company_id, "collector")
            }
        )
        spoken = self.env["ar.channel"]._get_codes("_is_spoken")
        lost = waiting.filtered(lambda call: call.channel in spoken and call.step_id and not call.activity_id)
        for channel, calls in lost.filtered(lambda call: call.state == "planned").grouped("channel").items():
            self.env["ar.channel"]._get(channel)._send(calls)
        return super()._pass_on(users, company)
