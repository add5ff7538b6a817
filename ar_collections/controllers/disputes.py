from odoo import http
from odoo.exceptions import LockError
from odoo.http import request
from odoo.tools.mimetypes import guess_mimetype

from ..core.disputes import attachment
from ..core.disputes import dispute as rules
from ..core.disputes.attachment import File
from ..core.portal.allocation import RequestRefused
from ..core.portal.limits import KILOBYTES
from ..formats import read_typed_amount
from ..messages import DISPUTE_REFUSALS
from ..models.portal.limits.ar_customer_limits import LimitReached
from .agreements import ReceivablesAgreements

#: Maximum length of the customer's statement in a dispute, in characters.
TEXT_LENGTH_MAX = 4000


class ReceivablesDisputes(ReceivablesAgreements):
    """Disputes on the customer's page. Nothing in a request is trusted: items, amounts and files are checked."""

    @http.route(
        "/my/receivables/<int:customer_id>/dispute",
        type="http", auth="public", methods=["GET"], website=True, sitemap=False,
    )  # fmt: skip
    def receivables_dispute_form(self, customer_id, access_token=None, message=None, **_kwargs):
        """Show the form to dispute the selected items, or those of a reminder, whose link leads here.

        The link changes nothing, and of several items it selects none: mostly one of them is wrong.
        """
        customer = self._find_account(customer_id, access_token)
        if not customer:
            return self._ask_for_new_link()
        if not customer._may_dispute():
            return request.redirect(customer.get_portal_url(anchor="messages"))
        entries = self._get_disputed_entries(customer, message)
        if not entries and not self._get_listed_items(customer, message):
            return self._refuse_unlisted(customer, message)
        obstacles = {}
        if not self._get_colleague():  # whose disputes have no limits
            obstacles = customer._find_dispute_obstacles([entry["line"].id for entry in entries])
        allowed = [entry for entry in entries if entry["line"].id not in obstacles]
        if not allowed:
            code = next(iter(obstacles.values()), rules.ALREADY_DISPUTED)
            return self._render_dispute_form(customer, [], DISPUTE_REFUSALS[code])
        barred = {
            entry["line"].move_id.name: str(DISPUTE_REFUSALS[obstacles[entry["line"].id]])
            for entry in entries
            if entry["line"].id in obstacles
        }
        return self._render_dispute_form(customer, allowed, barred=barred)

    @http.route(
        "/my/receivables/<int:customer_id>/dispute",
        type="http", auth="public", methods=["POST"], website=True, sitemap=False,
    )  # fmt: skip
    def receivables_dispute_post(self, customer_id, access_token=None, **kwargs):
        """Create the dispute with its files; when it is refused, nothing is stored and the form shows the entries."""
        customer = self._find_account(customer_id, access_token)
        if not customer:
            return self._ask_for_new_link()
        if not customer._may_dispute():
            return request.redirect(customer.get_portal_url())
        try:
            with request.env.cr.savepoint():
                self._count_start(customer, "dispute")
                self._confirm(self._raise_dispute(customer, kwargs)._get_confirmation())
        except RequestRefused as refused:
            return self._render_refused(customer, DISPUTE_REFUSALS[refused.code])
        except LockError:
            return self._render_refused(customer, DISPUTE_REFUSALS[rules.BUSY])
        except LimitReached as refused:
            return self._render_refused(customer, refused)
        return request.redirect(customer.get_portal_url(query_string="&thanks=1", anchor="agreements"))

    @http.route(
        "/my/receivables/<int:customer_id>/dispute/<int:dispute_id>",
        type="http", auth="public", methods=["GET"], website=True, sitemap=False,
    )  # fmt: skip
    def receivables_dispute(self, customer_id, dispute_id, access_token=None, **_kwargs):
        """Show one dispute of the customer, with the button to withdraw it."""
        customer = self._find_account(customer_id, access_token)
        dispute = customer and customer._get_portal_dispute(dispute_id)
        if not dispute:
            return self._ask_for_new_link()
        values = {
            **self._get_layout_values(customer),
            "dispute": dispute,
            "status": dispute._get_status(),
            "is_open": dispute.state in rules.OPEN_STATES,
            "may_withdraw": dispute._may_customer_withdraw(),
            "files": dispute.file_ids.mapped("name"),  # the customer's own; attachments by staff are not among them
        }
        return request.render("ar_collections.portal_receivables_dispute", values)

    @http.route(
        "/my/receivables/<int:customer_id>/dispute/<int:dispute_id>/withdraw",
        type="http", auth="public", methods=["POST"], website=True, sitemap=False,
    )  # fmt: skip
    def receivables_dispute_withdraw(self, customer_id, dispute_id, access_token=None, **_kwargs):
        """Withdraw an open dispute; one that is resolved, or not the customer's to end, stays so and is shown."""
        customer = self._find_account(customer_id, access_token)
        dispute = customer and customer._get_portal_dispute(dispute_id)
        if not dispute:
            return self._ask_for_new_link()
        if dispute.state == rules.WITHDRAWN:  # pressed twice
            return request.redirect(customer.get_portal_url(query_string="&thanks=1"))
        if not dispute._may_customer_withdraw():  # its page shows the answer that came in the meantime
            return request.redirect(customer.get_portal_url(suffix=f"/dispute/{dispute.id}"))
        try:
            with request.env.cr.savepoint():
                self._count_start(customer, "withdrawal")
                dispute._as_system()._withdraw(notify=customer._may_start("confirmation"), by_customer=True)
        except LimitReached as refused:
            return self._render_page(customer, {}, refusal=str(refused))
        return request.redirect(customer.get_portal_url(query_string="&thanks=1"))

    # === HELPERS === #

    def _raise_dispute(self, customer, form):
        """Create the dispute from the submitted form and return it.

        :raise RequestRefused: when it cannot be disputed, with the code of the reason
        :raise LockError: when another transaction holds the account
        """
        currencies = self._get_currencies(self._get_ticked_ids())
        requested = {
            item_id: self._read_disputed_amount(form, item_id, currencies.get(item_id))
            for item_id in self._get_ticked_ids()
        }
        reason = customer._get_dispute_reasons().filtered(lambda reason: str(reason.id) == form.get("reason"))
        if not reason:
            raise RequestRefused(rules.NO_REASON)
        text = (form.get("text") or "").strip()[:TEXT_LENGTH_MAX]
        if not text:
            raise RequestRefused(rules.NO_TEXT)
        files = self._read_files(customer)
        colleague = self._get_colleague()
        disputes = request.env["ar.dispute"].sudo()  # the visitor's access was checked
        disputes = disputes if colleague else disputes._as_system()
        account = customer.with_env(disputes.env).with_company(customer.company_id)
        origin = "staff" if colleague else "portal"
        return disputes._raise_dispute(account, reason, requested, text, origin, files)

    def _read_disputed_amount(self, form, item_id, currency):
        """Return the amount entered for an item as Decimal, None for all of it.

        :param currency: that of the item; None for an unknown item
        :raise RequestRefused: for an invalid amount, or an unknown item
        """
        if currency is None:
            raise RequestRefused(rules.UNKNOWN_ITEM, item_id)
        try:
            return read_typed_amount(request.env, form.get(f"amount_{item_id}"), currency)
        except ValueError as error:
            raise RequestRefused(rules.BAD_AMOUNT, item_id) from error

    def _read_files(self, customer):
        """Return the uploaded files, checked by name, size and content.

        Sizes are checked before any content is read.

        :rtype: list[core.disputes.attachment.File]
        :raise RequestRefused: for the first file that is not accepted
        :raise LimitReached: where more was sent on this day than the policy allows
        """
        sent = [file for file in request.httprequest.files.getlist("files") if file.filename]
        sizes = []
        for file in sent:
            sizes.append(file.stream.seek(0, 2))
            file.stream.seek(0)
        attachment.check_sizes(sizes)
        if sizes:
            self._count_start(customer, "upload", sum(1 + size // KILOBYTES for size in sizes))
        files = [File(attachment.safe_name(file.filename), file.stream.read()) for file in sent]
        for file in files:
            attachment.check_kind(file, guess_mimetype(file.content, default="application/octet-stream"))
        return files

    def _refuse_unlisted(self, customer, message):
        """Return the answer where none of the listed items is open: what was paid of a reminder is said to be."""
        listed = self._ticked_by_message(customer, message) or ()
        if any(not disputable.residual for disputable in customer._get_disputables(list(listed))):
            return self._render_dispute_form(customer, [], DISPUTE_REFUSALS[rules.PAID_ITEM])
        return request.redirect(customer.get_portal_url(query_string="&refused=nothing_selected"))

    def _get_disputed_entries(self, customer, message=None):
        """Return the listed items that may be disputed, with ``left`` (Decimal) and ``entered`` (raw text).

        For the rest, and the reminder whose link was opened, see `_get_listed_items`.
        """
        lefts = {disputable.item_id: disputable.left for disputable in customer._get_disputables()}
        return [
            {**entry, "left": left, "entered": request.httprequest.form.get(f"amount_{entry['item'].item_id}", "")}
            for entry in self._get_listed_items(customer, message, is_ticked=False)
            if (left := lefts[entry["item"].item_id])
        ]

    def _render_refused(self, customer, refusal):
        """Return the form with what was entered, and why it was refused."""
        return self._render_dispute_form(customer, self._get_disputed_entries(customer), refusal)

    def _render_dispute_form(self, customer, entries, refusal=None, barred=None):
        """Return the form with the previous entries.

        :param entries: see `_get_disputed_entries`
        :param refusal: why the dispute was refused, as text
        :param dict barred: {invoice number: text why it cannot be disputed}, of what is listed beside the entries
        """
        form = request.httprequest.form
        values = {
            **self._get_layout_values(customer),
            "entries": entries,
            "barred": barred or {},
            "reasons": customer._get_dispute_reasons(),
            "chosen_reason": form.get("reason"),
            "text": form.get("text", ""),
            "text_length": TEXT_LENGTH_MAX,
            "accept": attachment.ACCEPT,
            "refusal": refusal and str(refusal),
        }
        return request.render("ar_collections.portal_receivables_dispute_form", values)
