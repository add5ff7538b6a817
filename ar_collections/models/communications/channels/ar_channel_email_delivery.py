import smtplib

from odoo import Command, api, models

from ....core.communications import outcome, refusals

#: What `mail` stores where it finds no valid address.
ADDRESS_FAILURES = ("mail_email_invalid", "mail_email_missing")


class ArChannelEmailDelivery(models.AbstractModel):
    """The delivery of e-mails: to whom and from whom is decided anew, documents are printed, errors are understood."""

    _inherit = "ar.channel.email"

    # === RIGHT BEFORE DELIVERY === #

    @api.model
    def _prepare_delivery(self, communication):
        """Override to decide anew to whom and from whom the message goes, and to print its documents.

        Who moved to another company, was archived or has another address by now is replaced; where something changed,
        the message is written anew, because it names its reader and its sender.
        """
        changed = self._decide_recipients(communication)
        pending = communication.address_ids.filtered(lambda each: each.state == outcome.PLANNED)
        if not pending:
            return
        user = communication.customer_id.collector_id
        if user != communication.user_id:
            communication.user_id = user
            changed = True
        message = communication.message_id.sudo()  # users have no access to the mail queue
        if changed or self._get_sender(communication) != (message.email_from, message.author_id):
            self._write_anew(communication, pending)
        self._attach_documents(communication)

    @api.model
    def _attach_documents(self, communication):
        """Override to attach them to the message."""
        if not communication.attachment_ids:
            documents = self.env["ar.outreach"]._get_attachments(communication)
            if documents:
                communication.message_id.sudo().attachment_ids = documents  # users have no access to the mail queue

    @api.model
    def _find_unchanged(self, communications):
        """Override to return those whose readers and sender are still the right ones."""
        recipients = self.env["ar.facts"]._read_recipients(communications.customer_id)
        return communications.filtered(lambda each: self._is_unchanged(each, recipients[each.customer_id.id]))

    @api.model
    def _is_unchanged(self, communication, rows):
        """Return whether the readers and the sender of a message that nobody got yet are still the right ones.

        :param list rows: the customer's addresses, best first
        """
        addresses = communication.address_ids.filtered(lambda each: each.state != outcome.CANCELLED)
        if any(each.state != outcome.PLANNED or not each.mail_mail_id for each in addresses):
            return False
        wanted = self._get_wanted(communication, rows)
        if {each.address: each.partner_id.id for each in addresses} != wanted:
            return False
        message = communication.message_id.sudo()  # as in `_prepare_delivery`
        sender = self._get_sender(communication)
        is_same = communication.user_id == communication.customer_id.collector_id
        return is_same and sender == (message.email_from, message.author_id)

    @api.model
    def _decide_recipients(self, communication):
        """Cancel the recipients that are wrong by now and add those that are missing.

        :return: whether there were any
        """
        self.env.flush_all()  # addresses are read with plain SQL
        wanted = self._get_wanted(communication)
        pending = communication.address_ids.filtered(lambda each: each.state == outcome.PLANNED)
        tried = (communication.address_ids - pending).filtered(lambda each: each.state != outcome.CANCELLED)
        for address in tried.mapped("address"):
            wanted.pop(address, None)
        kept = pending.filtered(lambda each: each.mail_mail_id and wanted.get(each.address) == each.partner_id.id)
        missing = {address: partner for address, partner in wanted.items() if address not in kept.mapped("address")}
        # The unique index must see them as cancelled before another contact gets the same address.
        (pending - kept)._cancel().flush_recordset(["state"])
        if pending == kept and not missing:
            return False
        if wanted:
            self._write_recipients(communication, wanted)
        partners = self.env["res.partner"]
        self._create_recipients([(communication, each, partners.browse(missing[each])) for each in missing])
        return True

    @api.model
    def _get_wanted(self, communication, rows=None):
        """Return {address: partner id}: to whom the message goes by the present facts.

        An override keeps the recipients that a person chose.

        :param list rows: the customer's addresses, best first; default: they are read now
        """
        customer = communication.customer_id
        if rows is None:
            rows = self.env["ar.facts"]._read_recipients(customer)[customer.id]
        return self._get_addresses(self._choose_recipients(rows))

    @api.model
    def _write_recipients(self, communication, wanted):
        """Store to whom the message goes now, in the first reader's language.

        :param dict wanted: {address: partner id}
        """
        partner_ids = list(dict.fromkeys(wanted.values()))
        communication.write(
            {
                "recipient_ids": [Command.set(partner_ids)],
                "email_to": ",".join(wanted),
                "lang": self.env["ar.outreach"]._choose_lang(
                    communication.customer_id, self.env["res.partner"].browse(partner_ids[0])
                ),
            }
        )

    @api.model
    def _write_anew(self, communication, pending):
        """Render the message again for its present readers and sender; nobody got it yet.

        :param pending: the recipients that it is delivered to
        """
        communication.invalidate_recordset(["items_html", "pay_html", "contact_html", "agreement_html"])
        self._render(communication)
        message = communication.message_id.sudo()  # as in `_prepare_delivery`
        (values,) = self._prepare_message_vals(communication)
        message.write({name: values[name] for name in ("subject", "body", "email_from", "author_id", "reply_to")})
        message.partner_ids = communication.recipient_ids
        html = self._in_layout(communication)
        pending.mail_mail_id.write({"body_html": html})

    @api.model
    def _drop_outdated(self, communication):
        """Override to cancel the recipients that would not get the message any more."""
        self.env.flush_all()  # addresses are read with plain SQL
        wanted = self._get_wanted(communication)
        communication.address_ids.filtered(lambda each: wanted.get(each.address) != each.partner_id.id)._cancel()

    # === OUTCOME === #

    @api.model
    def _read_outcome(self, recipient, mail, error, watch):
        """Override to understand the errors of `smtplib`.

        A reply of the mail server is certain: nothing was delivered. Without one, the message may have been delivered
        as soon as its text was on the way.
        """
        if refusal := refusals.read_refusal(error):
            return refusal.outcome
        if isinstance(error, OSError) and not isinstance(error, smtplib.SMTPNotSupportedError):
            return (outcome.UNKNOWN if watch.begun else outcome.PLANNED), None
        # Addresses with umlauts are good, but not every mail server takes them.
        if mail.failure_type in ADDRESS_FAILURES and recipient.address.isascii():
            return outcome.FAILED, outcome.ADDRESS
        return outcome.FAILED, outcome.TECHNICAL
