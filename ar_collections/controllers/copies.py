from odoo import http
from odoo.exceptions import LockError
from odoo.http import request

from ..core.invoicing.arrival import mask_address
from ..core.portal.request_values import read_id
from ..models.portal.limits.ar_customer_limits import LimitReached
from .agreements import ReceivablesAgreements
from .arrival import is_real_view

#: Items of one page that can be seen at once.
SEEN_MAX = 100


class ReceivablesCopies(ReceivablesAgreements):
    """Invoices that customers did not get are sent again to an address we know, never to one from the request."""

    @http.route(
        "/my/receivables/<int:customer_id>/copy",
        type="http", auth="public", methods=["GET"], website=True, sitemap=False,
    )  # fmt: skip
    def receivables_copy_form(self, customer_id, access_token=None, message=None, **_kwargs):
        """Show which invoices can be sent again, and where to: selected ones, or those of a message that links here."""
        customer = self._find_account(customer_id, access_token)
        if not customer:
            return self._ask_for_new_link()
        if message and not self._get_ticked_ids():
            ticked = sorted(self._ticked_by_message(customer, message) or ())
            query = "".join(f"&item={item}" for item in customer._find_copied_items(ticked).ids)
            return request.redirect(customer.get_portal_url(suffix="/copy", query_string=query))
        return self._render_copy_form(customer)

    @http.route(
        "/my/receivables/<int:customer_id>/copy",
        type="http", auth="public", methods=["POST"], website=True, sitemap=False,
    )  # fmt: skip
    def receivables_copy(self, customer_id, access_token=None, **_kwargs):
        """Send the selected invoices again and tell the collector; nothing else changes."""
        customer = self._find_account(customer_id, access_token)
        if not customer:
            return self._ask_for_new_link()
        try:
            with request.env.cr.savepoint():
                self._count_start(customer, "copy")
                copies = customer._send_copies(self._get_ticked_ids())
        except LimitReached as refused:
            return self._render_copy_form(customer, str(refused))
        except LockError:
            refusal = request.env._("Your account is being used in another window. Please try again in a moment.")
            return self._render_copy_form(customer, refusal)
        if copies.state in ("nothing", "before"):
            return self._render_copy_form(customer, self._get_copy_text(copies))
        self._confirm(self._get_copy_text(copies))
        return request.redirect(customer.get_portal_url(query_string="&thanks=1"))

    @http.route("/my/receivables/<int:customer_id>/seen", type="jsonrpc", auth="public", methods=["POST"])
    def receivables_seen(self, customer_id, access_token=None, items=None, **_kwargs):
        """Note which open items the customer looks at: called by the page's script, which link scanners do not run.

        A preview by staff does not count, whoever opens its link.

        :param str items: ids of journal items, separated by hyphens
        """
        customer = self._find_account(customer_id, access_token)
        if customer and is_real_view() and isinstance(items, str) and not customer._is_previewed(access_token):
            customer._record_seen([number for text in items.split("-")[:SEEN_MAX] if (number := read_id(text))])
        return bool(customer)

    # === HELPERS === #

    def _get_copy_text(self, copies):
        """Return what became of the request, for the customer; the address is not shown in full."""
        values = {"names": copies.names, "address": mask_address(copies.address)}
        texts = {
            "sent": request.env._("Sent again to %(address)s: %(names)s.", **values),
            "before": request.env._(
                "You have asked for %(names)s today already. Please look into your spam folder, or write to us.",
                **values,
            ),
            "nothing": request.env._("Nothing is selected. Go back to your account and select the invoices."),
        }
        later = request.env._("We have told the person in charge, who will send you %(names)s.", **values)
        return texts.get(copies.state, later)

    def _render_copy_form(self, customer, refusal=None):
        """Return the form; `refusal` is why nothing was sent."""
        items = customer._find_copied_items(self._get_ticked_ids())
        moves = items.move_id
        _contact, address = customer._find_copy_contact(moves)
        values = {
            **self._get_layout_values(customer),
            "moves": moves,
            "items": {move: items.filtered(lambda item, move=move: item.move_id == move)[:1].id for move in moves},
            "address": mask_address(address) if address else "",
            "refusal": refusal,
        }
        return request.render("ar_collections.portal_receivables_copy", values)
