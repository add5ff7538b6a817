from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..core.credit.limit import AMOUNT, Limit
from ..core.credit.request import LimitRequest
from ..core.disputes import attachment
from ..core.portal.allocation import RequestRefused
from ..formats import read_typed_amount
from ..messages import CREDIT_PAGE_REFUSALS, DISPUTE_REFUSALS
from ..models.portal.limits.ar_customer_limits import LimitReached
from .disputes import ReceivablesDisputes

#: Maximum length of what the customer writes, in characters.
TEXT_LENGTH_MAX = 4000


class ReceivablesCredit(ReceivablesDisputes):
    """Requests for a higher credit limit on the customer's page, where the policy shows the limit.

    Nothing in a request is trusted: the customer comes from the link or the login, amount and files are checked.
    """

    @http.route(
        "/my/receivables/<int:customer_id>/limit",
        type="http", auth="public", methods=["GET"], website=True, sitemap=False,
    )  # fmt: skip
    def receivables_limit_form(self, customer_id, access_token=None, **_kwargs):
        """Show the form to ask for a higher limit; the page itself where a request is open already."""
        customer = self._find_account(customer_id, access_token)
        if not customer:
            return self._ask_for_new_link()
        credit = customer._get_page_credit()
        if not self._may_ask(credit):
            return request.redirect(customer.get_portal_url())
        return self._render_limit_form(customer, credit)

    @http.route(
        "/my/receivables/<int:customer_id>/limit",
        type="http", auth="public", methods=["POST"], website=True, sitemap=False,
    )  # fmt: skip
    def receivables_limit_post(self, customer_id, access_token=None, **kwargs):
        """Make the request with its files; when it is refused, nothing is stored and the form shows the entries."""
        customer = self._find_account(customer_id, access_token)
        if not customer:
            return self._ask_for_new_link()
        credit = customer._get_page_credit()
        if not self._may_ask(credit):
            return request.redirect(customer.get_portal_url())
        try:
            with request.env.cr.savepoint():
                self._count_start(customer, "limit")
                self._request_limit(customer, credit["ceiling"], kwargs)
        except RequestRefused as refused:
            texts = CREDIT_PAGE_REFUSALS if refused.code in CREDIT_PAGE_REFUSALS else DISPUTE_REFUSALS
            return self._render_limit_form(customer, credit, texts[refused.code])
        except LimitReached as refused:
            return self._render_limit_form(customer, credit, refused)
        except UserError:  # its message is for staff: it names what customers need not know
            return self._render_limit_form(customer, credit, CREDIT_PAGE_REFUSALS["refused"])
        return request.redirect(customer.get_portal_url(query_string="&thanks=1", anchor="agreements"))

    # === HELPERS === #

    def _may_ask(self, credit):
        """Return whether the customer may ask for a higher limit: it has one, and no request is open.

        :param credit: see `ar.customer._get_page_credit`
        """
        return bool(credit) and credit["ceiling"] is not None and not credit["open"]

    def _request_limit(self, customer, ceiling, form):
        """Make the request from the submitted form.

        :param Decimal ceiling: the limit that applies now

        :raise RequestRefused: with the code of what cannot be read
        :raise UserError: where it cannot be made
        """
        try:
            amount = read_typed_amount(request.env, form.get("amount"), customer.currency_id)
        except ValueError as error:
            raise RequestRefused("bad_amount") from error
        text = str(form.get("text") or "").strip()[:TEXT_LENGTH_MAX]
        if not amount or amount <= 0:
            raise RequestRefused("bad_amount")
        if amount <= ceiling:
            raise RequestRefused("not_higher")
        if not text:
            raise RequestRefused("no_text")
        files = [{"name": file.name, "raw": file.content} for file in self._read_files(customer)]
        colleague = self._get_colleague()
        wanted = LimitRequest(colleague.id or None, Limit(AMOUNT, amount), text)
        requests = request.env["ar.credit.request"].sudo()  # the visitor's access was checked
        requests = requests if colleague else requests._as_system()
        customer, origin = customer.with_env(requests.env), "staff" if colleague else "portal"
        requests._open_request(customer.partner_id, customer.company_id, wanted, origin=origin, files=files)

    def _render_limit_form(self, customer, credit, refusal=None):
        """Return the form with the previous entries.

        :param dict credit: see `ar.customer._get_page_credit`
        :param refusal: why the request was refused, as text
        """
        values = {
            **self._get_layout_values(customer),
            "credit": credit,
            "currency": customer.currency_id,
            "entries": request.httprequest.form,
            "text_length": TEXT_LENGTH_MAX,
            "accept": attachment.ACCEPT,
            "refusal": refusal and str(refusal),
        }
        return request.render("ar_collections.portal_receivables_limit_form", values)
