from odoo import http
from odoo.http import request

from odoo.addons.portal.controllers.mail import MailController

from .portal import ReceivablesPortal


class ReceivablesLinks(ReceivablesPortal):
    """Links that have ended: their holder can have a new one sent to the address that the link was made for."""

    @http.route("/my/receivables/new-link", type="http", auth="public", methods=["POST"], website=True, sitemap=False)
    def receivables_new_link(self, access_token=None, **_kwargs):
        """Send a new link where the old one was ours; the answer is the same for every key, real or not."""
        # Visitors have no rights on links; whether a new one is sent, and where to, is decided by the model.
        visitor = None if request.env.user._is_internal() else request.httprequest.remote_addr
        request.env["ar.portal.link"].sudo()._send_new(access_token, visitor)
        self._protect_key()
        values = {"page_name": "receivables", "html_data": self._get_html_data()}
        return request.render("ar_collections.portal_receivables_link_requested", values)


class ReceivablesMail(MailController):
    """The button "View" of earlier notifications, which holds the key of the page."""

    @classmethod
    def _redirect_to_record(cls, model, res_id, access_token=None, **kwargs):
        """Override of `portal` to pass the key on to the page, which checks it: no record holds it any more."""
        response = super()._redirect_to_record(model, res_id, access_token=access_token, **kwargs)
        if model != "ar.customer" or not res_id or not access_token or request.env.user._is_internal():
            return response
        return request.redirect_query(f"/my/receivables/{int(res_id)}", {"access_token": access_token})
