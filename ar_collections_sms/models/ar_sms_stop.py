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
        """Block a number or an address at once, and end the consents of whoever uses it.

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
        way = {"phone": "sms", "email": "reply"}[kind]
        consents = self.env["ar.sms.consent"].sudo()
        domain = [("withdrawn_on", "=", False)]
        domain += ["|", ("partner_id", "in", partners.ids), ("number", "=", value)]
        consents.search(domain)._withdraw(way)
        self.sudo().create(
            {
                "kind": kind, "value": value, "company_id": company.id, "partner_ids": partners.ids,
                "text": text[:200],
            }
        )  # fmt: skip
        customers = self.env["ar.customer"].sudo().search([("partner_id", "in", partners.commercial_partner_id.ids)])
        for customer in customers:
            customer._note_stop(kind, value)
