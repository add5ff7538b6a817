import smtplib

from odoo import api, models

from odoo.addons.base.models.ir_mail_server import MailDeliveryException

from ...const import CONTACT_STATES

#: Failures after which the mail server certainly accepted nothing. After another network error it may have.
REFUSALS = (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPResponseException)

ADDRESS_FAILURES = ("mail_email_invalid", "mail_email_missing")


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

    # === DELIVERY === #

    def _begin_delivery(self):
        """Set the state `sending`, if the message may still be sent.

        A message found in state `sending` was left there by a crash during its delivery. Whether it was delivered is
        unknown, so a person is asked instead of sending it twice.

        :return: whether to deliver it now
        """
        self.ensure_one()
        if self.state == "sending":
            self._settle_unknown()
        if self.state != "planned" or not self._check_before_sending():
            return False
        self._log_addresses()
        self._set_state("sending", date_sent=self.company_id._ar_today())
        return True

    def _log_addresses(self):
        """Store the addresses that the message is sent to: they may have changed since it was planned."""
        addresses = ",".join(email for email in self.recipient_ids.mapped("email_normalized") if email)
        if addresses != self.email_to:
            self.email_to = addresses

    def _end_delivery(self, mail, error=None):
        """Store the outcome of a delivery.

        :param mail: the `mail.mail` of the message
        :param error: the exception that the delivery raised, if any
        """
        self.ensure_one()
        if mail.state == "sent":
            # The link to the mail is cleared in the same statement: the mail's deletion would clear it in a second one,
            # which checks the customer's row again and fails where another transaction has changed it.
            self._set_state("sent", mail_mail_id=False)
            mail.unlink()
        elif mail.state == "outgoing":
            # Not attempted: Odoo's test mode, or a mail server that is not available.
            self._set_state("planned")
        else:
            # `ir.mail_server` wraps the network error without setting it as the cause.
            reason = error.__context__ if isinstance(error, MailDeliveryException) else error
            self._end_failed_delivery(mail, reason)

    def _end_failed_delivery(self, mail, reason):
        """Store a failed delivery: as failed, with its steps free again, or as unknown where it may have succeeded.

        :param mail: the `mail.mail` of the message
        :param reason: the exception that the delivery raised, or None where there was no recipient
        """
        if isinstance(reason, OSError) and not isinstance(reason, REFUSALS):
            self._settle_unknown(str(reason))
            return
        bad_address = mail.failure_type in ADDRESS_FAILURES or isinstance(reason, smtplib.SMTPRecipientsRefused)
        self._set_failed("address" if bad_address else "technical", mail.failure_reason)

    def _set_failed(self, failure, reason):
        """Set the state `failed`, and create a task to find a working address.

        :param str failure: one of the values of the field
        :param str reason: the error message
        :return: the communications whose state changed
        """
        failed = self._set_state("failed", failure=failure, failure_reason=reason)
        for communication in failed:
            communication.customer_id._add_task(
                "ar_collections.mail_activity_type_address",
                self.env._("The reminder to %(address)s was not delivered", address=communication.email_to),
            )
        return failed

    def _settle_unknown(self, reason=None):
        """Set the state `unknown`, and create a task to find out about the delivery; nothing is sent again."""
        unknown = self._set_state("unknown", failure_reason=reason)
        unknown.mail_mail_id.filtered(lambda mail: mail.state == "outgoing").cancel()
        for communication in unknown:
            communication.customer_id._add_task(
                "ar_collections.mail_activity_type_unknown",
                self.env._("Check whether “%(subject)s” was delivered", subject=communication.subject),
            )

    def _update_last_contact(self):
        """Update the customers' date of last contact, except on accounts that another transaction has locked.

        These get it with their next run.
        """
        for communication in self.filtered(lambda communication: communication.state in CONTACT_STATES):
            customer = communication.customer_id.try_lock_for_update().with_context(tracking_disable=True)
            customer.write({"last_contact_date": communication.date_sent})

    @api.model
    def _settle_crashed(self, company):
        """Settle as unknown the deliveries of a company that were interrupted by a crash.

        Deliveries in progress are skipped: their worker holds a lock on the row.
        """
        stale = self.sudo().search([("company_id", "=", company.id), ("state", "=", "sending")])
        stale = stale.try_lock_for_update()
        stale._settle_unknown()
        stale._update_last_contact()
