from odoo import api, fields, models

from ...const import TEXT_KEPT


class ArSmsStop(models.Model):
    """A request to stop by text message, as it came: which number, when, and the words. Append only.

    What keeps further messages back is Odoo's own list of blocked numbers; whoever lifts the block there lifts it here.
    Requests by email are rows of `ar.email.stop`.
    """

    _name = "ar.sms.stop"
    _description = "Request to Stop"
    _order = "id desc"
    _rec_name = "value"

    value = fields.Char("From", required=True, readonly=True, index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    partner_ids = fields.Many2many("res.partner", string="Contacts", readonly=True)
    text = fields.Char(readonly=True)
    date = fields.Datetime("Received on", required=True, readonly=True, default=fields.Datetime.now)

    @api.model
    def _honor_number(self, company, number, text, partners):
        """Block a number at once, and end the consents for it.

        Nobody gets a message by a blocked number any more: the accounts of all companies are told. A consent for
        another number of the same contact holds: numbers get new owners.

        :param company: whose message was answered
        :param str number: in international form
        :param partners: the contacts that have it
        """
        reason = self.env._("The contact asked to stop: %(text)s", text=text[:80])
        # sudo, here and below: the request comes from outside, nobody is logged in.
        if self.env.user._phone_format(number=number):  # Odoo takes no others, and no message goes to them
            self.env["phone.blacklist"].sudo()._add([number], message=reason)
        self.env["ar.sms.consent"].sudo()._end([("number", "=", number)], "sms")
        self.sudo().create(
            {"value": number, "company_id": company.id, "partner_ids": partners.ids, "text": text[:TEXT_KEPT]}
        )
        customers = self.env["ar.customer"].sudo()  # as above; each is told that no more is sent
        for customer in customers.search([("partner_id", "in", partners.commercial_partner_id.ids)]):
            reader = customer._in_staff_language()
            customer._note_stop(reader.env._("%(value)s asked to stop: no more SMS are sent to it", value=number))
