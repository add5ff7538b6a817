from odoo import http
from odoo.exceptions import ValidationError
from odoo.http import request

from ..core.fingerprint import fingerprint
from ..models.portal.limits.ar_customer_limits import LimitReached
from .agreements import ReceivablesAgreements


class ReceivablesAutopay(ReceivablesAgreements):
    """Automatic payment of a plan: select a saved payment method, give consent, stop.

    Everybody who may see the page may stop it. Giving consent requires a login: saved payment methods belong to the
    user who saved them, and a link may be passed on.
    """

    @http.route(
        "/my/receivables/<int:customer_id>/plan/<int:plan_id>/method",
        type="http", auth="public", methods=["GET"], website=True, sitemap=False,
    )  # fmt: skip
    def receivables_plan_method(self, customer_id, plan_id, access_token=None, **kwargs):
        """Show how the plan is paid, and the form to pay it automatically."""
        customer = self._find_account(customer_id, access_token)
        plan = self._find_running_plan(customer, plan_id)
        if not plan:
            return self._ask_for_new_link()
        return self._render_method_form(customer, plan, {"thanks": kwargs.get("thanks")})

    @http.route(
        "/my/receivables/<int:customer_id>/plan/<int:plan_id>/method",
        type="http", auth="public", methods=["POST"], website=True, sitemap=False,
    )  # fmt: skip
    def receivables_plan_method_choose(self, customer_id, plan_id, access_token=None, **kwargs):
        """Store the consent, or stop automatic payment; an invalid consent shows the form again with the reason."""
        customer = self._find_account(customer_id, access_token)
        plan = self._find_running_plan(customer, plan_id)
        if not plan:
            return self._ask_for_new_link()
        if kwargs.get("do") == "stop":  # never limited: a consent can be withdrawn at any time
            plan._stop_autopay(plan._in_staff_language().env._("by the customer on the portal"))
        elif problem := self._take_consent(customer, plan, kwargs):
            return self._render_method_form(customer, plan, {**kwargs, "problem": problem})
        return request.redirect(customer.get_portal_url(suffix=f"/plan/{plan.id}/method", query_string="&thanks=1"))

    # === HELPERS === #

    def _find_running_plan(self, customer, plan_id):
        """Return the customer's own active plan; empty for others, which must look like unused ids."""
        plans = request.env["ar.payment.plan"].sudo()  # searched among the customer's own only
        if not customer:
            return plans
        domain = [("id", "=", plan_id), ("customer_id", "=", customer.id), ("state", "=", "active")]
        return plans.search(domain).with_company(customer.company_id)

    def _take_consent(self, customer, plan, values):
        """Store the consent to automatic payment; return None, or as text why it is invalid."""
        name = (values.get("name") or "").strip()[:100]
        selected = [token for token in self._get_own_methods(customer, plan) if str(token.id) == values.get("method")]
        if not selected:
            return request.env._("Please choose one of your saved payment methods.")
        if not (values.get("accept") and name):
            return request.env._("Please enter your name and confirm that you agree.")
        text = plan._get_consent_text()
        if values.get("version") != fingerprint(text):
            return request.env._("The terms have changed in the meantime. Please read them again.")
        try:
            with request.env.cr.savepoint():
                self._count_start(customer, "consent")
                plan._accept_autopay(selected[0], name, text, request.httprequest.remote_addr)
        except (LimitReached, ValidationError) as error:
            return str(error)
        return None

    def _get_own_methods(self, customer, plan):
        """Return the visitor's saved payment methods (`payment.token`) that can pay this plan.

        Empty without a login, and for users of other customers.
        """
        tokens = request.env["payment.token"].sudo()  # the user's own, as on Odoo's page of saved methods
        partner = request.env.user.partner_id
        if request.env.user._is_public() or partner.commercial_partner_id != customer.partner_id:
            return tokens
        # Providers hold secrets; only their ids are used here.
        providers = request.env["payment.provider"].sudo()
        usable = providers._get_compatible_providers(
            customer.company_id.id, partner.id, plan.amount_total, currency_id=plan.currency_id.id
        )
        return tokens._get_available_tokens(usable.ids, partner.id)

    def _render_method_form(self, customer, plan, values):
        cases = plan.installment_ids._get_autopay_cases()
        text = plan._get_consent_text()
        user = request.env.user
        shown = {
            **self._get_layout_values(customer),
            "plan": plan,
            "rows": [(row, float(case.left)) for row, case in cases.items() if case.left > 0],
            "methods": self._get_own_methods(customer, plan),
            "method": values.get("method"),
            "text": text,
            "version": fingerprint(text),
            "problem": values.get("problem"),
            "thanks": values.get("thanks"),
            "name": values.get("name") or ("" if user._is_public() else user.partner_id.name),
            "is_public": user._is_public(),
            "is_own": user.partner_id.commercial_partner_id == customer.partner_id,
        }
        return request.render("ar_collections.portal_plan_method", shown)
