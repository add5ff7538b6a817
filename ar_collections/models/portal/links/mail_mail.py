from odoo import api, models
from odoo.tools import email_normalize_all

from ....core.portal.links import PAGE_PATH, Key, insert_key, make_key


class MailMail(models.Model):
    """Mails to customers get the key to the customer page at delivery, one for each reader.

    What is stored of a message, its body, its mail in the queue and its log, holds the address of the page only.
    """

    _inherit = "mail.mail"

    def _deliver_to(self, recipient, deliver, session, commit, turn, prepared=None):
        """Override to make the key of this delivery: it exists in this process and in the message only."""
        mail = self.with_context(ar_page_key=make_key())
        return super(MailMail, mail)._deliver_to(recipient, deliver, session, commit, turn, prepared)

    @api.model
    def _prepare_group(self, group):
        """Override to read whom the links are for together; a delivery that is as prepared stores its own."""
        found = super()._prepare_group(group)
        links = self.env["ar.portal.link"]
        for recipient, prepared in found.items():
            log = recipient.communication_id
            whom = log.customer_id, "message", recipient.address, recipient.partner_id, log.message_id
            prepared.values["link"] = links._prepare_vals(*whom)
        return found

    @api.model
    def _begin_delivery(self, communication, recipient, prepared=None):
        """Override to store the link's hash with the state `sending`, which is committed before SMTP.

        A message that reaches its reader holds a link that works, wherever the process ends.
        """
        begins = super()._begin_delivery(communication, recipient, prepared)
        key, links = self.env.context.get("ar_page_key"), self.env["ar.portal.link"]
        if begins and isinstance(key, Key):
            if prepared and prepared.holds:
                links._store(prepared.values["link"], key)
            else:
                whom = communication.customer_id, "message", recipient.address, recipient.partner_id
                links._issue(*whom, self.mail_message_id, key)
        return begins

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        """Override of `mail` to insert the reader's key into the addresses of the customer page."""
        emails = super()._prepare_outgoing_list(mail_server, doc_to_followers)
        key = self.env.context.get("ar_page_key")
        if isinstance(key, Key):  # of this process: what a remote caller passes is plain text
            self._insert_key(emails, key)
        elif self.model == "ar.customer" and any(PAGE_PATH in (email["body"] or "") for email in emails):
            self._insert_keys(emails)
        return emails

    def _insert_keys(self, emails):
        """Insert a key for each reader who belongs to the customer of the thread; the others get none."""
        # The mail queue needs no rights on accounts; the thread is that of the mail.
        customer = self.env["ar.customer"].sudo().browse(self.res_id).exists()
        links = self.env["ar.portal.link"].sudo()  # as the account
        for email in emails if customer else ():
            addresses = email_normalize_all(", ".join([*email["email_to"], *email["email_cc"]]))
            readers = {links._find_contact(customer, address) for address in addresses}
            if len(readers) == 1 and (reader := readers.pop()):  # all addresses belong to one person
                key = links._issue(customer, "message", addresses[0], reader, self.mail_message_id)
                self._insert_key([email], key)

    def _insert_key(self, emails, key):
        # The mail queue needs no rights on accounts.
        base_url = self.env["ar.customer"].sudo().browse(self.res_id).get_base_url()
        for email in emails:
            email["body"] = insert_key(email["body"], base_url, key, "&amp;")
            email["body_alternative"] = insert_key(email["body_alternative"], base_url, key)
