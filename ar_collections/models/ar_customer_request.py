from odoo import models
from odoo.tools import email_normalize
from odoo.tools.misc import format_date


class ArCustomerRequest(models.Model):
    """What customers may ask for on their page besides paying."""

    _inherit = "ar.customer"

    def _take_request(self, language=None, address=None, call=None):
        """Take a customer's wish.

        The language changes at once. Another address or a call is a task for the collector: who holds the link must
        not be able to turn the customer's mail away.

        :param str language: code of an installed language
        :param str address: where reminders shall go
        :param str call: when and where to call, in the customer's words
        """
        self.ensure_one()
        codes = [code for code, _name in self.env["res.lang"].get_installed()]
        if language in codes:
            self.partner_id.sudo().lang = language  # the customer's own wish for the customer's own mails
        wishes = []
        if address and email_normalize(address):
            wishes.append(self.env._("Please send reminders to %(address)s.", address=email_normalize(address)))
        if call:
            wishes.append(self.env._("Please call: %(words)s", words=call[:200]))
        for wish in wishes:
            # It has a task of its own, and is no reason to fall silent.
            self.with_context(ar_no_reply=True).message_post(
                body=wish, author_id=self.partner_id.id, message_type="comment", subtype_xmlid="mail.mt_comment"
            )
        if wishes:
            self._add_task("ar_collections.mail_activity_type_request", " ".join(wishes)[:250])

    def _format_portal_date(self, day):
        """Return the date as the visitor reads dates."""
        return format_date(self.env, day, date_format="medium") if day else ""
