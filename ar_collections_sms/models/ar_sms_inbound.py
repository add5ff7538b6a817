from odoo import api, models
from odoo.tools import plaintext2html

from ..const import TEXT_MAX
from ..numbers import clean

#: Under which names gateways send number and text.
NUMBER_NAMES = ("from", "msisdn", "sender", "originator", "number")
TEXT_NAMES = ("body", "text", "message", "content")

#: And the identifier of the message. A plain "id" may be that of the account.
ID_NAMES = ("messagesid", "smsmessagesid", "smssid", "messageid", "message_id", "message-id", "msgid")


class ArSmsInbound(models.AbstractModel):
    """Text messages from outside: requests to stop are honored at once, others become replies of the customer."""

    _name = "ar.sms.inbound"
    _description = "Incoming Text Messages"

    @api.model
    def _read(self, values):
        """Return (number in international form, text, identifier) of what a gateway sent; empty where it has none.

        Gateways that leave out the plus sign of the number are understood.

        :param dict values: names and values of the request; the case of names does not matter
        """
        plain = {str(name).casefold(): value for name, value in values.items() if isinstance(value, str)}
        number = next((plain[name].strip() for name in NUMBER_NAMES if plain.get(name)), "")
        text = next((plain[name] for name in TEXT_NAMES if plain.get(name)), "")
        if number.isdigit() and not number.startswith("0"):
            number = f"+{number}"
        # Half a character, as JSON can have it, cannot be stored.
        text = text.encode(errors="replace").decode()
        identifier = next((plain[name] for name in ID_NAMES if plain.get(name)), "")
        identifier = identifier.encode(errors="replace").decode()
        return clean(number), text.replace("\x00", "")[:TEXT_MAX].strip(), identifier

    @api.model
    def _receive(self, company, number, text, identifier=""):
        """Handle a message; the caller checked the gateway's key.

        All contacts that share the number are taken to have stopped. Nothing in a message gives a consent. A message
        that a gateway sends once more is left out.

        :param str number: in international form
        :param str identifier: the gateway's, if it has one
        """
        # sudo: as below.
        if not self.env["ar.sms.received"].sudo()._is_new(company, number, text, identifier):
            return
        partners = self._find_partners(company, number)
        if self.env["ar.sms.stop.word"]._is_stop(text):
            self.env["ar.sms.stop"]._honor_number(company, number, text, partners)
        elif partners and text:
            self._post_reply(company, number, partners, text)

    @api.model
    def _find_partners(self, company, number):
        """Return the contacts that have the number, agreed to messages by it, or got one."""
        # sudo: the gateway has no user; it sees nothing of what is found.
        contacts = self.env["res.partner"].sudo().search([("phone_sanitized", "=", number)], order="id")
        recipients = self._search_sent(company, number)
        consents = self.env["ar.sms.consent"].sudo()  # as above
        # One that ended may be that of an earlier owner of the number.
        consents = consents.search([("number", "=", number), ("withdrawn_on", "=", False)])
        return contacts | recipients.partner_id | consents.partner_id

    @api.model
    def _search_sent(self, company, number):
        """Return the company's messages to a number, the last one first."""
        recipients = self.env["ar.communication.recipient"].sudo()  # as above
        domain = [("company_id", "=", company.id), ("address", "=", number), ("sms_uuid", "!=", False)]
        return recipients.search(domain, order="id desc", limit=20)

    @api.model
    def _post_reply(self, company, number, partners, text):
        """Post the message on the thread of the account that was written to last, as a reply of the contact."""
        last = self._search_sent(company, number)[:1]
        customer = last.communication_id.customer_id._get_survivor() if last else None
        if not customer:
            customers = self.env["ar.customer"].sudo()  # as above
            domain = [("company_id", "=", company.id), ("partner_id", "in", partners.commercial_partner_id.ids)]
            customer = customers.search(domain, order="id", limit=1)
        if customer:
            author = last.partner_id or partners[:1]
            customer.message_post(
                body=plaintext2html(text), message_type="comment", author_id=author.id, subtype_xmlid="mail.mt_comment"
            )
