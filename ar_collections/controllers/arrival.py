from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from odoo.addons.account.controllers.portal import PortalAccount


class ArrivalPortal(PortalAccount):
    """Odoo's own page of an invoice: whether the customer opened it."""

    @http.route("/my/invoices/<int:invoice_id>/seen", type="jsonrpc", auth="public", methods=["POST"])
    def portal_invoice_seen(self, invoice_id, access_token=None, **_kwargs):
        """Note that the customer looks at the invoice: called by the page's script, which link scanners do not run."""
        is_token = isinstance(access_token, str) and access_token.isascii()  # others cannot be compared with one
        try:
            invoice = self._document_check_access("account.move", invoice_id, access_token if is_token else None)
        except (AccessError, MissingError):
            return False
        if is_real_view():
            invoice._record_seen()
        return True


def is_real_view():
    """Return whether a request of a page's script comes from a customer: neither a colleague nor a link preview."""
    preview = request.httprequest.headers.get("Odoo-Link-Preview")
    return not request.env.user._is_internal() and preview != "True"
