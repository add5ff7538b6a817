from odoo import http
from odoo.http import request

from ..core.portal.allocation import RequestRefused
from ..models.portal.ar_customer_limits import LimitReached
from .payment import ReceivablesPayment


class ReceivablesRecovery(ReceivablesPayment):
    """Settlements on the customer's page: what was agreed, and its payment by one click.

    A request names the settlement only; the amount is computed by the server, here and when it is paid.
    """

    @http.route(
        "/my/receivables/<int:customer_id>/settlement/<int:settlement_id>",
        type="http", auth="public", methods=["GET"], website=True, sitemap=False,
    )  # fmt: skip
    def receivables_settlement(self, customer_id, settlement_id, access_token=None, **_kwargs):
        """Show what is owed, what settles it until which day, and what happens otherwise."""
        customer = self._find_account(customer_id, access_token)
        settlement = customer and customer._get_portal_settlement(settlement_id)
        if not settlement:
            return self._ask_for_new_link()
        amount = settlement._get_amount_to_pay()
        values = {
            **self._get_layout_values(customer),
            "settlement": settlement,
            "amount": amount,
            "status": settlement._get_page_status(amount) if settlement._is_payable() or settlement._is_paid() else "",
            "transfers": settlement._get_transfers(request.env.lang) if amount else [],
        }
        return request.render("ar_collections.portal_receivables_settlement", values)

    @http.route(
        "/my/receivables/<int:customer_id>/settlement/<int:settlement_id>/pay",
        type="http", auth="public", methods=["POST"], website=True, sitemap=False, csrf=False,
    )  # fmt: skip
    def receivables_settlement_pay(self, customer_id, settlement_id, access_token=None, **_kwargs):
        """Redirect to the payment form with what is left of the agreed amount.

        Without CSRF protection, as `receivables_choose`: a selection changes nothing.
        """
        customer = self._find_account(customer_id, access_token)
        settlement = customer and customer._get_portal_settlement(settlement_id)
        if not settlement:
            return self._ask_for_new_link()
        try:
            with request.env.cr.savepoint():
                self._count_start(customer, "choice")
                # The visitor's access to the account was checked.
                choice = request.env["ar.payment.choice"].sudo()._make_for(settlement)
                choice._allocate()
        except LimitReached as refused:
            return self._render_page(customer, {}, refusal=str(refused))
        except RequestRefused as refused:
            return request.redirect(customer.get_portal_url(query_string=f"&refused={refused.code}"))
        return request.redirect(customer.get_portal_url(suffix=f"/pay/{choice.token}"))
