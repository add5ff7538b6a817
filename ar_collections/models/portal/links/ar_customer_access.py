import secrets

from markupsafe import Markup

from odoo import api, fields, models

from ....core.portal.links import hash_key
from ..limits.visitor import get_visitor_key, set_visitor_key


class ArCustomer(models.Model):
    """Who may see the customer page: contacts of the customer who are logged in, and who has a valid link.

    A link has a key of its own, which is stored nowhere, see `ar.portal.link`. All addresses of the page that are
    stored or handed to users hold none; on the page itself they hold the key that the visitor came with.
    """

    _inherit = "ar.customer"

    #: Replaces the one lasting key of `portal.mixin`: the key of the present visitor, empty without one. Odoo's own
    #: pages, such as the messages on the page, compare it with what they were given.
    access_token = fields.Char(compute="_compute_access_token", store=False)
    portal_link_ids = fields.One2many("ar.portal.link", "customer_id", "Links", readonly=True)

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for customer in self.filtered("id"):
            customer.access_url = customer._get_page_address()
        return result

    def _compute_access_token(self):
        for customer in self:
            customer.access_token = get_visitor_key(customer)

    # === VISITORS === #

    def _is_visible_to(self, user, key):
        """Return whether a visitor may see this page: a contact of the customer, or anybody with a valid link.

        The link to an account that was merged shows the account that took it over.

        :param user: the `res.users` of the request
        :param key: as it came in the request, may be anything
        """
        self.ensure_one()
        survivor = self._get_survivor()
        if not survivor.active:
            return False
        by_link = self._open_by_key(key)
        by_login = not user._is_public() and user.partner_id.commercial_partner_id == survivor.partner_id
        return by_link or by_login

    def _open_by_key(self, key):
        """Return whether the key opens the page; the addresses that the page shows hold it from then on."""
        self.ensure_one()
        link = self.env["ar.portal.link"]._find(self, key)
        if not link:
            return False
        link._note_use()
        for customer in self | self._get_survivor():
            set_visitor_key(customer, key)
        return True

    def get_portal_url(self, suffix=None, report_type=None, download=None, query_string=None, anchor=None):
        """Override of `portal` to return an address of the page with the present visitor's key, or without any.

        Everybody can call it; outside the page it is an address like any other.
        """
        url = super().get_portal_url(suffix, report_type, download, query_string, anchor)
        return url if self.access_token else url.replace("?access_token=&", "?").replace("?access_token=", "")

    def _portal_ensure_token(self):
        """Override of `portal`: no key is made, see `ar.portal.link`."""
        return self.access_token or ""

    def _get_share_url(self, redirect=False, signup_partner=False, pid=None, share_token=True):
        """Override of `portal`: the address that is shared holds no key."""
        self.ensure_one()
        return self.access_url

    # === MESSAGES === #

    def _sign_token(self, pid):
        """Override of `portal`: no signature opens the messages of an account, only a link that can be revoked."""
        return secrets.token_hex(32)

    @api.model
    def _get_thread_with_access(self, thread_id, *, hash=None, pid=None, token=None, **kwargs):
        """Override of `portal` to let visitors of the page read and write its messages, see `_is_visible_to`.

        Without a token nobody is let in as a visitor, so that Odoo's other routes give nothing to contacts who are
        logged in. The thread of an account that was merged is closed.
        """
        thread = super()._get_thread_with_access(thread_id, **kwargs)
        if thread or not hash_key(token):
            return thread
        customer = self.browse(thread_id).sudo().exists()  # visitors have no rights; they are checked right here
        is_open = customer and customer == customer._get_survivor()
        return customer if is_open and customer._is_visible_to(self.env.user, token) else self.browse()

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        """Override of `portal` to let the button of notifications open the page; its key is inserted at delivery."""
        groups = super()._notify_get_recipients_groups(message, model_description, msg_vals=msg_vals)
        for name, _condition, options in groups:
            if name == "portal_customer":
                options["button_access"] = {"url": self.get_base_url() + self.access_url}
        return groups

    # === STAFF === #

    def action_revoke_links(self):
        """Revoke all links to the page and log it: the next message contains a new one."""
        self.check_access("write")
        self._require("collector")
        links = self.env["ar.portal.link"].sudo()  # as the role was checked
        links.search([("customer_id", "in", self.ids), ("revoked_on", "=", False)])._revoke()
        for customer in self:
            customer.message_post(
                body=self.env._("All links to the customer page were revoked; earlier links no longer work.")
            )

    def action_preview_portal(self):
        """Open the page as the customer sees it, by a link that is valid today."""
        self.ensure_one()
        self.check_access("write")
        self._require("collector")
        key = self._make_link("preview", days=0)
        return {"type": "ir.actions.act_url", "url": f"{self.access_url}?access_token={key}", "target": "self"}

    def _make_link(self, origin, days=None):
        """Return the key of a new link; the caller checked the user's role."""
        return self.env["ar.portal.link"]._issue(self.sudo(), origin, days=days)  # users may not make links themselves

    def action_open_links(self):
        """Open the links to the page that were made for this customer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Payment Links"),
            "res_model": "ar.portal.link",
            "views": [(False, "list")],
            "domain": [("customer_id", "=", self.id)],
            "context": {"search_default_valid": 1},
            "help": Markup('<p class="o_view_nocontent_smiling_face">{}</p><p>{}</p>').format(
                self.env._("No link is valid now"),
                self.env._(
                    "Each message has a link to the customer page. Select open items of the customer and choose "
                    "Payment Link to send one yourself."
                ),
            ),
        }
