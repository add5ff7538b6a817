from odoo import http
from odoo.http import content_disposition, request

from ..models.portal.limits.ar_customer_limits import LimitReached
from .portal import ReceivablesPortal


class ReceivablesTerms(ReceivablesPortal):
    """The printed policy on the customer's page."""

    @http.route(
        "/my/receivables/<int:customer_id>/terms.pdf",
        type="http", auth="public", methods=["GET"], website=True, sitemap=False,
    )  # fmt: skip
    def receivables_terms(self, customer_id, access_token=None, **_kwargs):
        """Return the policy of the customer as PDF, where its terms are published."""
        customer = self._find_account(customer_id, access_token)
        if not customer or not customer._get_published_terms():
            return self._ask_for_new_link()
        try:
            self._count_start(customer, "document")
        except LimitReached as refused:
            return self._render_page(customer, {}, refusal=str(refused))
        reports = request.env["ir.actions.report"].sudo()  # of the customer's own policy, checked above
        content, _kind = reports._render_qweb_pdf(
            "ar_collections.action_report_published_policy", customer.sudo().policy_id.ids
        )
        name = content_disposition(f"{request.env._('Terms')}.pdf")
        return request.make_response(content, [("Content-Type", "application/pdf"), ("Content-Disposition", name)])
