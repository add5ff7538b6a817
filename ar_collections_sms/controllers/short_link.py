from odoo import http
from odoo.http import request

from odoo.addons.ar_collections.core.portal.links import hash_key

from ..const import KEY_LENGTH


class ArShortLink(http.Controller):
    """The short address in text messages leads to the customer page, by the same key and as long as its link."""

    @http.route("/due/<string:key>", type="http", auth="public", methods=["GET"], sitemap=False, save_session=False)
    def open_page(self, key):
        """Redirect to the page of the link's account, with what the message listed selected.

        A key that is unknown, revoked or too old leads to the page that offers another link, and tells nothing.
        """
        # sudo: the key is the credential, and the page checks it again.
        links = request.env["ar.portal.link"].sudo()
        link = links.search([("key_hash", "=", hash_key(key))], limit=1) if len(key) == KEY_LENGTH else links
        customer_id, query = 0, ""
        if link:
            customer_id = link.customer_id.id
            log = request.env["ar.communication"].sudo()  # as the link
            found = log.search([("message_id", "=", link.message_id.id)], limit=1) if link.message_id else log
            query = f"&message={found.id}" if found else ""
        response = request.redirect(f"/my/receivables/{customer_id}?access_token={key}{query}")
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        return response
