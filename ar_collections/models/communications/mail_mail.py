import contextlib
import smtplib
from functools import partial

import psycopg2

from odoo import api, models, modules


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _send(self, auto_commit=False, raise_exception=False, **kwargs):
        """Override of `mail` to hand reminders over one by one, each through the gate and exactly once."""
        # The log belongs to the engine; whoever works the queue settles it.
        communications = self.env["ar.communication"].sudo().search([("mail_mail_id", "in", self.ids)])
        if not communications:
            return super()._send(auto_commit=auto_commit, raise_exception=raise_exception, **kwargs)
        others = self - communications.mail_mail_id
        if others:
            super(MailMail, others)._send(auto_commit=auto_commit, raise_exception=raise_exception, **kwargs)
        testing = bool(modules.module.current_test)
        if not auto_commit and not testing:
            # Somebody else's transaction: the mark before the hand-over could not be kept. The queue does it.
            self.env["ar.outreach"]._trigger_mail_queue()
            return True
        progress = kwargs.pop("post_send_callback", None)
        for communication in communications.sorted("id"):
            # Alone, so that the gate reads one customer anew, not all that are in the queue.
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
        """Send in the same turn what the gate wrote anew: a queue that turns once a day would write it anew daily."""
        replaced = communications.filtered(lambda communication: communication.cancel_reason == "outdated")
        if replaced:
            mails = replaced._get_replacements().mail_mail_id.filtered(lambda mail: mail.state == "outgoing") - self
            mails._send(auto_commit=auto_commit, **kwargs)

    def _send_reminder(self, communication, deliver, commit):
        """Hand one reminder over: lock, gate, mark, commit, SMTP, result, commit.

        :param communication: the mail's `ar.communication`
        :param deliver: sends this mail as `mail` does, and raises what goes wrong
        :param bool commit: False only in tests, which roll back
        """
        self.ensure_one()
        communication = communication.try_lock_for_update()
        communication.invalidate_recordset(["state"])
        if not communication or not self._begin_delivery(communication):
            self._settle(commit)
            return self._show_contact(communication, commit)
        self._settle(commit)  # from here on a crash leaves the mark
        communication = communication.try_lock_for_update()
        if not communication:
            return None
        error = None
        try:
            deliver()
        except psycopg2.Error:
            # The cursor is lost; the committed mark tells the next turn of the queue that this one's fate is unknown.
            raise
        except Exception as exception:  # one mail's failure is stored with it and stops no other
            error = exception
        communication._end_delivery(self, error)
        self._settle(commit)
        self._show_contact(communication, commit)
        if isinstance(error, smtplib.SMTPServerDisconnected):
            raise error  # the session is dead: the queue opens another at its next turn
        return None

    @api.model
    def _begin_delivery(self, communication):
        """Mark the reminder, if it may still go out; what goes wrong at the gate is stored and stops no other mail."""
        try:
            with self.env.cr.savepoint():
                return communication._begin_delivery()
        except psycopg2.OperationalError:
            raise  # the transaction is lost, not this reminder
        except Exception as error:
            self.env.invalidate_all(flush=False)
            communication.customer_id._store_run_error(error)
            return False

    def _show_contact(self, communication, commit):
        """Show the contact on the customer, apart from the result: whoever works on the customer cannot spoil that."""
        with contextlib.suppress(psycopg2.OperationalError), self.env.cr.savepoint():
            communication._update_last_contact()
        self._settle(commit)

    def _prepare_outgoing_list(self, **kwargs):
        """Override of `mail` to give reminders a text part that reads well."""
        emails = super()._prepare_outgoing_list(**kwargs)
        # As in `_send`.
        communication = self.env["ar.communication"].sudo().search([("mail_mail_id", "=", self.id)], limit=1)
        if communication.body:
            text = communication._get_plain_text()
            for email in emails:
                email["body_alternative"] = text
        return emails

    def _settle(self, commit):
        """Keep what was stored so far, whatever happens to the next mail."""
        self.env.flush_all()
        if commit:
            self.env.cr.commit()  # pylint: disable=invalid-commit

    def _postprocess_sent_message(self, success_pids, success_emails, failure_reason=False, failure_type=None):
        """Override of `mail` to keep reminders in the queue while the outgoing mail server is out of reach."""
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
