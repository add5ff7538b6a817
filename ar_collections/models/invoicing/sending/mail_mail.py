import contextlib
import smtplib
from functools import partial

from odoo import api, fields, models, modules

from odoo.addons.base.models.ir_mail_server import MailDeliveryException

from ....core.communications import outcome, refusals
from ....core.invoicing.sending import states
from ...communications.delivery.begun import is_abandoned, lock_again
from ...customers.nightly.batch_run import CONFLICTS


class MailMail(models.Model):
    """Emails with invoices that are sent by themselves: each is checked again, and delivered once."""

    _inherit = "mail.mail"

    ar_sending_id = fields.Many2one(
        "ar.invoice.sending",
        "Automatic Sending",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    ar_began = fields.Boolean(
        "Delivery Began", readonly=True, copy=False, help="Committed before SMTP, so that a crash is visible."
    )
    ar_attempts = fields.Integer("Refused for Now", readonly=True, copy=False)

    def _send(
        self,
        auto_commit=False,
        raise_exception=False,
        smtp_session=None,
        alias_domain_id=False,
        mail_server=False,
        post_send_callback=None,
    ):
        """Override of `mail` to deliver emails with invoices one by one, each in two steps.

        Each delivery is committed before and after it, so it needs a transaction of its own, as that of the mail queue.
        """
        options = {"smtp_session": smtp_session, "alias_domain_id": alias_domain_id, "mail_server": mail_server}
        whole = {"auto_commit": auto_commit, "raise_exception": raise_exception, **options}
        whole["post_send_callback"] = post_send_callback
        mails = self.exists()  # another worker of the queue may have delivered and removed some
        invoices = mails.filtered(lambda mail: mail.sudo().ar_sending_id)  # who sends mails needs no role of ours
        if not invoices:
            return super(MailMail, mails)._send(**whole)
        if others := mails - invoices:
            super(MailMail, others)._send(**whole)
        testing = bool(modules.module.current_test)
        if not auto_commit and not testing:
            # The caller's transaction must not be committed, so the mail queue delivers them.
            self.env["ar.outreach"]._trigger_mail_queue()
            return True
        deliver = partial(super()._send.__func__, raise_exception=True, **options)
        invoices._deliver_invoices(deliver, smtp_session, not testing, post_send_callback)
        return True

    def _deliver_invoices(self, deliver, session, commit, post_send_callback):
        """Deliver these emails one by one; those of a company whose turn is over wait. See `_deliver_invoice`."""
        turns = self._begin_turns(self.sudo().ar_sending_id.company_id, bool(session))  # as in `_send`
        rest = self.browse()
        for mail in self:
            turn = turns[mail.sudo().ar_sending_id.company_id]  # as in `_send`
            if turn.is_over:
                rest |= mail
                continue
            mail._deliver_invoice(deliver, session, commit, turn)
            if post_send_callback:
                post_send_callback(mail.ids)
        if rest:
            rest._wait_for_turn()
            self._settle(commit)

    def _deliver_invoice(self, deliver, session, commit, turn):
        """Deliver one email: lock, check, note that it begins, commit, lock, send, store the outcome, commit.

        :param deliver: function that sends a mail as `mail` does, and raises its errors
        :param session: the SMTP session
        :param bool commit: False only in tests, which roll back
        :param Turn turn: of the mail queue, for the invoice's company
        """
        sending = self.sudo().exists().ar_sending_id  # as in `_send`
        if not sending.try_lock_for_update() or not self._begin_invoice(sending):
            self._settle(commit)
            return
        self._settle(commit)  # a crash from here on leaves `ar_began`
        if not self._lock_begun(sending, commit):
            self._settle(commit)
            return
        error, watch = self._attempt(partial(deliver, self), session)
        cause = error.__context__ if isinstance(error, MailDeliveryException) else error
        mail = self.sudo().exists()  # what was sent may be deleted
        if mail and mail.state != "sent":
            mail._end_invoice(cause, watch, turn)
            mail._record_invoices(mail._get_invoice_messages())
        is_delivered = not mail or mail.state == "sent"
        sending.mails_delivered += is_delivered
        sending._follow_mails()
        self._settle(commit)
        if is_delivered:  # after the outcome, which must not depend on it
            self._take(turn, sending.company_id)
            self._settle(commit)
        if isinstance(cause, smtplib.SMTPServerDisconnected):
            raise error  # the SMTP session is closed; the queue opens another one at its next run

    def _lock_begun(self, sending, commit):
        """Lock the invoice for SMTP, after the commit; return whether this process still delivers the email.

        Where not, nothing has left: a person or another worker of the queue was quicker.
        """
        mail = self.sudo()  # as in `_send`
        if lock_again(self.env, sending.try_lock_for_update, commit):
            return mail.ar_began and mail.state == "outgoing" and sending.state in (states.QUEUED, states.FAILED)
        with contextlib.suppress(*CONFLICTS), self.env.cr.savepoint():
            mail.ar_began = False
        return False

    def _end_invoice(self, error, watch, turn):
        """Store the outcome of a delivery that did not succeed, or may not have.

        :param error: the exception of the delivery, not Odoo's wrapper of it
        :param Watch watch: what happened to the message in the SMTP session
        :param Turn turn: of the mail queue, for the invoice's company
        """
        if watch.accepted:
            self.write({"state": "sent", "failure_reason": False, "failure_type": False})
            return
        state = self._read_invoice_outcome(error, watch)
        address = self.recipient_ids[:1].email or self.email_to or ""
        if state == outcome.FAILED and self._refuse(turn, error, address, self.ar_sending_id.company_id):
            state = outcome.PLANNED
        delay = state == outcome.PLANNED and outcome.retry_delay(self.ar_attempts + 1)
        self.ar_began = state == outcome.UNKNOWN
        if not error and self.state == "outgoing":
            return  # not attempted: Odoo's test mode
        if not delay:
            self.state = "exception"
            return
        moment = fields.Datetime.now() + delay
        self.write({"state": "outgoing", "scheduled_date": moment, "ar_attempts": self.ar_attempts + 1})
        self._set_notifications("ready", False)
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger(moment)

    @api.model
    def _read_invoice_outcome(self, error, watch):
        """Return ``planned`` where it is tried again, ``unknown``, or ``failed``.

        A reply of the mail server is certain: nothing was delivered. Without one, the message may have been delivered
        as soon as its text was on the way.
        """
        if refusal := refusals.read_refusal(error):
            return refusal.outcome[0]
        if isinstance(error, OSError) and not isinstance(error, smtplib.SMTPNotSupportedError):
            return outcome.UNKNOWN if watch.begun else outcome.PLANNED
        return outcome.FAILED

    def _begin_invoice(self, sending):
        """Return whether to deliver now; the delivery of one that was begun before is unknown."""
        sending.invalidate_recordset(["state"])
        mail = self.sudo()  # as in `_send`: who runs the mail queue need not read the invoice's emails
        if mail.state != "outgoing":
            return False
        if mail.ar_began and not is_abandoned(mail):
            return False  # its process is about to lock it
        if mail.ar_began:
            text = self.env._("The process ended during the delivery. Whether the email arrived is not known.")
            mail.write({"state": "exception", "failure_type": "unknown", "failure_reason": text})
            mail._set_notifications("exception", "unknown")
            sending._follow_mails()
            return False
        if not sending._may_leave():
            sending._take_back()
            return False
        mail.ar_began = True
        return True

    def _split_recipients(self):
        """Return these emails with one recipient each; what Odoo makes for many gets an email for each of the others.

        Odoo sends a message to each of them, and keeps one outcome for all. Notifications follow their recipients.
        """
        found = self.env["mail.notification"].sudo().search([("mail_mail_id", "in", self.ids)])  # users have no access
        single = self
        for mail in self:
            recipients = mail.recipient_ids
            others = recipients if mail.email_to or mail.email_cc else recipients[1:]
            for partner in others:
                copy = mail.copy(
                    {
                        "headers": mail.headers,
                        "mail_message_id": mail.mail_message_id.id,
                        "recipient_ids": partner.ids,
                        "email_to": False,
                        "email_cc": False,
                    }
                )
                found.filtered(
                    lambda item, mail=mail, partner=partner: (
                        item.mail_mail_id == mail and item.res_partner_id == partner
                    )
                ).mail_mail_id = copy
                single |= copy
            mail.recipient_ids = recipients - others
        return single

    def _cancel_with_notifications(self):
        """Cancel emails, and their notifications, so that the chatter shows that they were not sent."""
        self.cancel()
        self._set_notifications("canceled", False)

    def _set_notifications(self, status, failure_type):
        """Store a status on the notifications of these emails that were not sent."""
        notifications = self.env["mail.notification"].sudo()  # users have no access
        found = notifications.search([("mail_mail_id", "in", self.ids), ("notification_status", "!=", "sent")])
        found.write({"notification_status": status, "failure_type": failure_type, "failure_reason": False})

    def _postprocess_sent_message(self, success_pids, success_emails, failure_reason=False, failure_type=None):
        """Override of `mail` to keep invoices in the queue while the outgoing mail server cannot be reached."""
        if failure_type:
            # `mail` deletes what has no valid address, and with it the reason.
            self.sudo().filtered("ar_sending_id").auto_delete = False  # as in `_send`
        result = super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type
        )
        if failure_type == "mail_smtp":
            waiting = self.sudo().filtered(lambda mail: mail.ar_sending_id and not mail.ar_began)  # as in `_send`
            for company, mails in waiting.grouped(lambda mail: mail.ar_sending_id.company_id).items():
                text = self.env._(
                    "The mail server cannot be reached (invoices waiting: %(number)s): %(reason)s",
                    number=len(mails),
                    reason=mails[:1].failure_reason,
                )
                self.env["ar.problem"]._report(company, "delivery", text, company=company)
            waiting.write({"state": "outgoing"})
            waiting._set_notifications("ready", False)
            self._record_invoices((self - waiting)._get_invoice_messages())
        return result

    def _get_invoice_messages(self, failure_type=None):
        """Override to leave failures of these emails to the end of the attempt: some are tried again."""
        ours = self.sudo().filtered("ar_sending_id") if failure_type else self.browse()  # as in `_send`
        return super(MailMail, self - ours)._get_invoice_messages(failure_type)
