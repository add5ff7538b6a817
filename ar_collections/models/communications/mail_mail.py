import contextlib
import smtplib
from functools import partial

import psycopg2

from odoo import api, models, modules


class MailMail(models.Model):
    """Queued e-mails of communications: each is checked again, and delivered exactly once."""

    _inherit = "mail.mail"

    def _send(self, auto_commit=False, raise_exception=False, **kwargs):
        """Override of `mail` to deliver the mails of communications one by one, each checked before sending.

        Each delivery is committed in two steps, so it needs a transaction of its own, as that of the mail queue.
        """
        # The user who sends mails needs no access to the log.
        communications = self.env["ar.communication"].sudo().search([("mail_mail_id", "in", self.ids)])
        if not communications:
            return super()._send(auto_commit=auto_commit, raise_exception=raise_exception, **kwargs)
        others = self - communications.mail_mail_id
        if others:
            super(MailMail, others)._send(auto_commit=auto_commit, raise_exception=raise_exception, **kwargs)
        testing = bool(modules.module.current_test)
        if not auto_commit and not testing:
            # The caller's transaction must not be committed, so the mail queue delivers them.
            self.env["ar.outreach"]._trigger_mail_queue()
            return True
        progress = kwargs.pop("post_send_callback", None)
        for communication in communications.sorted("id"):
            # As a single record, so that the check reads this customer again and not all that are in the queue.
            communication = communication.browse(communication.id)
            mail = communication.mail_mail_id
            deliver = partial(super(MailMail, mail)._send, raise_exception=True, **kwargs)
            mail._send_reminder(communication, deliver, not testing)
            if progress:
                progress(mail.ids)
        self._send_replacements(communications, auto_commit, **kwargs)
        return True

    @api.model
    def _send_replacements(self, communications, auto_commit, **kwargs):
        """Send, in the same run, the messages that the check created to replace outdated ones.

        A mail queue that runs once a day would otherwise find them outdated again on each run.

        :param communications: those of this run
        """
        replaced = communications.filtered(lambda communication: communication.cancel_reason == "outdated")
        if replaced:
            mails = replaced._get_replacements().mail_mail_id.filtered(lambda mail: mail.state == "outgoing") - self
            mails._send(auto_commit=auto_commit, **kwargs)

    def _send_reminder(self, communication, deliver, commit):
        """Deliver one communication: lock, check, set `sending`, commit, send by SMTP, store the outcome, commit.

        After a crash between the two commits, the state `sending` shows that the delivery is unknown.

        :param communication: the mail's `ar.communication`
        :param deliver: function that sends this mail as `mail` does, and raises its errors
        :param bool commit: False only in tests, which roll back
        """
        self.ensure_one()
        communication = communication.try_lock_for_update()
        communication.invalidate_recordset(["state"])
        if not communication or not self._begin_delivery(communication):
            self._settle(commit)
            return self._show_contact(communication, commit)
        self._settle(commit)  # a crash from here on leaves the state `sending`
        communication = communication.try_lock_for_update()
        if not communication:
            return None
        error = None
        try:
            deliver()
        except psycopg2.Error:
            # The cursor is unusable; by the committed state the next run of the queue knows that it is unknown.
            raise
        except Exception as exception:  # stored on the communication; it must not stop the other mails
            error = exception
        communication._end_delivery(self, error)
        self._settle(commit)
        self._show_contact(communication, commit)
        if isinstance(error, smtplib.SMTPServerDisconnected):
            raise error  # the SMTP session is closed; the queue opens another one at its next run
        return None

    @api.model
    def _begin_delivery(self, communication):
        """Return whether to deliver the communication now, see `ar.communication._begin_delivery`.

        An error of the check is stored on the account and does not stop the other mails.
        """
        try:
            with self.env.cr.savepoint():
                return communication._begin_delivery()
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

    def _prepare_outgoing_list(self, **kwargs):
        """Override of `mail` to replace the plain-text part of communications, see `_get_plain_text`."""
        emails = super()._prepare_outgoing_list(**kwargs)
        # As in `_send`.
        communication = self.env["ar.communication"].sudo().search([("mail_mail_id", "=", self.id)], limit=1)
        if communication.body:
            text = communication._get_plain_text()
            for email in emails:
                email["body_alternative"] = text
        return emails

    def _settle(self, commit):
        """Flush, and commit if asked to, so that an error of the next mail does not undo what was stored so far."""
        self.env.flush_all()
        if commit:
            self.env.cr.commit()  # pylint: disable=invalid-commit

    def _postprocess_sent_message(self, success_pids, success_emails, failure_reason=False, failure_type=None):
        """Override of `mail` to keep communications in the queue while the outgoing mail server cannot be reached."""
        result = super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type
        )
        if failure_type == "mail_smtp":
            waiting = (
                self.env["ar.communication"]
                .sudo()
                .search(  # as in `_send`
                    [("mail_mail_id", "in", self.ids), ("state", "=", "planned")]
                )
            )
            waiting.mail_mail_id.write({"state": "outgoing"})
        return result
