from odoo import api, fields, models
from odoo.tools import plaintext2html


class ArEmailStop(models.Model):
    """A request for no more e-mails, which a person confirmed or a stop word alone said: address, company, and when.

    It counts for this company, as long as Odoo's own list has the address: whoever takes it off there ends it here.
    """

    _name = "ar.email.stop"
    _inherit = ["ar.access.mixin"]
    _description = "Request for No More Emails"
    _order = "id desc"
    _rec_name = "address"

    address = fields.Char(required=True, readonly=True, index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    text = fields.Char("Words", readonly=True, help="What was written, where a stop word alone was the request.")
    reply_id = fields.Many2one("ar.reply", readonly=True, index="btree_not_null", ondelete="set null")
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    ended_on = fields.Datetime("Ended", readonly=True)

    @api.model
    def _record(self, reply, addresses):
        """Keep that addresses want no e-mails of a company any more, and put them on Odoo's list.

        :param reply: `ar.reply` that a person confirmed; the caller checked the role
        :param addresses: normalized e-mail addresses
        """
        text = self.env._(
            "No more emails to %(address)s, as asked for. Claims can still be sent by letter.",
            address=", ".join(addresses),
        )
        self._keep(reply.company_id, addresses, plaintext2html(text), {"reply_id": reply.id})
        reply.customer_id.message_post(body=text, subtype_xmlid="mail.mt_note")
        reply.customer_id._mark_changed()

    @api.model
    def _keep(self, company, addresses, reason, vals):
        """Keep the requests of addresses that have none of this company yet; put the addresses on Odoo's list.

        :param addresses: normalized e-mail addresses
        :param reason: why, as HTML, for Odoo's list
        :param dict vals: where the request is from: ``reply_id`` or ``text``
        """
        stops = self.sudo()  # nobody may create or change them; Odoo keeps its list for administrators
        known = stops.search([("company_id", "=", company.id), ("address", "in", addresses), ("ended_on", "=", False)])
        stops.create(
            [
                {"address": address, "company_id": company.id, **vals}
                for address in addresses
                if address not in known.mapped("address")
            ]
        )
        for address in addresses:
            # sudo: as above; a request is honored whoever reads it, and can only stop emails to this address.
            self.env["mail.blacklist"].sudo()._add(address, message=reason)

    @api.model
    def _end(self, addresses):
        """Note that addresses were taken off Odoo's list."""
        stops = self.sudo().search([("address", "in", addresses), ("ended_on", "=", False)])  # of all companies
        stops.ended_on = fields.Datetime.now()
