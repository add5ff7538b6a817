from urllib.parse import urlencode

from odoo import http
from odoo.exceptions import LockError, UserError, ValidationError
from odoo.http import request

from ..core.autopay import options as autopay_rules
from ..core.autopay.typed_options import OptionsRefused, read_options
from ..core.fingerprint import fingerprint
from ..core.portal import allocation as rules
from ..formats import format_typed_amount, read_typed_amount
from ..messages import AUTOPAY_ENTRY_REFUSALS, AUTOPAY_REFUSALS
from .autopay_methods import ReceivablesAutopayMethods

#: What the visitor enters, carried from the form to the terms and from there to the agreement.
ENTRIES = ("method", "charge_on", "days_before", "month_day", "maximum_charge", "maximum_month")


class ReceivablesAccountAutopay(ReceivablesAutopayMethods):
    """Automatic payment of the account: options -> terms -> consent; change and stop.

    Everybody who may see the page may stop it. Payment methods: `ReceivablesAutopayMethods`.
    """

    @http.route(
        "/my/receivables/<int:customer_id>/autopay",
        type="http", auth="public", methods=["GET"], website=True, sitemap=False,
    )  # fmt: skip
    def receivables_autopay(self, customer_id, access_token=None, **kwargs):
        """Show what is agreed, what is charged next and what was charged; without a consent the form for it."""
        customer = self._find_account(customer_id, access_token)
        if not customer:
            return self._ask_for_new_link()
        return self._render_autopay(customer, "portal_autopay_page", kwargs)

    @http.route(
        "/my/receivables/<int:customer_id>/autopay/change",
        type="http", auth="public", methods=["GET"], website=True, sitemap=False,
    )  # fmt: skip
    def receivables_autopay_change(self, customer_id, access_token=None, **kwargs):
        """Show the form, filled with what is agreed."""
        customer = self._find_account(customer_id, access_token)
        if not customer:
            return self._ask_for_new_link()
        return self._render_autopay(customer, "portal_autopay_change", kwargs)

    @http.route(
        "/my/receivables/<int:customer_id>/autopay/review",
        type="http", auth="public", methods=["GET"], website=True, sitemap=False,
    )  # fmt: skip
    def receivables_autopay_review(self, customer_id, access_token=None, **kwargs):
        """Show the terms of the options that were entered; nothing is changed."""
        customer = self._find_account(customer_id, access_token)
        if not customer:
            return self._ask_for_new_link()
        token, options, problem = self._read_autopay(customer, kwargs)
        if problem:
            return self._render_autopay(customer, "portal_autopay_change", kwargs, problem)
        return self._render_autopay_review(customer, token, options, kwargs)

    @http.route(
        "/my/receivables/<int:customer_id>/autopay",
        type="http", auth="public", methods=["POST"], website=True, sitemap=False,
    )  # fmt: skip
    def receivables_autopay_agree(self, customer_id, access_token=None, **kwargs):
        """Store the consent, or stop automatic payments; an invalid consent shows the terms again with the reason."""
        customer = self._find_account(customer_id, access_token)
        if not customer:
            return self._ask_for_new_link()
        if kwargs.get("do") == "stop":  # never limited: a consent can be withdrawn at any time
            self._stop_account_autopay(customer)
            return request.redirect(customer.get_portal_url(suffix="/autopay"))
        token, options, problem = self._read_autopay(customer, kwargs)
        if problem:
            return self._render_autopay(customer, "portal_autopay_change", kwargs, problem)
        if problem := self._agree_account_autopay(customer, token, options, kwargs):
            return self._render_autopay_review(customer, token, options, kwargs, problem)
        request.session.pop("ar_autopay_saved", None)
        return request.redirect(customer.get_portal_url(suffix="/autopay"))

    # === READING === #

    def _read_autopay(self, customer, values):
        """Return (token, options, problem): what was entered, or as text why it cannot be used.

        :param dict values: of the request; nothing in it is trusted
        """
        methods = self._get_account_methods(customer)
        token = methods.filtered(lambda token: str(token.id) == values.get("method"))
        if not token:
            return token, None, request.env._("Please choose one of your saved payment methods.")
        try:
            options = read_options(
                values,
                request.httprequest.values.getlist("journal"),
                customer._get_autopay_journals().ids,
                lambda text: read_typed_amount(request.env, text, customer.currency_id),
            )
        except OptionsRefused as refused:
            text = request.env._({**AUTOPAY_REFUSALS, **AUTOPAY_ENTRY_REFUSALS}[refused.code])
            return token, None, text % {"most": autopay_rules.DAYS_BEFORE_MAX}
        return token, options, None

    def _agree_account_autopay(self, customer, token, options, values):
        """Store the consent to automatic payment; return None, or as text why it is invalid."""
        name = (values.get("name") or "").strip()[:100]
        if not (values.get("accept") and name):
            return request.env._(AUTOPAY_REFUSALS[autopay_rules.NO_NAME])
        text = customer._get_autopay_consent_text(options)
        if values.get("version") != fingerprint(text):
            return request.env._(AUTOPAY_REFUSALS[autopay_rules.TERMS_CHANGED])
        try:
            with request.env.cr.savepoint():
                self._count_start(customer, "consent")
                customer._lock_account()  # of two windows at once, the second one finds what the first agreed to
                if values.get("replaces") != str(customer._get_live_autopay().id or ""):
                    raise ValidationError(self._get_changed_text())
                customer._accept_autopay(token, name, text, options, request.httprequest.remote_addr)
        except LockError:
            return self._get_refusal_text(rules.BUSY)
        except UserError as error:
            return str(error)
        self._confirm(
            request.env._(
                "Thank you. Your invoices are charged to %(method)s from now on.",
                method=customer._get_live_autopay().method,
            )
        )
        return None

    def _get_changed_text(self):
        return request.env._(
            "Automatic payments were changed in the meantime, perhaps in another window. Nothing was changed now. "
            "Please check what is agreed, and agree again if it should be replaced."
        )

    def _stop_account_autopay(self, customer):
        """End automatic payments of the account; a second press changes nothing."""
        if customer._get_live_autopay():
            customer._stop_autopay(customer._in_staff_language().env._("by the customer on the portal"))
        self._confirm(request.env._("Automatic payments are stopped. You pay your invoices yourself from now on."))

    # === RENDERING === #

    def _render_autopay(self, customer, template, values, problem=None):
        """Return a page with the form.

        :param dict values: of the request; what was entered is shown again
        :param str problem: shown above the form; never a value of the request, which may come with a link
        """
        user = request.env.user
        shown = {
            **self._get_layout_values(customer),
            **customer._get_autopay_page_values(),
            "methods": self._get_account_methods(customer),
            "can_save": bool(self._get_saving_providers(customer)),
            "may_choose": self._may_choose_method(customer),
            "is_public": user._is_public(),
            "journals": customer._get_autopay_journals(),
            "entries": self._get_autopay_entries(customer, values),
            "problem": problem,
            "confirmation": request.session.pop("ar_confirmation", None),
        }
        return request.render(f"ar_collections.{template}", shown)

    def _get_autopay_entries(self, customer, values):
        """Return what fills the form: what was entered, else what is agreed, else the defaults."""
        if any(name in values for name in ENTRIES):
            journals = request.httprequest.values.getlist("journal")
            ticked = {int(text) for text in journals if text.isdecimal() and len(text) < 12}
            return {**{name: values.get(name) or "" for name in ENTRIES}, "journals": ticked}
        consent = customer._get_live_autopay()
        amounts = {
            name: format_typed_amount(request.env, consent[name], customer.currency_id) if consent[name] else ""
            for name in ("maximum_charge", "maximum_month")
        }
        return {
            "method": str(consent.token_id.id or ""),
            "charge_on": consent.charge_on or "due_date",
            "days_before": consent.days_before or "",
            "month_day": consent.month_day or "",
            "journals": set((consent.journal_ids or customer._get_autopay_journals()).ids),
            **amounts,
        }

    def _render_autopay_review(self, customer, token, options, values, problem=None):
        """Return the page with the terms, and what follows from them for the open invoices."""
        text = customer._get_autopay_consent_text(options)
        hidden = [(name, values.get(name) or "") for name in ENTRIES]
        hidden += [("journal", number) for number in request.httprequest.values.getlist("journal")]
        user = request.env.user
        shown = {
            **self._get_layout_values(customer),
            "token": customer.access_token,
            "method": token,
            "summary": customer._get_autopay_summary(options),
            "warnings": customer._get_autopay_warnings(token, options),
            "text": text,
            "version": fingerprint(text),
            "hidden": [*hidden, ("replaces", customer._get_live_autopay().id or "")],
            "name": values.get("name") or ("" if user._is_public() else user.partner_id.name),
            "back_url": customer.get_portal_url(suffix="/autopay/change", query_string="&" + urlencode(hidden)),
            "problem": problem,
            "confirmation": None,
        }
        return request.render("ar_collections.portal_autopay_review", shown)
