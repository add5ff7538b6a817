from uuid import uuid4

from odoo import fields, models

from odoo.addons.ar_collections.core.communications import outcome

from ..core.gateway import read_report


class ArCommunicationRecipient(models.Model):
    """Numbers that a text message goes to, each with its own outcome."""

    _inherit = "ar.communication.recipient"

    _changeable = frozenset(("sms_after", "sms_cost", "sms_delivered_on"))

    # The gateway reports by it, also where its answer was lost.
    sms_uuid = fields.Char("SMS Identifier", readonly=True, copy=False)
    sms_after = fields.Datetime("SMS not before", readonly=True, help="Until then it is quiet where the reader is.")
    sms_cost = fields.Float("SMS Costs", readonly=True, digits=(16, 4), help="In the company's currency.")
    sms_delivered_on = fields.Datetime("Delivered on", readonly=True, help="When the network confirmed the delivery.")

    _sms_uuid_once = models.UniqueIndex("(sms_uuid) WHERE sms_uuid IS NOT NULL")
    _sms_waiting_idx = models.Index("(id) WHERE state = 'planned' AND sms_uuid IS NOT NULL")

    def _new_sms_uuid(self):
        """Return an identifier for the gateway."""
        return uuid4().hex

    def _is_in_queue(self):
        """Override: text messages have a queue of their own, see `ar.sms.queue`."""
        return bool(self.sms_uuid) or super()._is_in_queue()

    def _get_notifications(self):
        """Override to find those of text messages by the identifier that the gateway knows."""
        trackers = self.env["sms.tracker"].sudo()  # as in `super`
        uuids = self.filtered("sms_uuid").mapped("sms_uuid")
        found = trackers.search([("sms_uuid", "in", uuids)]) if uuids else trackers
        return super()._get_notifications() | found.mail_notification_id

    # === OUTCOME === #

    def _end_sms(self, state, failure, reason=None):
        """Store what the gateway answered, and what follows for the communication.

        :param str state: ``sent``, ``unknown``, ``failed`` with its ``failure``, or ``planned``: it is tried again
        """
        self.ensure_one()
        if state == outcome.FAILED:
            self._set_failed(failure, reason)
            self.sms_cost = 0
        elif state == outcome.UNKNOWN:
            self._settle_unknown(reason)
        elif state == outcome.PLANNED:
            self._postpone_sms(reason)
        else:
            self._set_state(state, failure_reason=False)
        self.communication_id._follow_recipients()

    def _postpone_sms(self, reason):
        """Leave the message for another attempt, or give up after many."""
        attempts = self.attempts + 1
        delay = outcome.retry_delay(attempts)
        if delay is None:
            self._set_failed(outcome.TECHNICAL, reason)
            self.sms_cost = 0
            return
        moment = fields.Datetime.now() + delay
        self._set_state(outcome.PLANNED, attempts=attempts, failure_reason=reason, sms_after=moment, sms_cost=0)
        self._get_notifications().write(
            {"notification_status": "ready", "failure_type": False, "failure_reason": False}
        )

    def _note_sms_report(self, status, failure, reason):
        """Store what the gateway reports later: delivered, not delivered; one that was unknown is known then.

        :param str status: that of Odoo's notification
        """
        found = read_report(status, failure)
        for recipient in self if found else ():
            state, kind = found
            if status == "sent" and not recipient.sms_delivered_on:
                recipient.sms_delivered_on = fields.Datetime.now()
            if recipient.state not in (outcome.SENT, outcome.UNKNOWN) or recipient.state == state:
                continue
            if state == outcome.FAILED and recipient.sms_delivered_on:
                continue  # reports may come in any order
            if state == outcome.FAILED:
                recipient._set_failed(kind, reason or failure)
            else:
                recipient._set_state(state, failure_reason=False)
            log = recipient.communication_id
            log._follow_recipients()
            log._update_unknown_tasks()
            log.customer_id._mark_changed()
