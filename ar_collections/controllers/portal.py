import contextlib
from urllib.parse import quote as url_quote

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request

from odoo.addons.account_payment.controllers.portal import PortalAccount

from ..messages import PAYMENT_REFUSALS


class ReceivablesPortal(PortalAccount):
    """The customer's page: for contacts of the customer who are logged in, and for whoever holds its link."""

    def _prepare_home_portal_values(self, counters):
        """Override of `portal` to count the late items of the visitor's company."""
        values = super()._prepare_home_portal_values(counters)
        if "receivables_overdue_count" in counters:
            values["receivables_overdue_count"] = sum(self._count_late(account) for account in self._own_accounts())
        if "receivables_count" in counters:
            values["receivables_count"] = len(self._own_accounts())
        return values

    @http.route(
        "/my/receivables", type="http", auth="user", methods=["GET"], website=True, list_as_website_content=False
    )
    def my_receivables(self, **_kwargs):
        """Open the page of the visitor's company, or offer the choice where it has accounts with several of ours."""
        accounts = self._own_accounts()
        if len(accounts) == 1:
            return request.redirect(accounts.access_url)
        return request.render(
            "ar_collections.portal_my_receivables_accounts", {"accounts": accounts, "page_name": "receivables"}
        )

    @http.route(
        "/my/receivables/<int:customer_id>", type="http", auth="public", methods=["GET"], website=True, sitemap=False
    )
    def receivables_page(self, customer_id, access_token=None, **kwargs):
        """Show what is due, what may be paid, and how to reach us."""
        customer = self._find_account(customer_id, access_token)
        if not customer:
            return self._ask_for_new_link()
        customer._portal_ensure_token()
        values = {
            **customer._get_page_values(self._ticked_by_link(customer, kwargs), self._page(kwargs)),
            **self._get_layout_values(customer),
            "refusal": PAYMENT_REFUSALS.get(kwargs.get("refused")),
            "transaction": self._find_transaction(customer, kwargs.get("paid")),
            "thanks": kwargs.get("thanks"),
            "page_url": customer.get_portal_url(query_string=self._get_tick_query(kwargs)),
        }
        return request.render("ar_collections.portal_receivables_page", values)

    @http.route(
        "/my/receivables/<int:customer_id>/request",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def receivables_request(self, customer_id, access_token=None, **kwargs):
        """Take a wish: another language at once, a call or another address as a task for the collector."""
        customer = self._find_account(customer_id, access_token)
        if not customer:
            return self._ask_for_new_link()
        customer._handle_request(kwargs.get("language"), kwargs.get("address"), kwargs.get("call"))
        return request.redirect(customer.get_portal_url(query_string="&thanks=1", anchor="contact"))

    # === HELPERS === #

    def _own_accounts(self):
        """Return the accounts of the visitor's company with all of ours."""
        partner = request.env.user.partner_id.commercial_partner_id
        # Portal users have no right on accounts, which hold notes of our staff; they see their own through this page.
        accounts = request.env["ar.customer"].sudo()
        return accounts.search([("partner_id", "=", partner.id)]) if partner else accounts

    def _count_late(self, account):
        today = account.company_id._ar_today()
        return sum(item.due_date < today for item in account._get_facts().items)

    def _find_account(self, customer_id, access_token):
        """Return the account if the visitor may see it, else an empty recordset: "not yours" looks like "not there"."""
        # The right to see it is checked right here, by link or by partner.
        customer = request.env["ar.customer"].sudo().browse(customer_id).exists()
        if not customer or not customer._is_visible_to(request.env.user, access_token):
            return request.env["ar.customer"]
        return customer.with_company(customer.company_id)

    def _ask_for_new_link(self):
        """Answer politely, with no data, to a link that is old, wrong or somebody else's."""
        return request.render("ar_collections.portal_receivables_no_access", {"page_name": "receivables"}, status=404)

    def _get_layout_values(self, customer):
        """Return what all parts of the page need besides the items."""
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
        }

    def _can_pay_online(self):
        """Tell whether Odoo's own switch for payments in the portal is on."""
        # A setting of the database that says nothing about anybody.
        switch = request.env["ir.config_parameter"].sudo().get_param("account_payment.enable_portal_payment")
        return bool(switch) and switch != "False"

    def _get_tick_query(self, kwargs):
        """Return the part of the address that says what is ticked, to be kept on the way through the page."""
        return "".join(f"&{name}={url_quote(kwargs[name])}" for name in ("message", "items") if kwargs.get(name))

    def _ticked_by_link(self, customer, kwargs):
        """Return the items that a link names, `None` where it names none: those of a reminder, or chosen by staff."""
        if kwargs.get("items"):  # the page ticks the customer's own items only
            return {int(number) for number in kwargs["items"].split("-") if number.isdecimal() and len(number) < 12}
        return self._ticked_by_message(customer, kwargs.get("message"))

    def _ticked_by_message(self, customer, communication_id):
        """Return the items that a reminder spoke about, so that its button leads to them ticked."""
        with contextlib.suppress(TypeError, ValueError):
            # Only this customer's own communications count.
            communication = request.env["ar.communication"].sudo().browse(int(communication_id)).exists()
            if communication.customer_id == customer:
                return set(communication.line_ids.move_line_id.ids)
        return None

    def _page(self, kwargs):
        """Return the number of the page that was asked for; nonsense means the first."""
        with contextlib.suppress(TypeError, ValueError):
            return max(int(kwargs.get("page") or 1), 1)
        return 1

    def _find_transaction(self, customer, reference):
        """Return the customer's transaction with that reference, to say how the payment ended."""
        # Only this customer's own transactions count.
        transactions = request.env["payment.transaction"].sudo()
        if not reference:
            return transactions
        return transactions.search([("reference", "=", reference), ("ar_customer_id", "=", customer.id)], limit=1)

    def _get_choice(self, customer, token):
        """Return the customer's choice with that token, or raise: it is kept for a day."""
        # The token was given to this visitor, and the account was checked.
        choice = (
            request.env["ar.payment.choice"]
            .sudo()
            .search([("token", "=", token), ("customer_id", "=", customer.id)], limit=1)
        )
        if not choice:
            raise NotFound()
        return choice
