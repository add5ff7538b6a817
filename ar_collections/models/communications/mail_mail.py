import contextlib
import smtplib
from functools import partial

import psycopg2

from odoo import api, models, modules
from odoo.tools.mail import formataddr

from odoo.addons.base.models.ir_mail_server import MailDeliveryException

from .channels.smtp_watch import watch_data


class MailMail(models.Model):
    """Queued e-mails of communications, one for each recipient: each is checked again, and delivered exactly once."""

    _inherit = "mail.mail"

    def _send(self, auto_commit=False, raise_exception=False, **kwargs):
        """Override of `mail` to deliver the mails of communications one by one, each checked before sending.

        Each delivery is committed in two steps, so it needs a transaction of its own, as that of the mail queue.
        """
        recipients = self._get_communication_recipients()
        if not recipients:
            return super()._send(auto_commit=auto_commit, raise_exception=raise_exception, **kwargs)
        others = self - recipients.mail_mail_id
        if others:
            super(MailMail, others)._send(auto_commit=auto_commit, raise_exception=raise_exception, **kwargs)
        testing = bool(modules.module.current_test)
        if not auto_commit and not testing:
            # The caller's transaction must not be committed, so the mail queue delivers them.
            self.env["ar.outreach"]._trigger_mail_queue()
            return True
        if kwargs.get("smtp_session"):
            self.env["ar.problem"]._clear(recipients.company_id, "delivery")  # the mail server is reached
        tried, mails = self.browse(), recipients.mail_mail_id
        while mails:
            communications = mails._deliver_each(not testing, **kwargs)
            tried |= mails
            mails = self._get_added(communications) - tried
        return True

    @api.model
    def _get_added(self, communications):
        """Return the mails that the check before sending added to the queue: replacements and new recipients.

        They are sent in the same run: a mail queue that runs once a day would otherwise find the replacements outdated
        again on each run.

        :param communications: those of this run
        """
        replaced = communications.filtered(lambda communication: communication.cancel_reason == "outdated")
        added = (communications | (replaced and replaced._get_replacements())).address_ids
        pending = added.filtered(lambda recipient: recipient.state == "planned").mail_mail_id
        return pending.filtered(lambda mail: mail.state == "outgoing" and not mail.scheduled_date)

    def _deliver_each(self, commit, post_send_callback=None, **kwargs):
        """Deliver the mails of communications one by one.

        :param bool commit: False only in tests, which roll back
        :param kwargs: what `mail` passes to `_send`, with the ``smtp_session``
        :return: the communications they belong to
        """
        recipients = self._get_communication_recipients()
        problems = self.env["ar.problem"].sudo()  # as the recipients
        failing = problems._search_open(recipients.communication_id.customer_id, "delivery").customer_id
        for recipient in recipients.sorted(lambda each: (each.communication_id.id, each.id)):
            # As a single record, so that the check reads this customer again and not all that are in the queue.
            recipient = recipient.browse(recipient.id)
            mail = recipient.mail_mail_id
            deliver = partial(super()._send.__func__, raise_exception=True, **kwargs)
            mail._deliver_to(recipient, deliver, kwargs.get("smtp_session"), commit)
            if recipient.state == "sent":
                problems._clear(recipient.communication_id.customer_id & failing, "delivery")
            if post_send_callback:
                post_send_callback(mail.ids)
        return recipients.communication_id

    def _deliver_to(self, recipient, deliver, session, commit):
        """Deliver to one recipient: lock, check, set `sending`, commit, send by SMTP, store the outcome, commit.

        After a crash between the two commits, the state `sending` shows that the delivery is unknown.

        :param recipient: the mail's `ar.communication.recipient`
        :param deliver: function that sends a mail as `mail` does, and raises its errors
        :param session: the SMTP session
        :param bool commit: False only in tests, which roll back
        """
        self.ensure_one()
        communication = recipient.communication_id.try_lock_for_update()
        communication.invalidate_recordset(["state"])
        recipient.invalidate_recordset(["state"])
        if not communication or not self._begin_delivery(communication, recipient):
            self._settle(commit)
            return self._show_contact(communication, commit)
        self._settle(commit)  # a crash from here on leaves the state `sending`
        communication = communication.try_lock_for_update()
        if not communication:
            return None
        error, watch = self._attempt(partial(deliver, self), session)
        # `ir.mail_server` wraps the network error without setting it as the cause.
        cause = error.__context__ if isinstance(error, MailDeliveryException) else error
        recipient._end_delivery(self, cause, watch)
        self._settle(commit)
        self._show_contact(communication, commit)
        if isinstance(cause, smtplib.SMTPServerDisconnected) or (error and getattr(session, "sock", self) is None):
            raise error  # the SMTP session is closed; the queue opens another one at its next run
        return None

    @api.model
    def _attempt(self, deliver, session):
        """Call the function that sends a mail; return (its error or None, the :class:`Watch` of the SMTP session)."""
        with watch_data(session) as watch:
            try:
                deliver()
            except psycopg2.Error:
                # The cursor is unusable; by the committed state the next run of the queue knows that it is unknown.
                raise
            except Exception as error:  # stored on the recipient; it must not stop the other mails
                return error, watch
        return None, watch

    @api.model
    def _begin_delivery(self, communication, recipient):
        """Return whether to deliver the communication now, see `ar.communication._begin_delivery`.

        An error of the check is stored on the account and does not stop the other mails.
        """
        try:
            with self.env.cr.savepoint():
                return communication._begin_delivery(recipient)
        except psycopg2.OperationalError:
            raise  # the transaction has failed, not this communication
        except Exception as error:
            self.env.invalidate_all(flush=False)
            self.env["ar.problem"]._report(communication.customer_id, "delivery", error)
            return False

    def _show_contact(self, communication, commit):
        """Update the customer's last contact, apart from the outcome, which a conflict on the account must not undo."""
        with contextlib.suppress(psycopg2.OperationalError), self.env.cr.savepoint():
            communication._update_last_contact()
        self._settle(commit)

    def _get_communication_recipients(self):
        """Return the recipients of communications that these mails are for."""
        # The user who sends mails needs no access to the log.
        return self.env["ar.communication.recipient"].sudo().search([("mail_mail_id", "in", self.ids)])

    def _prepare_outgoing_list(self, **kwargs):
        """Override of `mail` to send communications to the recipient's address, with a readable plain-text part.

        A contact may have several addresses, each of which has a mail of its own. For the text, see `_get_plain_text`.
        """
        emails = super()._prepare_outgoing_list(**kwargs)
        recipient = self._get_communication_recipients()[:1]
        if recipient:
            text = recipient.communication_id._get_plain_text()
            to = formataddr((recipient.partner_id.name or "", recipient.address))
            for email in emails:
                email |= {
                    "body_alternative": text,
                    "email_to": [to],
                    "email_to_normalized": [recipient.address],
                    "email_to_raw": to,
                }
        return emails

    def _settle(self, commit):
        """Flush, and commit if asked to, so that an error of the next mail does not undo what was stored so far."""
        self.env.flush_all()
        if commit:
            self.env.cr.commit()  # pylint: disable=invalid-commit

    def _postprocess_sent_message(self, success_pids, success_emails, failure_reason=False, failure_type=None):
        """Override of `mail` to keep communications in the queue while the outgoing mail server cannot be reached.

        That is one problem of each company, until the server is reached again.
        """
        result = super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type
        )
        if failure_type == "mail_smtp":
            waiting = self._get_communication_recipients().filtered(lambda each: each.state == "planned")
            for company, recipients in waiting.grouped("company_id").items():
                text = self.env._(
                    "The mail server cannot be reached (messages waiting: %(number)s): %(reason)s",
                    number=len(recipients),
                    reason=recipients.mail_mail_id[:1].failure_reason,
                )
                self.env["ar.problem"]._report(company, "delivery", text, company=company)
            waiting.mail_mail_id.write({"state": "outgoing"})
        return result
