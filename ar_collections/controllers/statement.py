from odoo import http
from odoo.http import content_disposition, request

from ..core.portal.request_values import read_day
from ..models.portal.limits.ar_customer_limits import LimitReached
from .portal import ReceivablesPortal

#: Paid invoices per page.
PAID_SIZE = 50


class ReceivablesStatement(ReceivablesPortal):
    """Documents on the customer's page: the statement of account, and invoices and credit notes."""

    @http.route(
        "/my/receivables/<int:customer_id>/document/<int:move_id>",
        type="http", auth="public", methods=["GET"], website=True, sitemap=False,
    )  # fmt: skip
    def receivables_document(self, customer_id, move_id, access_token=None, download=None, **_kwargs):
        """Redirect to a document's own page, or to its PDF.

        The document's token is created here and not when the list is shown, which would write one for every invoice. Of
        another customer of the group the payer gets the PDF alone: a token would outlast the group.
        """
        customer = self._find_account(customer_id, access_token)
        move = customer._find_document(move_id) if customer else None
        if not move:
            return self._ask_for_new_link()
        move = move.with_context(skip_is_manually_modified=True)  # a token is no change of the invoice
        debts = move.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        if customer.partner_id not in debts.partner_id.commercial_partner_id:
            try:
                self._count_start(customer, "document")
            except LimitReached as refused:
                return self._render_page(customer, {}, refusal=str(refused))
            if legal := move._get_invoice_legal_documents("pdf"):
                return self._send_file(legal["filename"], legal["filetype"], legal["content"], download)
            return self._show_report(move, "pdf", self._get_report_name(move), download=bool(download))
        return request.redirect(move.get_portal_url(report_type="pdf" if download else None, download=bool(download)))

    def _get_report_name(self, move):
        """Return the report of an invoice, as Odoo's own page of it chooses it."""
        request.update_context(proforma_invoice=not move.invoice_pdf_report_id)
        return move.partner_id.invoice_template_pdf_report_id.report_name or "account.account_invoices"

    @http.route(
        "/my/receivables/<int:customer_id>/paid",
        type="http", auth="public", methods=["GET"], website=True, sitemap=False,
    )  # fmt: skip
    def receivables_paid(self, customer_id, access_token=None, **kwargs):
        """List the invoices that are paid, the latest first."""
        customer = self._find_account(customer_id, access_token)
        if not customer:
            return self._ask_for_new_link()
        page, search = self._page(kwargs), self._get_search(kwargs)
        moves = customer._get_paid_documents(search, (page - 1) * PAID_SIZE, PAID_SIZE + 1)
        values = {
            **self._get_layout_values(customer),
            "moves": moves[:PAID_SIZE],
            "has_more": len(moves) > PAID_SIZE,
            "page": page,
            "search": search,
            "search_query": self._get_search_query(kwargs),
        }
        return request.render("ar_collections.portal_receivables_paid", values)

    @http.route(
        "/my/receivables/<int:customer_id>/statement.<string:kind>",
        type="http", auth="public", methods=["GET"], website=True, sitemap=False,
    )  # fmt: skip
    def receivables_statement(self, customer_id, kind, access_token=None, date=None, **_kwargs):
        """Return the statement as of a date; an invalid date means today, and so does one to come.

        :param str kind: ``pdf``, ``xlsx`` or ``csv``
        """
        customer = self._find_account(customer_id, access_token)
        if not customer or kind not in ("pdf", "xlsx", "csv"):
            return self._ask_for_new_link()
        try:
            self._count_start(customer, "document")
        except LimitReached as refused:
            return self._render_page(customer, {}, refusal=str(refused))
        statement = request.env["ar.statement"].sudo()  # the customer's own, checked above
        today = customer.company_id._ar_today()
        day = min(read_day(date) or today, today)
        members = statement._get_visible_members(customer, day)
        content, mimetype = getattr(statement, f"_render_{kind}")(customer, day, member_ids=members)
        return self._send_file(statement._get_file_name(customer, kind, day), mimetype, content)

    def _send_file(self, name, mimetype, content, download=True):
        """Return the response with a file, to be kept, or shown by the browser."""
        disposition = content_disposition(name, "attachment" if download else "inline")
        return request.make_response(content, [("Content-Type", mimetype), ("Content-Disposition", disposition)])
