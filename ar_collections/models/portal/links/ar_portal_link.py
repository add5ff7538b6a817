import contextlib
import datetime

import psycopg2

from odoo import api, fields, models
from odoo.tools import SQL, email_normalize_all
from odoo.tools.mail import formataddr

from ....const import LINK_ORIGINS
from ....core.portal.links import hash_key, make_key

#: Maximum number of new links sent in a day to one address of a customer.
REQUESTS_PER_DAY = 3

#: How long links that have ended are kept: as long, their holder can ask for a new one.
KEPT_DAYS = 730


class ArPortalLink(models.Model):
    """A link to the customer page: whom it was made for, until when it is valid, and the hash of its key.

    Who has the key may act for the customer, so it is stored nowhere: it is made when a message leaves, and is only in
    that message. A link ends on its day, when staff revokes it, and when its contact leaves the customer.
    """

    _name = "ar.portal.link"
    _inherit = "ar.access.mixin"
    _description = "Link to the Customer Page"
    _order = "id desc"
    _rec_name = "address"

    customer_id = fields.Many2one("ar.customer", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    address = fields.Char("Made for", readonly=True, help="Email address the link was sent to, where it was sent.")
    partner_id = fields.Many2one(
        "res.partner",
        "Contact",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        help="The link ends when this contact is archived, deleted or moved to another company.",
    )
    message_id = fields.Many2one(
        "mail.message", "Sent with", readonly=True, index="btree_not_null", ondelete="set null"
    )
    subject = fields.Char("Subject", related="message_id.subject", help="Subject of the message it was sent with.")
    origin = fields.Selection(LINK_ORIGINS, required=True, readonly=True)
    # Nobody may read or search it: what is known of a hash could be compared with a key.
    key_hash = fields.Char("Hash of the Key", required=True, readonly=True, copy=False, groups=fields.NO_ACCESS)
    valid_until = fields.Date(required=True, readonly=True, help="Last day on which the link opens the customer page.")
    revoked_on = fields.Datetime(readonly=True)
    revoked_by_id = fields.Many2one("res.users", "Revoked by", readonly=True)
    used_on = fields.Date(
        "Last used", readonly=True, help="Last visit by this link; programs that check the links in mails count, too."
    )
    requested_on = fields.Date(readonly=True, help="Last day on which its holder asked for a new link.")
    is_valid = fields.Boolean("Valid", compute="_compute_is_valid")

    _key_hash_once = models.UniqueIndex("(key_hash)")
    #: A message that is sent again to the same address replaces the key: the earlier one was not delivered.
    _message_once = models.UniqueIndex("(message_id, address) WHERE message_id IS NOT NULL")

    @api.depends("valid_until", "revoked_on", "partner_id.active", "partner_id.commercial_partner_id", "customer_id")
    def _compute_is_valid(self):
        for link in self:
            today = link.company_id._ar_today()
            link.is_valid = not link.revoked_on and link.valid_until >= today and link._has_reader()

    def _has_reader(self):
        """Return whether the person that the link was made for still belongs to the customer."""
        self.ensure_one()
        partner, debtor = self.partner_id, self.customer_id.partner_id
        return not partner or partner == debtor or (partner.active and partner.commercial_partner_id == debtor)

    # === MAKING === #

    @api.model
    def _issue(self, customer, origin, address=None, partner=None, message=None, key=None, days=None):
        """Store a link, or replace the one to the same address in the same message, in one statement.

        :param str origin: one of ``const.LINK_ORIGINS``
        :param str address: the normalized e-mail address it is sent to
        :param partner: the contact, a `res.partner`; one of another company is not stored, because it cannot leave
        :param message: the `mail.message` it is sent with
        :param Key key: default: a new one
        :param int days: how long it is valid; default: the company's setting
        :return: the key; it is stored nowhere
        """
        key = key or make_key()
        self._store(self._prepare_vals(customer, origin, address, partner, message, days), key)
        return key

    @api.model
    def _prepare_vals(self, customer, origin, address=None, partner=None, message=None, days=None):
        """Return the values of a link but its key, see `_issue`."""
        debtor = customer.partner_id
        is_contact = partner and partner.commercial_partner_id == debtor
        return {
            "customer_id": customer.id,
            "company_id": customer.company_id.id,
            "address": address or None,
            "partner_id": partner.id if is_contact else None,
            "message_id": message.id if message else None,
            "origin": origin,
            "valid_until": self._get_last_day(customer.company_id, days),
            "create_uid": self.env.uid,
        }

    @api.model
    def _store(self, values, key):
        """Store a link, or replace the key of the one to the same address in the same message."""
        values = {**values, "key_hash": hash_key(key), "create_date": fields.Datetime.now()}
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO ar_portal_link (%s) VALUES %s
                ON CONFLICT (message_id, address) WHERE message_id IS NOT NULL
                DO UPDATE SET key_hash = EXCLUDED.key_hash, valid_until = EXCLUDED.valid_until,
                              partner_id = EXCLUDED.partner_id, revoked_on = NULL, revoked_by_id = NULL
                """,
                SQL(", ").join(map(SQL.identifier, values)),
                tuple(values.values()),
            )
        )

    @api.model
    def _get_last_day(self, company, days=None):
        """Return the last day on which a link made today is valid."""
        days = company.ar_link_days if days is None else days
        return company._ar_today() + datetime.timedelta(days=days)

    @api.model
    def _find_contact(self, customer, address):
        """Return the active contact of the customer who has an e-mail address now, else an empty record."""
        found = customer.partner_id
        if address:
            domain = [("commercial_partner_id", "=", found.id), ("email", "ilike", address)]
            found |= found.search(domain, order="id")
        return found.filtered(lambda each: address in email_normalize_all(each.email or ""))[:1]

    # === USE === #

    @api.model
    def _find(self, customer, key):
        """Return the valid link of an account, or of one merged into it, that has this key; else an empty record.

        The key is found by its hash, so that no comparison takes longer the more of it is right.

        :param key: as it came in a request; may be anything
        """
        key_hash = hash_key(key)
        link = self.search([("key_hash", "=", key_hash)], limit=1) if key_hash else self.browse()
        if link and link.is_valid and link.customer_id._get_survivor() == customer._get_survivor():
            return link
        return self.browse()

    def _note_use(self):
        """Store that the link was used today, once a day. Another visitor at the same moment is not waited for."""
        self.ensure_one()
        today = self.company_id._ar_today()
        if self.used_on == today:
            return
        query = SQL(
            """
            UPDATE ar_portal_link SET used_on = %s
             WHERE id IN (SELECT id FROM ar_portal_link WHERE id = %s FOR UPDATE SKIP LOCKED)
            """,
            today,
            self.id,
        )
        with contextlib.suppress(psycopg2.OperationalError), self.env.cr.savepoint():
            self.env.cr.execute(query, log_exceptions=False)
        self.invalidate_recordset(["used_on"])

    # === NEW LINKS === #

    @api.model
    def _send_new(self, key, visitor=None):
        """Send a new link to the address that a link was made for, where it still belongs to the customer.

        Nothing tells the visitor whether there was such a link: the mail is queued, and the answer is always the same.

        :param key: of a link that may have ended, as it came in the request; may be anything
        :param str visitor: the visitor's network address
        """
        key_hash = hash_key(key)
        link = self.search([("key_hash", "=", key_hash)], limit=1).try_lock_for_update()
        customer = link.customer_id._get_survivor() if link else link.customer_id
        contact = self._find_contact(customer, link.address) if customer.active and link.address else None
        if not contact or not customer._may_visit(visitor) or not link._count_request():
            return
        customer = customer.with_company(customer.company_id).with_context(lang=self._get_mail_lang(customer, contact))
        template = customer.env.ref("ar_collections.mail_template_new_link", raise_if_not_found=False)
        if not template:  # deleted by an administrator; the visitor gets the same answer
            return
        address = formataddr((contact.name or "", link.address))
        template.send_mail(customer.id, email_values={"email_to": address, "auto_delete": False})
        self.env["ar.outreach"]._trigger_mail_queue()

    def _count_request(self):
        """Return whether one more new link may be sent today to this address of the customer, and count it."""
        today = self.company_id._ar_today()
        counts = self.env["ar.portal.count"].sudo()  # visitors have no rights on it
        key = f"account {self.customer_id._get_survivor().id} {hash_key(self.address)}"
        if not counts._add(self.company_id, today, "new_link", key, 1, REQUESTS_PER_DAY):
            return False
        self.requested_on = today
        return True

    @api.model
    def _get_mail_lang(self, customer, contact):
        return self.env["ar.outreach"]._choose_lang(customer, contact)

    # === REVOKING === #

    def action_revoke(self):
        """Revoke the links, which is logged on the thread of their customers."""
        self._require("collector")
        for customer, links in self._revoke().grouped("customer_id").items():
            names = ", ".join(link.address or customer.display_name for link in links)
            customer._message_log(body=self.env._("Links to the customer page were revoked: %(names)s", names=names))

    def _revoke(self):
        """Revoke the links that are not revoked yet; return them. The caller checked the user's role."""
        valid = self.filtered(lambda link: not link.revoked_on)
        # sudo: users may not write links, only revoke them.
        valid.sudo().write({"revoked_on": fields.Datetime.now(), "revoked_by_id": self.env.uid})
        return valid

    @api.autovacuum
    def _gc_links(self):
        """Delete links that ended long ago; those of previews, which nobody asks to renew, after some days."""
        today = fields.Date.today()
        ended = self.search(
            [
                "|",
                ("valid_until", "<", today - datetime.timedelta(days=KEPT_DAYS)),
                "&",
                ("origin", "=", "preview"),
                ("valid_until", "<", today - datetime.timedelta(days=7)),
            ],
            limit=10000,
        )
        ended.unlink()
