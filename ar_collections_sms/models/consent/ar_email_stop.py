from odoo import api, models
from odoo.tools import plaintext2html

from ...const import TEXT_KEPT


class ArEmailStop(models.Model):
    """A reply by email that is nothing but a stop word ends the text messages as well."""

    _inherit = "ar.email.stop"

    @api.model
    def _honor(self, customer, address, text, partners):
        """Keep the request of an address at once, and end the consents of the contacts that have it.

        Other companies go on writing to the address, and their consents hold.

        :param customer: account that the reply came to
        :param str address: normalized
        :param str text: the words of the request
        :param partners: the contacts of the customer that have the address
        """
        reason = self.env._("The contact asked to stop: %(text)s", text=text[:80])
        company, reader = customer.company_id, customer._in_staff_language()
        self._keep(company, [address], plaintext2html(reason), {"text": text[:TEXT_KEPT]})
        consents = self.env["ar.sms.consent"].sudo()  # the request comes from outside, nobody is logged in
        consents._end([("partner_id", "in", partners.ids), ("company_id", "=", company.id)], "reply")
        customer._note_stop(
            reader.env._("%(value)s asked to stop: no more emails or SMS are sent to it", value=address)
        )
