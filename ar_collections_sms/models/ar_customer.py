from odoo import api, fields, models
from odoo.tools import email_normalize, html2plaintext

from .. import const

STOP_TYPE = "ar_collections.mail_activity_type_address"


class ArCustomer(models.Model):
    """Who gets the customer's text messages, and requests to stop."""

    _inherit = "ar.customer"

    sms_hint = fields.Text(
        "SMS", compute="_compute_sms_hint", help="Which contacts get text messages, and why others do not."
    )

    @api.depends("partner_id")
    @api.depends_context("lang")
    def _compute_sms_hint(self):
        """Compute a line for each contact that messages may go to; empty as long as no schedule has a step by SMS."""
        self.env.flush_all()  # addresses are read with plain SQL
        recipients = self.env["ar.facts"]._read_recipients(self)
        ids = {row["id"] for rows in recipients.values() for row in rows}
        # sudo: their names are shown, whatever else the user may read of them.
        names = {partner.id: partner.display_name for partner in self.env["res.partner"].sudo().browse(ids)}
        for customer in self:
            rows = [row for row in recipients[customer.id] if "sms" in row]
            customer.sms_hint = "\n".join(f"{names[row['id']]}: {self._explain_sms(*row['sms'])}" for row in rows)

    @api.model
    def _explain_sms(self, number, obstacle):
        """Return why a contact gets text messages or not, and what to do.

        :param str obstacle: one of ``const``, None: it gets them
        """
        if not obstacle:
            return self.env._("gets SMS by %(number)s", number=number)
        texts = {
            const.NO_NUMBER: self.env._("no phone number"),
            const.WRONG_NUMBER: self.env._("the phone number is not valid: correct it, with the country's code"),
            const.LANDLINE: self.env._("%(number)s cannot get SMS: enter a mobile number", number=number),
            const.NO_CONSENT: self.env._("no consent to SMS: record it on the contact"),
            const.OTHER_NUMBER: self.env._("the consent is for another number: ask again"),
            const.STOPPED: self.env._("%(number)s asked to stop", number=number),
            const.FAILED_BEFORE: self.env._("messages to %(number)s failed: confirm or correct it", number=number),
        }
        return texts[obstacle]

    def _handle_reply(self, message):
        """Override to honor a reply that is nothing but a request to stop."""
        result = super()._handle_reply(message)
        text = html2plaintext(message.body or "")
        address = email_normalize(message.email_from or "")
        words = self.env["ar.sms.stop.word"]
        if address and message.message_type == "email" and words._is_stop(text, by_email=True):
            self._honor_mail_stop(address, text)
        return result

    def _honor_mail_stop(self, address, text):
        """Block the address of a reply, and the numbers of the customer's contacts that have it.

        A stranger cannot end the messages of a customer: the address is one of its own, or a message went to it.
        """
        # sudo: mails arrive without rights on contacts and the log; both are looked up for this customer alone.
        partners = self.env["res.partner"].sudo()
        contacts = partners.search(
            [("commercial_partner_id", "=", self.partner_id.id), ("email_normalized", "=", address)]
        )
        recipients = self.env["ar.communication.recipient"].sudo()  # as above
        own = recipients.search_count(
            [("communication_id.customer_id", "=", self.id), ("address", "=", address)], limit=1
        )
        if contacts or own:
            self.env["ar.email.stop"]._honor(self, address, text, contacts)

    def _note_stop(self, text):
        """Note on the thread that a contact asked to stop, and give the collector a task.

        :param str text: what is noted, in the language of staff
        """
        self._message_log(body=text)
        self._add_task(STOP_TYPE, text)
        self._mark_changed()
