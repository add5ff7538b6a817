from odoo import http
from odoo.http import request

from ..core.portal.request_values import read_id
from .portal import ReceivablesPortal


class ReceivablesAgreements(ReceivablesPortal):
    """From selected items to the form of a promise, a dispute or a payment plan, with helpers for these forms.

    Nothing in a request is trusted: items are looked up among the customer's own, amounts are checked.
    """

    @http.route(
        "/my/receivables/<int:customer_id>/ask",
        type="http", auth="public", methods=["POST"], website=True, sitemap=False, csrf=False,
    )  # fmt: skip
    def receivables_ask(self, customer_id, access_token=None, ask=None, **_kwargs):
        """Redirect to the form of the requested kind of agreement, with the selected items.

        Without CSRF protection, so that a page left open overnight still works: nothing is changed here.

        :param str ask: code of the kind, see `ar.customer._get_possible_asks`
        """
        customer = self._find_account(customer_id, access_token)
        if not customer:
            return self._ask_for_new_link()
        items = self._get_ticked_ids()
        if ask not in customer._get_possible_asks() or not items:
            return request.redirect(customer.get_portal_url(query_string="&refused=nothing_selected"))
        query = "".join(f"&item={item}" for item in items)
        return request.redirect(customer.get_portal_url(suffix=f"/{ask}", query_string=query))

    # === HELPERS === #

    def _get_ticked_ids(self, name="item"):
        """Return the selected item ids of the request; invalid values are dropped, the ids are not checked yet.

        :param str name: ``listed`` for those that the form offers, ticked or not
        """
        values = request.httprequest.values.getlist(name)
        return [number for value in dict.fromkeys(values) if (number := read_id(value))]

    def _get_ticked_items(self, customer):
        """Return the selected items that are open items of the customer, see `_get_listed_items`."""
        return [row for row in self._get_listed_items(customer) if row["ticked"]]

    def _get_listed_items(self, customer, message=None, is_ticked=True):
        """Return the open items of the customer that the form lists, oldest due date first: ticked and offered ones.

        Without any in the request it is those of a reminder, of which one currency is ticked, that of the oldest item:
        a form takes one at a time.

        :param message: the communication's id as it came in the request, may be anything
        :param bool is_ticked: whether several items of a reminder are ticked; a single one always is
        :return: [{item: core.facts.OpenItem, line: `account.move.line` as superuser, free: Decimal, the amount not
            covered by an agreement, ticked: whether the item is selected}]
        """
        ticked = set(self._get_ticked_ids())
        listed = ticked.union(self._get_ticked_ids("listed"))
        linked = (not listed and self._ticked_by_message(customer, message)) or set()
        items = [item for item in customer._get_facts().items if item.item_id in listed | linked]
        if linked and (is_ticked or len(items) == 1):
            ticked = {item.item_id for item in items if item.currency == items[0].currency}
        lines = customer._browse_lines([item.item_id for item in items])
        return [
            {"item": item, "line": line, "free": customer._free_amount(item), "ticked": item.item_id in ticked}
            for item, line in zip(items, lines, strict=True)
        ]
