import contextlib
import logging
import smtplib
from functools import partial

import psycopg2

from odoo import api, fields, models, modules

from odoo.addons.base.models.ir_mail_server import MailDeliveryException

from ..channels.smtp_watch import watch_data
from ..delivery.prepared import GROUP, VALID_FOR, Prepared

_logger = logging.getLogger(__name__)


class MailMail(models.Model):
    """Queued e-mails of communications, one for each recipient: each is checked again, and delivered once at most.

    For turns that the mail server's refusals end see `mail_mail_turn`.
    """

    _inherit = "mail.mail"

    def _send(
        self,
        auto_commit=False,
        raise_exception=False,
        smtp_session=None,
        alias_domain_id=False,
        mail_server=False,
        post_send_callback=None,
    ):
        """Override of `mail` to deliver the mails of communications one by one, each checked before sending.

        Each delivery is committed in two steps, so it needs a transaction of its own, as that of the mail queue.
        """
        options = {"smtp_session": smtp_session, "alias_domain_id": alias_domain_id, "mail_server": mail_server}
        options["post_send_callback"] = post_send_callback
        recipients = self._get_communication_recipients()
        if not recipients:
            return super()._send(auto_commit=auto_commit, raise_exception=raise_exception, **options)
        others = self - recipients.mail_mail_id
        if others:
            super(MailMail, others)._send(auto_commit=auto_commit, raise_exception=raise_exception, **options)
        testing = bool(modules.module.current_test)
        if not auto_commit and not testing:
            # The caller's transaction must not be committed, so the mail queue delivers them.
            self.env["ar.outreach"]._trigger_mail_queue()
            return True
        turns = self._begin_turns(recipients.company_id, bool(smtp_session))
        tried, mails = self.browse(), recipients.mail_mail_id
        while mails:
            communications = mails._deliver_each(not testing, turns, **options)
            tried |= mails
            mails = self._get_added(communications) - tried
        return True

    def _deliver_each(self, commit, turns, post_send_callback=None, **kwargs):
        """Deliver the mails of communications one by one, prepared in groups.

        :param bool commit: False only in tests, which roll back
        :param dict turns: {company: Turn}
        :param kwargs: what `mail` passes to `_send`, with the ``smtp_session``
        :return: the communications they belong to
        """
        recipients = self._get_communication_recipients()
        recipients.communication_id.fetch(["customer_id"])  # and not the bodies, which fill the memory
        problems = self.env["ar.problem"].sudo()  # as the recipients
        failing = problems._search_open(recipients.communication_id.customer_id, "delivery").customer_id
        deliver = partial(super()._send.__func__, raise_exception=True, **kwargs)
        turn_of = {recipient.id: turns[recipient.company_id] for recipient in recipients}
        queue = [
            # As single records, so that a check reads this customer again and not all that are in the queue.
            (recipient.browse(recipient.id), self.browse(recipient.mail_mail_id.id))
            for recipient in recipients.sorted(lambda each: (each.communication_id.id, each.id))
        ]
        size = GROUP
        deliver_group = partial(self._deliver_group, deliver, kwargs.get("smtp_session"), commit, turn_of)
        while queue := self._leave_rest(queue, turn_of, commit):
            done = []
            try:
                for mail in deliver_group(queue[:size], done):
                    if post_send_callback:
                        post_send_callback(mail.ids)
            except Exception:
                self._end_failed_group(recipients.browse(done), failing, commit)
                raise
            self._end_group(recipients.browse(done), failing, commit)
            queue = queue[len(done) :]
            # As many as were sent before they were too old: fewer where the mail server takes long.
            size = min(2 * size, GROUP) if len(done) == size else len(done)
        return recipients.communication_id

    def _deliver_group(self, deliver, session, commit, turn_of, group, done):
        """Deliver a group of mails and yield each; the rest is left as soon as what was prepared is too old.

        It is left as well when the turn of a company is over.

        :param dict turn_of: {recipient id: Turn of its company}
        :param list group: (recipient, mail)
        :param list done: the ids of the recipients that were tried are added to it
        """
        until = fields.Datetime.now() + VALID_FOR
        prepared = self._prepare_group(group)
        self._settle(commit)  # each delivery sees what happened since
        for recipient, mail in group:
            if done and fields.Datetime.now() > until:
                return
            done.append(recipient.id)
            turn = turn_of[recipient.id]
            mail._deliver_to(recipient, deliver, session, commit, turn, prepared.get(recipient))
            yield mail
            if turn.is_over:
                return

    @api.model
    def _prepare_group(self, group):
        """Return {recipient: Prepared}, see `ar.communication.recipient._prepare_together`.

        Where that fails, each mail is checked alone, and an error is stored on the account that it is about.
        """
        recipients = self.env["ar.communication.recipient"].sudo()  # as in `_get_communication_recipients`
        recipients = recipients.browse([recipient.id for recipient, _mail in group])
        if len(group) == 1:
            return {}
        try:
            with self.env.cr.savepoint():
                return recipients._prepare_together()
        except psycopg2.OperationalError:
            raise  # the transaction has failed, not this group
        except Exception:
            _logger.info("Deliveries are checked one by one.", exc_info=True)
            self.env.invalidate_all(flush=False)
            return {}

    @api.model
    def _end_group(self, recipients, failing, commit):
        """Do what may follow later than the outcome of each delivery, for all of them together.

        After a crash the nightly run does it.

        :param failing: the customers with an open problem of delivery
        """
        sent = recipients.filtered(lambda recipient: recipient.state == "sent")
        if failing:
            # sudo: the mail queue ends problems, which nobody may write, of customers who got a message just now.
            self.env["ar.problem"].sudo()._clear(sent.communication_id.customer_id & failing, "delivery")
        self._show_contact(recipients.communication_id, commit)
        with contextlib.suppress(psycopg2.OperationalError), self.env.cr.savepoint():
            sent.mail_mail_id.try_lock_for_update().unlink()  # what another transaction writes is removed at night
        self._settle(commit)

    def _end_failed_group(self, recipients, failing, commit):
        """End a group whose last delivery raised an error: what that one began is undone, the others are sent.

        Where a process ends, nothing is done: only what was committed counts.
        """
        with contextlib.suppress(psycopg2.Error):  # the session of the database may be lost
            if commit:
                self.env.cr.rollback()
            self._end_group(recipients, failing, commit)

    def _deliver_to(self, recipient, deliver, session, commit, turn, prepared=None):
        """Deliver to one recipient: lock, check, set `sending`, commit, send by SMTP, store the outcome, commit.

        After a crash between the two commits, the state `sending` shows that the delivery is unknown.

        :param recipient: the mail's `ar.communication.recipient`
        :param deliver: function that sends a mail as `mail` does, and raises its errors
        :param session: the SMTP session
        :param bool commit: False only in tests, which roll back
        :param Turn turn: of the mail queue, for this company
        :param Prepared prepared: what was found out about it together with others, if anything
        """
        self.ensure_one()
        communication = recipient._lock_communication()
        begins = communication and self._begin_delivery(communication, recipient, prepared)
        self._settle(commit)  # a crash from here on leaves the state `sending`
        if not begins or not recipient._lock_begun(commit):
            return None
        mail = self.with_context(ar_prepared=prepared) if prepared and prepared.holds else self
        error, watch = self._attempt(partial(deliver, mail), session)
        # `ir.mail_server` wraps the network error without setting it as the cause.
        cause = error.__context__ if isinstance(error, MailDeliveryException) else error
        recipient._end_delivery(self, cause, watch, turn)
        self._settle(commit)
        if recipient.state == "sent":  # after the outcome, which must not depend on it
            self._take(turn, recipient.company_id)
            self._settle(commit)
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
    def _begin_delivery(self, communication, recipient, prepared=None):
        """Return whether to deliver the communication now, see `ar.communication._begin_delivery`.

        An error of the check is stored on the account and does not stop the other mails. One of what was prepared, as
        where a connection pool loses the database's session, is none of the account's: it is checked alone.
        """
        try:
            with self.env.cr.savepoint():
                return communication._begin_delivery(recipient, prepared)
        except Exception as error:
            lost = isinstance(error, psycopg2.errors.InvalidSqlStatementName)  # see `ar.facts._prepare_versions`
            if isinstance(error, psycopg2.OperationalError) and not lost:
                raise  # the transaction has failed, not this communication
            self.env.invalidate_all(flush=False)
            if prepared:
                prepared.holds = False
                _logger.info("A delivery is checked alone: %s", error)
                return MailMail._begin_delivery(self, communication, recipient)
            self.env["ar.problem"]._report(communication.customer_id, "delivery", error)
            return False

    def _show_contact(self, communications, commit):
        """Update the customers' last contact, apart from the outcome, which a conflict on an account must not undo."""
        try:
            with self.env.cr.savepoint():
                communications._update_last_contact()
        except psycopg2.OperationalError:
            if len(communications) > 1:
                for communication in communications:
                    self._show_contact(communication, commit)
        self._settle(commit)

    def _get_communication_recipients(self):
        """Return the recipients of communications that these mails are for."""
        # The user who sends mails needs no access to the log.
        return self.env["ar.communication.recipient"].sudo().search([("mail_mail_id", "in", self.ids)])

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        """Override of `mail` to send communications to the recipient's address, with a readable plain-text part.

        A contact may have several addresses, each of which has a mail of its own. For the text, see `_get_plain_text`.
        """
        emails = super()._prepare_outgoing_list(mail_server, doc_to_followers)
        prepared = self.env.context.get("ar_prepared")
        if isinstance(prepared, Prepared):  # of this process: what a remote caller passes is none
            text, to, address = prepared.text, prepared.to, prepared.address
        elif self.model == "ar.customer" and (recipient := self._get_communication_recipients()[:1]):
            text = recipient.communication_id._get_plain_text()
            to, address = recipient._get_header(), recipient.address
        else:
            return emails
        for email in emails:
            email |= {"body_alternative": text, "email_to": [to], "email_to_normalized": [address], "email_to_raw": to}
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
