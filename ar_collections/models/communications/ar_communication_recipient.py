import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...const import FAILURES, RECIPIENT_MOVES, RECIPIENT_STATES
from ...core.communications import outcome

_logger = logging.getLogger(__name__)


class ArCommunicationRecipient(models.Model):
    """One address that a communication goes to, with its own outcome.

    Each has an e-mail of its own in the queue; all of them share one message, and so the Message-ID. The state of the
    communication follows from its recipients, see `core.communications.outcome`.
    """

    _name = "ar.communication.recipient"
    _description = "Recipient of a Communication"
    _order = "communication_id, id"
    _rec_name = "address"

    #: The fields that may change after a recipient was created: those of its delivery. Each file that extends the model
    #: declares its own, in other modules as well.
    _changeable = frozenset(("partner_id", "state", "failure", "failure_reason", "date", "attempts", "mail_mail_id"))

    communication_id = fields.Many2one("ar.communication", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="communication_id.company_id", store=True, index=True)
    # The contact may be deleted or merged: the address that was used stays.
    partner_id = fields.Many2one("res.partner", "Contact", readonly=True, index="btree_not_null", ondelete="set null")
    address = fields.Char(required=True, readonly=True, help="Email address the message is sent to.")
    state = fields.Selection(RECIPIENT_STATES, required=True, default="planned", readonly=True)
    failure = fields.Selection(FAILURES, readonly=True)
    failure_reason = fields.Text(readonly=True)
    date = fields.Datetime("Changed on", readonly=True, help="Date and time of the last change of the state.")
    attempts = fields.Integer(
        readonly=True, help="Number of deliveries that the mail server refused for the time being."
    )
    mail_mail_id = fields.Many2one("mail.mail", "Email", readonly=True, index="btree_not_null", ondelete="set null")

    # An address gets a message once, also by transactions that run at the same time.
    _address_once = models.UniqueIndex(
        "(communication_id, address) WHERE state <> 'cancelled'", "This address already gets the message."
    )

    # The run asks for the few that failed, of a log that only grows.
    _failed_idx = models.Index("(communication_id) WHERE state = 'failed'")

    # === IMMUTABILITY === #

    def write(self, vals):
        """Override of `base` to keep address and communication.

        :raise UserError: for a field that is not one of the delivery
        """
        changeable = frozenset().union(*(vars(part).get("_changeable", ()) for part in type(self).mro()))
        if not set(vals) <= changeable:
            raise UserError(self.env._("A sent communication cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """Prevent deletion: the log is the audit trail."""
        raise UserError(self.env._("Communications are the audit trail and cannot be deleted."))

    # === STATES === #

    def _set_state(self, state, **values):
        """Change the state where the transition is legal; other recipients are left and noted in the server log.

        :param str state: the target, see ``const.RECIPIENT_MOVES``
        :param values: further values to store
        :return: the recipients whose state changed
        """
        legal = self.filtered(lambda recipient: state in RECIPIENT_MOVES[recipient.state])
        for refused in self - legal:
            _logger.info("Recipient %s stays %s: it cannot become %s.", refused.id, refused.state, state)
        legal.write({"state": state, "date": fields.Datetime.now(), **values})
        return legal

    def _cancel(self):
        """Cancel the pending recipients of self, with their e-mails and notifications."""
        pending = self.filtered(lambda recipient: recipient.state == outcome.PLANNED)
        pending._set_state(outcome.CANCELLED)
        pending._cancel_mails()
        return pending

    def _cancel_mails(self):
        """Cancel the queued e-mails, and their notifications, so that the chatter shows that they were not sent."""
        mails = self.mail_mail_id.filtered(lambda mail: mail.state in ("outgoing", "exception"))
        mails.cancel()
        self._get_notifications().filtered(
            lambda row: row.notification_status == "ready"
        ).notification_status = "canceled"

    def _is_in_queue(self):
        """Return whether a queue delivers to this recipient while it is pending.

        Extension point: an override answers for a queue of its own.
        """
        self.ensure_one()
        return bool(self.mail_mail_id)

    def _get_notifications(self):
        """Return the notifications that show the delivery to these recipients in the chatter.

        Extension point: those without an e-mail are found by an override.
        """
        notifications = self.communication_id.message_id.sudo().notification_ids  # users have no access
        return notifications.filtered(lambda row: row.mail_mail_id in self.mail_mail_id)

    # === OUTCOME === #

    def _end_delivery(self, mail, error, watch, turn):
        """Store the outcome of a delivery of this recipient, and what follows for the communication.

        :param mail: the `mail.mail` of this recipient
        :param error: the exception of the delivery, if any, not Odoo's wrapper of it
        :param Watch watch: what happened to the message in the SMTP session
        :param Turn turn: of the mail queue, for this company
        """
        self.ensure_one()
        delivered = mail.state == "sent" or watch.accepted
        if delivered:
            self._set_state(outcome.SENT)  # its mail is removed together with others
        elif mail.state == "outgoing":
            # Not attempted: Odoo's test mode, or a mail server that is not available.
            self._set_state(outcome.PLANNED)
        else:
            state, failure = self.communication_id._get_channel()._read_outcome(self, mail, error, watch)
            company = self.communication_id.company_id
            if state == outcome.FAILED and mail._refuse(turn, error, self.address, company):
                state = outcome.PLANNED
            self._end_without_success(mail, state, failure, str(error or "") or mail.failure_reason)
        self.communication_id._follow_recipients()

    @api.model
    def _remove_delivered(self, company):
        """Remove the mails of a company that were sent, and were left by a crash before they were removed."""
        domain = [
            ("company_id", "=", company.id),
            ("state", "=", outcome.SENT),
            ("mail_mail_id.state", "in", ["sent", "exception"]),
        ]
        self.sudo().search(domain).mail_mail_id.try_lock_for_update().unlink()  # as the run, whatever the user may read

    def _end_without_success(self, mail, state, failure, reason):
        """Store the outcome of a delivery that did not succeed, or may not have.

        :param str state: ``planned`` where it is tried again, ``unknown``, or ``failed`` with its ``failure``
        """
        if state == outcome.UNKNOWN:
            self._settle_unknown(reason)
        elif state == outcome.FAILED:
            self._set_failed(failure, mail.failure_reason or reason)
        else:
            self._postpone(mail, reason)

    def _postpone(self, mail, reason):
        """Leave the e-mail in the queue for another attempt, or give up after many."""
        attempts = self.attempts + 1
        delay = outcome.retry_delay(attempts)
        if delay is None:
            self._set_failed(outcome.TECHNICAL, reason)
            return
        moment = fields.Datetime.now() + delay
        self._set_state(outcome.PLANNED, attempts=attempts, failure_reason=reason)
        mail.write({"state": "outgoing", "scheduled_date": moment, "failure_type": False, "failure_reason": False})
        self._get_notifications().write(
            {"notification_status": "ready", "failure_type": False, "failure_reason": False}
        )
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger(moment)

    def _set_failed(self, failure, reason):
        """Set the state `failed`, and create a task to find a working address.

        :param str failure: one of ``const.FAILURES``
        :param str reason: the error message
        :return: the recipients whose state changed
        """
        failed = self._set_state(outcome.FAILED, failure=failure, failure_reason=reason)
        for recipient in failed:
            reader = recipient.communication_id.customer_id._in_staff_language()
            reader._add_task(
                "ar_collections.mail_activity_type_address",
                reader.env._("The reminder to %(address)s was not delivered", address=recipient.address),
            )
        failed._cancel_mails()
        return failed

    def _settle_unknown(self, reason=None):
        """Set the state `unknown`: nothing is sent to this address again."""
        unknown = self._set_state(outcome.UNKNOWN, failure_reason=reason)
        unknown.mail_mail_id.filtered(lambda mail: mail.state == "outgoing").cancel()
        return unknown
