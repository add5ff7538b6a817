from odoo import api, fields, models


class ArSmsStop(models.Model):
    """A request to stop, as it came: which number or address, when, and the words. Append only.

    What keeps further messages back is Odoo's own list of blocked numbers or addresses; whoever lifts the block there
    lifts it here.
    """

    _name = "ar.sms.stop"
    _description = "Request to Stop"
    _order = "id desc"
    _rec_name = "value"

    kind = fields.Selection([("phone", "Number"), ("email", "Email Address")], required=True, readonly=True)
    value = fields.Char("From", required=True, readonly=True, index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    partner_ids = fields.Many2many("res.partner", string="Contacts", readonly=True)
    text = fields.Char(readonly=True)
    date = fields.Datetime("Received on", required=True, readonly=True, default=fields.Datetime.now)

    @api.model
    def _honor(self, company, kind, value, text, partners):
        """Block a number or an address at once, and end the consents that go with it.

        Nobody gets a message by a blocked number any more: the accounts of all companies are told. A consent for
        another number of the same contact holds: numbers get new owners. An address is blocked for the company.

        :param company: whose message was answered
        :param str kind: ``phone`` or ``email``
        :param str value: a number in international form, or a normalized address
        :param partners: the contacts that have it
        """
        reason = self.env._("The contact asked to stop: %(text)s", text=text[:80])
        # sudo, here and below: the request comes from outside, nobody is logged in.
        if kind == "email":
            self.env["mail.blacklist"].sudo()._add(value, message=reason)
        elif self.env.user._phone_format(number=value):  # Odoo takes no others, and no message goes to them
            self.env["phone.blacklist"].sudo()._add([value], message=reason)
        self._end_consents(company, kind, value, partners)
        self.sudo().create(
            {
                "kind": kind, "value": value, "company_id": company.id, "partner_ids": partners.ids,
                "text": text[:200],
            }
        )  # fmt: skip
        domain = [("partner_id", "in", partners.commercial_partner_id.ids)]
        if kind == "email":  # other companies go on writing to the address, see `ar.facts._read_bounced`
            domain += [("company_id", "=", company.id)]
        for customer in self.env["ar.customer"].sudo().search(domain):
            customer._note_stop(kind, value)

    @api.model
    def _end_consents(self, company, kind, value, partners):
        """End the consents for a number, or those that the contacts with an address gave to the company."""
        if kind == "phone":
            way, domain = "sms", [("number", "=", value)]
        else:
            way, domain = "reply", [("partner_id", "in", partners.ids), ("company_id", "=", company.id)]
        consents = self.env["ar.sms.consent"].sudo()  # as in `_honor`
        consents.search([("withdrawn_on", "=", False), *domain])._withdraw(way)
