import datetime

import pytz

from odoo import api, fields, models

from ....core.communications import outcome
from ...customers.core_flow import ignore_failure
from .begun import is_abandoned, read_limit

UNKNOWN_TYPE = "ar_collections.mail_activity_type_unknown"


class ArCommunicationDelivery(models.Model):
    """The delivery of communications: the check before sending, the delivery itself and its outcome."""

    _inherit = "ar.communication"

    # === CHECK BEFORE SENDING === #

    def _check_before_sending(self):
        """Check, at the moment of sending, whether the communications of self are still valid.

        Notices are checked here. An override checks its own kind of communication, cancels or replaces those that are
        no longer valid, and returns the valid ones together with the result of `super`.

        :return: the communications of self that may be sent now
        """
        active = self.filtered("company_id.ar_active")  # where collections were deactivated, all of them wait
        passed = active.filtered("notice")._check_notices_before_sending()
        return passed.filtered(lambda communication: communication.state == "planned")

    def _find_unchanged(self):
        """Return the communications of self that `_check_before_sending` would pass as they are; write nothing.

        Extension point: it is asked for many at once, and the check is left out for what it returns, as long as nothing
        changes. Who overrides the check overrides this as well. None here: notices are checked alone.
        """
        return self.browse()

    def _with_failures(self):
        """Return those to customers with a recipient that failed: whether its address still counts depends on others.

        An address is not used any more once messages to others were sent, see `ar.facts._read_refused`.
        """
        # sudo: the whole log counts, whoever runs the mail queue; only which of self is told.
        recipients = self.env["ar.communication.recipient"].sudo()
        failed = recipients.search(
            [("communication_id.customer_id", "in", self.customer_id.ids), ("state", "=", outcome.FAILED)]
        )
        customers = failed.communication_id.customer_id
        return self.filtered(lambda communication: communication.customer_id in customers)

    def _is_as_prepared(self, prepared):
        """Return whether what was found out together with others is still true, in this transaction.

        :param Prepared prepared: or None
        """
        if not prepared or fields.Datetime.now() > prepared.until:
            return False
        left_out, version = 0, prepared.version
        if self.state != "planned":  # the rest of the recipients get it as the first did, or it is checked alone
            left_out, version = self.id, prepared.rest
            if not version or self.state != "sending" or self.date_sent != prepared.today:
                return False
        return self.env["ar.facts"]._read_version(self.customer_id, prepared.statement, left_out) == version

    def _is_rest_valid(self):
        """Return whether the recipients that are left may get this message, which others got already.

        They get it on the same day and unchanged, or not at all: their next message follows in its time. An override
        checks its own kind of communication.
        """
        self.ensure_one()
        if not self.company_id.ar_active or self.date_sent != self.company_id._ar_today():
            return False
        return not self.notice or self._is_notice_valid()

    def _defer(self, day):
        """Leave the queued e-mails to the hour of the run on a day, by the company's time zone; they are checked again.

        Not to midnight: the books are as the manager wants them at that hour.

        :param date day: the next one on which the customer may be contacted
        """
        for company, group in self.grouped("company_id").items():
            pending = group.address_ids.filtered(lambda recipient: recipient.state == outcome.PLANNED)
            pending.mail_mail_id.write({"scheduled_date": self._get_start(company, day, company.ar_run_hour)})

    @api.model
    def _get_start(self, company, day, hour=0):
        """Return the moment (UTC) at which a day, or an hour of it, starts in the company's time zone."""
        zone = company._ar_now().tzinfo.zone
        start = pytz.timezone(zone).localize(datetime.datetime.combine(day, datetime.time(hour)))
        return start.astimezone(pytz.utc).replace(tzinfo=None)

    def _pass_attempts(self, replacements):
        """Let messages that replace those of self go on counting what the server refused for now, by address.

        A message that is written anew each day would otherwise never be given up.
        """
        tried = self.address_ids.filtered("attempts")
        if not tried:
            return
        attempts = {(each.communication_id.customer_id, each.address): each.attempts for each in tried}
        for recipient in replacements.address_ids:
            recipient.attempts = attempts.get((recipient.communication_id.customer_id, recipient.address), 0)

    # === DELIVERY === #

    def _begin_delivery(self, recipient, prepared=None):
        """Set a recipient to `sending`, if the message may still be sent to it.

        :param recipient: one of `address_ids`
        :param Prepared prepared: what was found out about it together with others
        :return: whether to deliver it now
        """
        self.ensure_one()
        if not self._settle_left():
            return False
        if recipient.state != outcome.PLANNED:
            recipient._cancel_mails()
            return False
        if self._is_as_prepared(prepared):
            prepared.holds = True
            if self.state == "planned":
                self._get_channel()._attach_documents(self)
        elif self.state == "planned":
            if not self._check_before_sending():
                return False
            self._get_channel()._prepare_delivery(self)
        elif self.state != "sending" or not self._is_rest_valid():
            self.address_ids._cancel()
        else:
            self._get_channel()._drop_outdated(self)
        if recipient.state != outcome.PLANNED:
            self._follow_recipients()
            return False
        recipient._set_state(outcome.SENDING)
        if self.state != "sending":
            today = prepared.today if prepared and prepared.holds else self.company_id._ar_today()
            self._set_state("sending", date_sent=today)
        return True

    def _settle_left(self):
        """Settle as unknown the recipients that a crash left in state `sending`; return False where one is in progress.

        Whether the message was delivered is unknown, so a person is asked instead of sending it twice. Where the
        delivery has just begun, its process may be about to lock it again: the message is left to that one, and to a
        later run of the queue.
        """
        begun = self.address_ids.filtered(lambda each: each.state == outcome.SENDING)
        if not all(map(is_abandoned, begun)):
            return False
        if begun:
            begun._settle_unknown()
            self._follow_recipients()
        return True

    def _follow_recipients(self):
        """Set the state that follows from the recipients, see `core.communications.outcome`.

        A communication whose last recipient failed frees its steps; for one whose delivery is unknown, or which has
        nobody to go to any more, the collector gets a task.
        """
        for communication in self:
            state = outcome.communication_state(communication.address_ids.mapped("state"))
            if state in (None, communication.state) or communication.state in ("cancelled", "skipped"):
                continue
            if state == outcome.FAILED:
                communication._set_state(state, **communication._get_failure_vals())
            elif state == outcome.UNKNOWN:
                unknown = communication.address_ids.filtered(lambda each: each.state == outcome.UNKNOWN)
                communication._settle_unknown(unknown[:1].failure_reason)
            elif state == outcome.CANCELLED:
                communication._cancel("no_address")
                self.env["ar.outreach"]._add_address_task(communication.customer_id)
            else:
                communication._set_state(state)

    @api.model
    def _receive_bounce(self, messages, address, failure):
        """Mark the recipients of communications whose message came back.

        Extension point: an override does the same for other messages.

        :param messages: `mail.message` that came back
        :param str address: as in `_mark_bounced`
        :param str failure: as in `_mark_bounced`
        """
        for communication in self.search([("message_id", "in", messages.ids)]):
            with ignore_failure(self.env, "marking a communication as returned"):
                communication._mark_bounced(address, failure)

    def _mark_bounced(self, address, failure):
        """Set the recipient whose address bounced to failed, and what follows for the communication.

        A forwarded message bounces with an address that is none of ours: it is that of the only recipient, or of one of
        several, which a person finds out.

        :param str address: the normalized address that the returned message names, may be empty
        :param str failure: whether the address is wrong, see `core.communications.refusals`
        """
        self.ensure_one()
        reached = self.address_ids.filtered(lambda each: each.state in (outcome.SENT, outcome.UNKNOWN))
        known = self.address_ids.filtered(lambda each: each.address == address)
        bounced = (known or (self.address_ids if len(self.address_ids) == 1 else known)) & reached
        if bounced:
            bounced._set_failed(failure, self.env._("The message was returned as undeliverable."))
            self._follow_recipients()
        elif reached and not known:
            reader = self.customer_id._in_staff_language()
            reader._add_task(
                "ar_collections.mail_activity_type_address",
                reader.env._(
                    "The message to one of %(addresses)s was returned as undeliverable", addresses=self.email_to
                ),
            )

    def _get_failure_vals(self):
        """Return failure and reason of a communication that reached nobody; a wrong address comes first."""
        failed = self.address_ids.filtered(lambda recipient: recipient.state == outcome.FAILED)
        first = failed.sorted(lambda recipient: (recipient.failure != outcome.ADDRESS, recipient.id))[:1]
        return {"failure": first.failure, "failure_reason": first.failure_reason}

    def _settle_unknown(self, reason=None):
        """Set the state `unknown`; nothing is sent until a person has found out about the delivery."""
        self._set_state("unknown", failure_reason=reason)._update_unknown_tasks()

    def _update_unknown_tasks(self):
        """Let one task of each customer list the deliveries that are unknown; without any, it is done."""
        kind = self.env.ref(UNKNOWN_TYPE)
        for customer, unknown in self._search_unknown().items():
            if not unknown:
                customer._close_tasks(UNKNOWN_TYPE)
                continue
            subjects = ", ".join(f"“{subject}”" for subject in unknown.mapped("subject"))
            reader = customer._in_staff_language()
            text = reader.env._("Check whether %(subjects)s was delivered", subjects=subjects)
            if len(unknown) > 1:
                text = reader.env._("Check whether these were delivered: %(subjects)s", subjects=subjects)
            customer._add_task(UNKNOWN_TYPE, text)
            tasks = customer.sudo().activity_ids.filtered(lambda task: task.activity_type_id == kind)  # of colleagues
            for task in tasks:
                if task.summary != text:
                    task.summary = text

    def _search_unknown(self):
        """Return {customer: its communications whose delivery is unknown, oldest first} for the customers of self."""
        log = self.sudo().search(  # the whole log counts, whatever the user may read
            [("customer_id", "in", self.customer_id.ids), ("state", "=", "unknown")], order="id"
        )
        return {
            customer: log.filtered(lambda each, own=customer: each.customer_id == own) for customer in self.customer_id
        }

    def _update_last_contact(self):
        """Move the customers' date of last contact on, except on accounts that another transaction has locked.

        These get it with their next run, which looks at the same messages.
        """
        reached = self.filtered(lambda communication: communication._is_contact())
        # Users may not write when a customer was contacted.
        customers = reached._get_accounts().sudo().try_lock_for_update().with_context(tracking_disable=True)
        customers.fetch(["last_contact_date"])  # alone, because reading an account reads all of it
        for day, group in reached.sorted("date_sent").grouped("date_sent").items():
            before = [("last_contact_date", "=", False), ("last_contact_date", "<", day)]
            (customers & group._get_accounts()).filtered_domain(["|", *before]).last_contact_date = day

    @api.model
    def _settle_crashed(self, company):
        """Settle as unknown the deliveries of a company that were interrupted by a crash.

        Deliveries in progress are skipped: their worker holds a lock on the row, or has just begun. Recipients that
        wait for another attempt, while others got the message, are left to the queue.
        """
        limit = read_limit(self.env)
        begun = [("state", "=", outcome.SENDING), ("write_date", ">", limit)]
        domain = [
            ("company_id", "=", company.id),
            ("state", "=", "sending"),
            ("write_date", "<=", limit),
            ("address_ids", "not any", begun),
        ]
        # sudo: the run settles what a crash left in the log, which nobody may write, for all customers of the company.
        stale = self.sudo().search(domain).try_lock_for_update()
        stale.address_ids.filtered(lambda each: each.state == outcome.SENDING)._settle_unknown()
        # Those that are in no queue nobody would attempt again.
        stale.address_ids.filtered(lambda each: each.state == outcome.PLANNED and not each._is_in_queue())._cancel()
        stale._follow_recipients()
        stale.filtered(lambda each: not each.address_ids)._settle_unknown()
        stale._update_last_contact()
        self.env["ar.communication.recipient"]._remove_delivered(company)
