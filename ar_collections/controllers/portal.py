from functools import partial
from urllib.parse import quote as url_quote

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request
from odoo.tools import get_lang

from odoo.addons.account_payment.controllers.portal import PortalAccount

from ..core.portal.request_values import read_id
from ..formats import format_typed_amount
from ..messages import PAYMENT_REFUSALS
from ..models.customers.core_flow import ignore_failure
from ..models.portal.limits.ar_customer_limits import LimitReached

#: The session's keys of the pages that a visitor who pays comes back to: {account id: key}.
RETURN_KEYS = "ar_return_keys"

#: Maximum length of a text that is searched for.
SEARCH_LENGTH = 60

#: The last page of a list that can be asked for.
PAGE_MAX = 10_000


class ReceivablesPortal(PortalAccount):
    """The customer's portal page: for users of the customer who are logged in, and for everybody with its link."""

    def _prepare_home_portal_values(self, counters):
        """Override of `portal` to count the accounts and the overdue items of the user's company."""
        values = super()._prepare_home_portal_values(counters)
        if "receivables_overdue_count" in counters:
            with ignore_failure(request.env, "the number of overdue items in the portal"):
                values["receivables_overdue_count"] = sum(account._count_late() for account in self._own_accounts())
        if "receivables_count" in counters:
            values["receivables_count"] = len(self._own_accounts())
        return values

    @http.route(
        "/my/receivables", type="http", auth="user", methods=["GET"], website=True, list_as_website_content=False
    )
    def my_receivables(self, **_kwargs):
        """Redirect to the page of the user's company, or list its accounts where it has several (or none)."""
        accounts = self._own_accounts()
        if len(accounts) == 1:
            return request.redirect(accounts.access_url)
        return request.render(
            "ar_collections.portal_my_receivables_accounts",
            {"accounts": accounts, "page_name": "receivables", "html_data": self._get_html_data()},
        )

    @http.route(
        "/my/receivables/<int:customer_id>", type="http", auth="public", methods=["GET"], website=True, sitemap=False
    )
    def receivables_page(self, customer_id, access_token=None, **kwargs):
        """Show the open items, what may be paid, and the contact."""
        customer = self._find_account(customer_id, access_token)
        if not customer:
            return self._ask_for_new_link()
        return self._render_page(customer, kwargs, PAYMENT_REFUSALS.get(kwargs.get("refused")))

    @http.route(
        "/my/receivables/<int:customer_id>/request",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def receivables_request(self, customer_id, access_token=None, **kwargs):
        """Handle a request for another language, a call or another address, see `ar.customer._handle_request`."""
        customer = self._find_account(customer_id, access_token)
        if not customer:
            return self._ask_for_new_link()
        try:
            with request.env.cr.savepoint():
                self._count_start(customer, "request")
                customer._handle_request(kwargs.get("language"), kwargs.get("address"), kwargs.get("call"))
        except LimitReached as refused:
            return self._render_page(customer, kwargs, refusal=str(refused))
        return request.redirect(customer.get_portal_url(query_string="&thanks=1", anchor="contact"))

    # === HELPERS === #

    def _confirm(self, text):
        """Keep a sentence about what was just recorded, with its amounts, for the page that is shown next."""
        request.session["ar_confirmation"] = text

    def _render_page(self, customer, kwargs, refusal=None):
        """Return the page.

        :param dict kwargs: the request; what was entered in the form of requests is shown again
        :param str refusal: text why something was not accepted
        """
        values = {
            **customer._get_page_values(
                self._ticked_by_link(customer, kwargs), self._page(kwargs), self._get_search(kwargs)
            ),
            **self._get_layout_values(customer),
            "refusal": refusal,
            "entries": kwargs,
            "transaction": self._find_transaction(customer, kwargs.get("paid")),
            "thanks": kwargs.get("thanks"),
            "confirmation": request.session.pop("ar_confirmation", None) if kwargs.get("thanks") else None,
            "search_query": self._get_search_query(kwargs),
            "page_url": customer.get_portal_url(query_string=self._get_tick_query(kwargs)),
        }
        return request.render("ar_collections.portal_receivables_page", values)

    def _count_start(self, customer, kind, number=1):
        """Count what a visitor starts, see `ar.customer._count_start`; staff who look at the page are not limited.

        :raise LimitReached: where the policy's limit for the day is reached
        """
        if not request.env.user._is_internal():
            customer._count_start(kind, request.httprequest.remote_addr, number)

    def _get_colleague(self):
        """Return the user who looks at the page if it is an internal one, else none.

        What a colleague sends there counts as recorded by staff: a request of the customer needs no second person.
        """
        return request.env.user.filtered(lambda user: user._is_internal())

    def _own_accounts(self):
        """Return the accounts of the user's company, in all companies of the database."""
        partner = request.env.user.partner_id.commercial_partner_id
        # Portal users have no right on accounts, which hold internal notes; they see their own through this page.
        accounts = request.env["ar.customer"].sudo()
        return accounts.search([("partner_id", "=", partner.id)]) if partner else accounts

    def _find_account(self, customer_id, access_token):
        """Return the account if the visitor may see it; else empty, so that foreign ids look like unused ones."""
        self._protect_key()
        # The access is checked right here, by link or by partner.
        customer = request.env["ar.customer"].sudo().browse(customer_id).exists()
        key = access_token or request.session.get(RETURN_KEYS, {}).get(str(customer_id))
        if not customer or not customer._is_visible_to(request.env.user, key):
            return request.env["ar.customer"]
        customer = customer._get_survivor()  # an earlier link leads to the account that took over a merged one
        return customer.with_company(customer.company_id)

    def _protect_key(self):
        """Keep the key in the page's address away from other sites, and the page out of search engines."""
        request.future_response.headers["Referrer-Policy"] = "strict-origin"
        request.future_response.headers["X-Robots-Tag"] = "noindex, nofollow"

    def _let_return(self, customer):
        """Let a visitor who pays come back to the page: the address that payments store holds no key.

        The key is kept in the visitor's own session until it ends.
        """
        if customer.access_token:
            keys = request.session.get(RETURN_KEYS, {})
            request.session[RETURN_KEYS] = {**keys, str(customer.id): customer.access_token}

    def _ask_for_new_link(self):
        """Return the page for an invalid link (status 404), without any data; it offers to send a new one."""
        key = request.params.get("access_token")
        values = {
            "page_name": "receivables",
            "html_data": self._get_html_data(),
            "is_staff": request.env.user._is_internal(),
            "old_key": key if isinstance(key, str) else "",
        }
        return request.render("ar_collections.portal_receivables_no_access", values, status=404)

    def _get_layout_values(self, customer):
        """Return the values that all templates of the page need."""
        company = customer.company_id
        return {
            "customer": customer,
            "company": company,
            "res_company": company,
            "page_name": "receivables",
            "object": customer,
            "token": customer.access_token,
            "collector": customer.collector_id.partner_id or company.partner_id,
            "can_pay_online": self._can_pay_online(),
            "languages": request.env["res.lang"].get_installed(),
            "format_date": customer._format_date,
            "typed_amount": partial(format_typed_amount, request.env),
            "page_lang": get_lang(request.env),
            "html_data": self._get_html_data(),
        }

    def _get_html_data(self):
        """Return language and direction of the page, the attributes of its root element."""
        lang = get_lang(request.env)
        return {"lang": lang.iso_code.replace("_", "-"), "dir": lang.direction}

    def _get_currencies(self, line_ids):
        """Return {journal item id: currency}; unknown ids are left out.

        Only the number of decimals is read; whether an item belongs to the customer is checked by the model.
        """
        lines = request.env["account.move.line"].sudo().browse(line_ids).exists()  # visitors have no rights on them
        return {line.id: line.currency_id for line in lines}

    def _can_pay_online(self):
        """Return whether Odoo's setting for online payment in the portal is enabled."""
        return request.env["res.company"]._ar_is_online_switched_on()

    def _get_tick_query(self, kwargs):
        """Return the part of the query string that preselects items, to be kept in links of the page."""
        return "".join(f"&{name}={url_quote(kwargs[name])}" for name in ("message", "items") if kwargs.get(name))

    def _ticked_by_link(self, customer, kwargs):
        """Return the ids of the items that a link preselects: of a reminder, or selected by staff; None without any."""
        if kwargs.get("items"):  # not checked here: the page only shows the customer's own items
            return {int(number) for number in kwargs["items"].split("-") if number.isdecimal() and len(number) < 12}
        return self._ticked_by_message(customer, kwargs.get("message"))

    def _ticked_by_message(self, customer, communication_id):
        """Return the ids of the items that a reminder listed, None without a reminder of this customer."""
        # Only this customer's own communications count.
        communication = request.env["ar.communication"].sudo().browse(read_id(communication_id)).exists()
        if communication and communication.customer_id == customer:
            return set(communication.line_ids.move_line_id.ids)
        return None

    def _page(self, kwargs):
        """Return the requested page number; 1 for an invalid one."""
        return min(read_id(kwargs.get("page")) or 1, PAGE_MAX)

    def _get_search(self, kwargs):
        """Return the text that the visitor searches for, cut to a sensible length."""
        return str(kwargs.get("search") or "").strip()[:SEARCH_LENGTH]

    def _get_search_query(self, kwargs):
        """Return the part of the query string that keeps the search in the links of a list's pages."""
        search = self._get_search(kwargs)
        return f"&search={url_quote(search)}" if search else ""

    def _find_transaction(self, customer, reference):
        """Return the customer's transaction with this reference, to show the outcome of the payment; may be empty."""
        # Only this customer's own transactions count.
        transactions = request.env["payment.transaction"].sudo()
        if not reference:
            return transactions
        return transactions.search([("reference", "=", reference), ("ar_customer_id", "=", customer.id)], limit=1)

    def _get_choice(self, customer, token):
        """Return the customer's payment choice with this token.

        :raise NotFound: when there is none, or none any more: choices are deleted after a day
        """
        # The token was given to this visitor, and the access to the account was checked.
        choice = (
            request.env["ar.payment.choice"]
            .sudo()
            .search([("token", "=", token), ("customer_id", "=", customer.id)], limit=1)
        )
        if not choice:
            raise NotFound()
        return choice
