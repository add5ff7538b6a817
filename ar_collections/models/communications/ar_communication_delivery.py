import smtplib

from odoo import api, models

from odoo.addons.base.models.ir_mail_server import MailDeliveryException

from ...const import CONTACT_STATES

#: What a mail server says when it surely took nothing. Another failure on the wire may have been a delivery.
REFUSALS = (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPResponseException)

ADDRESS_FAILURES = ("mail_email_invalid", "mail_email_missing")


class ArCommunicationDelivery(models.Model):
    """From the queue to the customer: the gate, the hand-over and how it ended."""

    _inherit = "ar.communication"

    # === THE GATE === #

    def _check_before_sending(self):
        """Check at the moment of speaking whether the same would still be said; the rest is given up or said anew.

        Notices are checked here, reminders by an override.

        :return: the communications of self that may be spoken now
        """
        active = self.filtered("company_id.ar_active")  # where collections were stopped, all waits
        passed = active.filtered("notice")._check_notices_before_sending()
        return passed.filtered(lambda communication: communication.state == "planned")

    # === THE HAND-OVER === #

    def _begin_delivery(self):
        """Mark the message as being handed over, if it may still go out.

        :return: whether to hand it over. A message found in state `sending` was left by a crash in the middle of
            a hand-over: nobody can tell whether it arrived, so a person is asked instead of sending it twice.
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
        """Log the addresses it really goes to: they may have changed since it was planned."""
        addresses = ",".join(email for email in self.recipient_ids.mapped("email_normalized") if email)
        if addresses != self.email_to:
            self.email_to = addresses

    def _end_delivery(self, mail, error=None):
        """Store how the hand-over of the mail ended.

        :param mail: the `mail.mail` that was sent
        :param error: the exception it ended with, if any
        """
        self.ensure_one()
        if mail.state == "sent":
            # In one statement with the mail's removal: a second one would look at the customer's row again, and fail
            # where somebody wrote on it since.
            self._set_state("sent", mail_mail_id=False)
            mail.unlink()
        elif mail.state == "outgoing":
            # Nothing was tried: Odoo's test mode, or a server that takes no mail now.
            self._set_state("planned")
        else:
            # `ir.mail_server` wraps what happened on the wire without naming it as the cause.
            reason = error.__context__ if isinstance(error, MailDeliveryException) else error
            self._end_failed_delivery(mail, reason)

    def _end_failed_delivery(self, mail, reason):
        """Store a failed hand-over: certain, with its step free again, or unknown.

        :param reason: the exception that ended it, or None where there was nobody to send it to
        """
        if isinstance(reason, OSError) and not isinstance(reason, REFUSALS):
            self._settle_unknown(str(reason))
            return
        bad_address = mail.failure_type in ADDRESS_FAILURES or isinstance(reason, smtplib.SMTPRecipientsRefused)
        self._set_failed("address" if bad_address else "technical", mail.failure_reason)

    def _set_failed(self, failure, reason):
        """Record that the message did not arrive."""
        failed = self._set_state("failed", failure=failure, failure_reason=reason)
        for communication in failed:
            communication.customer_id._add_task(
                "ar_collections.mail_activity_type_address",
                self.env._("The reminder to %(address)s was not delivered", address=communication.email_to),
            )
        return failed

    def _settle_unknown(self, reason=None):
        """Show a message whose fate nobody knows to a person; it is not sent again by itself."""
        unknown = self._set_state("unknown", failure_reason=reason)
        unknown.mail_mail_id.filtered(lambda mail: mail.state == "outgoing").cancel()
        for communication in unknown:
            communication.customer_id._add_task(
                "ar_collections.mail_activity_type_unknown",
                self.env._("Check whether “%(subject)s” was delivered", subject=communication.subject),
            )

    def _update_last_contact(self):
        """Show the contact on the customer, unless somebody is at work on it: then its next run shows it."""
        for communication in self.filtered(lambda communication: communication.state in CONTACT_STATES):
            customer = communication.customer_id.try_lock_for_update().with_context(tracking_disable=True)
            customer.write({"last_contact_date": communication.date_sent})

    @api.model
    def _settle_crashed(self, company):
        """Find hand-overs that a crash interrupted and whose mail is gone; a worker at work holds its row."""
        stale = self.sudo().search([("company_id", "=", company.id), ("state", "=", "sending")])
        stale = stale.try_lock_for_update()
        stale._settle_unknown()
        stale._update_last_contact()
