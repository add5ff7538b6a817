from datetime import timedelta

from odoo import http
from odoo.exceptions import UserError
from odoo.http import content_disposition, request

from ..const import PLAN_FREQUENCIES
from ..core.money import ZERO, to_decimal
from ..core.plans import schedule as plan_schedule
from ..core.plans.plan import seen_version
from ..core.portal.allocation import RequestRefused
from ..core.portal.request_values import read_day
from ..formats import format_typed_amount, read_typed_amount
from ..messages import PLAN_ERRORS
from ..models.portal.limits.ar_customer_limits import LimitReached
from .agreements import ReceivablesAgreements


class ReceivablesPlans(ReceivablesAgreements):
    """Payment plans on the customer's page: request, preview, accept, and the page of a plan with its payments.

    A request names items, a number of installments and dates; amounts, limits and terms are set by the server and
    checked again at every step.
    """

    # === REQUEST === #

    @http.route(
        "/my/receivables/<int:customer_id>/plan",
        type="http", auth="public", methods=["GET"], website=True, sitemap=False,
    )  # fmt: skip
    def receivables_plan_form(self, customer_id, access_token=None, **kwargs):
        """Show the form, with a preview of the schedule once it is filled in; nothing is agreed here."""
        customer = self._find_account(customer_id, access_token)
        if not customer or "plan" not in customer._get_possible_asks():
            return self._ask_for_new_link()
        items = self._get_plannable(customer)
        if not items:
            return request.redirect(customer.get_portal_url(query_string="&refused=nothing_selected"))
        if waiting := customer._find_waiting_request({row["item"].item_id: None for row in items}):
            return request.redirect(waiting._get_page_url())
        return self._render_plan_form(customer, items, kwargs)

    @http.route(
        "/my/receivables/<int:customer_id>/plan",
        type="http", auth="public", methods=["POST"], website=True, sitemap=False,
    )  # fmt: skip
    def receivables_plan_accept_own(self, customer_id, access_token=None, **kwargs):
        """Create the plan that was previewed, if it is accepted and the same as in the preview."""
        customer = self._find_account(customer_id, access_token)
        if not customer or "plan" not in customer._get_possible_asks():
            return self._ask_for_new_link()
        amounts = dict.fromkeys(self._get_ticked_ids())
        if waiting := customer._find_waiting_request(amounts):
            return request.redirect(waiting._get_page_url())
        items = self._get_plannable(customer)
        if not items or {row["item"].item_id for row in items} != set(amounts):
            return request.redirect(customer.get_portal_url(query_string="&refused=unknown_item"))
        requested = self._read_request(customer, items, kwargs)
        if requested["errors"] or not requested["schedule"]:
            return self._render_plan_form(customer, items, kwargs)
        if problem := self._find_problem(customer, kwargs, items, requested["schedule"]):
            return self._render_plan_form(customer, items, kwargs, problem)
        acceptance = {"name": kwargs["name"].strip()[:100], "ip": request.httprequest.remote_addr}
        try:
            with request.env.cr.savepoint():
                self._count_start(customer, "plan")
                plan = customer._request_plan(
                    amounts, requested["schedule"], requested["frequency"], acceptance, self._get_colleague()
                )
        except UserError as error:
            return self._render_plan_form(customer, items, kwargs, str(error))
        return request.redirect(plan._get_page_url("&thanks=1"))

    def _find_problem(self, customer, values, items, schedule):
        """Return why the acceptance is invalid, as text, or None.

        Entries that became invalid since the preview were replaced by defaults: that is another plan.

        :param dict values: the submitted form
        :param items: the selected items, see `_get_ticked_items`
        :param schedule: list[core.plans.plan.Installment], as it would be now
        """
        if not values.get("accept") or not (values.get("name") or "").strip():
            return request.env._("Please enter your name and confirm that you accept the plan.")
        if values.get("version") != self._get_plan_version(customer._get_plan_terms()[0], items, schedule):
            return request.env._("The plan has changed in the meantime. Please read it again.")
        return None

    # === PAGE OF A PLAN === #

    @http.route(
        "/my/receivables/<int:customer_id>/plan/<int:plan_id>",
        type="http", auth="public", methods=["GET"], website=True, sitemap=False,
    )  # fmt: skip
    def receivables_plan(self, customer_id, plan_id, access_token=None, **kwargs):
        """Show the plan: its installments with payments, and the button to accept it while it is proposed."""
        customer = self._find_account(customer_id, access_token)
        plan = self._find_plan(customer, plan_id)
        if not plan:
            return self._ask_for_new_link()
        return self._render_plan(customer, plan, thanks=kwargs.get("thanks"))

    @http.route(
        "/my/receivables/<int:customer_id>/plan/<int:plan_id>/accept",
        type="http", auth="public", methods=["POST"], website=True, sitemap=False,
    )  # fmt: skip
    def receivables_plan_accept(self, customer_id, plan_id, access_token=None, **kwargs):
        """Accept a proposed plan; a repeated request has no effect."""
        customer = self._find_account(customer_id, access_token)
        plan = self._find_plan(customer, plan_id)
        if not plan:
            return self._ask_for_new_link()
        name = (kwargs.get("name") or "").strip()[:100]
        if plan.state == "proposed" and not (kwargs.get("accept") and name):
            problem = request.env._("Please enter your name and confirm that you accept the plan.")
            return self._render_plan(customer, plan, problem=problem, entries=kwargs)
        if plan.state == "proposed":
            try:
                with request.env.cr.savepoint():
                    self._count_start(customer, "plan")
                    plan._accept(name, request.httprequest.remote_addr, kwargs.get("version"))
            except UserError as error:
                return self._render_plan(customer, plan, problem=str(error), entries=kwargs)
        return request.redirect(plan._get_page_url("&thanks=1"))

    @http.route(
        "/my/receivables/<int:customer_id>/plan/<int:plan_id>/agreement.pdf",
        type="http", auth="public", methods=["GET"], website=True, sitemap=False,
    )  # fmt: skip
    def receivables_plan_agreement(self, customer_id, plan_id, access_token=None, **_kwargs):
        """Return the agreement as PDF."""
        customer = self._find_account(customer_id, access_token)
        plan = self._find_plan(customer, plan_id)
        if not plan:
            return self._ask_for_new_link()
        try:
            self._count_start(customer, "document")
        except LimitReached as refused:
            return self._render_page(customer, {}, refusal=str(refused))
        name = f"{plan._get_agreement_name()}.pdf"
        headers = [("Content-Type", "application/pdf"), ("Content-Disposition", content_disposition(name))]
        return request.make_response(plan._render_agreement(), headers)

    @http.route(
        "/my/receivables/<int:customer_id>/plan/<int:plan_id>/pay",
        type="http", auth="public", methods=["POST"], website=True, sitemap=False, csrf=False,
    )  # fmt: skip
    def receivables_plan_pay(self, customer_id, plan_id, access_token=None, installment=None, **_kwargs):
        """Redirect to the payment form with all amounts due up to an installment selected.

        Without CSRF protection, as `receivables_choose`: a selection changes nothing.

        :param str installment: id of the last installment to pay
        """
        customer = self._find_account(customer_id, access_token)
        plan = self._find_plan(customer, plan_id)
        if not plan:
            return self._ask_for_new_link()
        rows = [row for row in plan._get_payment_rows() if str(row["installment"].id) == installment and row["pay"]]
        if not rows:
            return request.redirect(plan._get_page_url())
        parts = plan._get_payment_parts(to_decimal(rows[0]["pay"]))
        try:
            with request.env.cr.savepoint():
                self._count_start(customer, "choice")
                # The visitor's access to the account was checked.
                choices = request.env["ar.payment.choice"].sudo()
                choice = choices._make(customer, parts, (), rows[0]["installment"])
                choice._allocate()
        except LimitReached as refused:
            return self._render_page(customer, {}, refusal=str(refused))
        except RequestRefused as refused:
            return request.redirect(customer.get_portal_url(query_string=f"&refused={refused.code}"))
        return request.redirect(customer.get_portal_url(suffix=f"/pay/{choice.token}"))

    # === HELPERS === #

    def _find_plan(self, customer, plan_id):
        """Return the customer's own plan, if it is visible to the customer; empty for others, as for unused ids."""
        plans = request.env["ar.payment.plan"].sudo()  # searched among the customer's own only
        if not customer:
            return plans
        plan = plans.search([("id", "=", plan_id), ("customer_id", "=", customer.id)])
        return plan if plan and plan._is_visible_to_customer() else plans

    def _get_plannable(self, customer):
        """Return the selected items that are free for a plan, in the currency of the first one.

        :return: see `_get_ticked_items`
        """
        rows = [row for row in self._get_ticked_items(customer) if row["free"] > 0]
        return [row for row in rows if row["item"].currency == rows[0]["item"].currency]

    def _total(self, items):
        return sum((row["free"] for row in items), ZERO)

    def _get_plan_version(self, terms, items, schedule):
        """Return the identifier of a plan as its preview shows it."""
        return seen_version(terms, schedule, {row["item"].item_id: row["free"] for row in items})

    def _read_request(self, customer, items, values):
        """Return the requested plan with its preview; invalid entries are replaced by defaults.

        :return: {count, frequency, first: date, down_payment: Decimal, and the values of `_preview`}
        """
        today = customer.company_id._ar_today()
        most = customer.policy_id.plan_installments_max
        typed = (values.get("count") or "").strip()
        count = int(typed) if typed.isdecimal() and len(typed) < 4 else 0
        count = count if 2 <= count <= most else min(3, most)
        currency = items[0]["line"].currency_id
        problems = []
        try:
            down_payment = read_typed_amount(request.env, values.get("down_payment"), currency) or ZERO
        except ValueError:
            down_payment, problems = ZERO, [request.env._(PLAN_ERRORS[plan_schedule.BAD_AMOUNT])]
        frequency = values.get("frequency") if values.get("frequency") in dict(PLAN_FREQUENCIES) else "month"
        first = read_day(values.get("first")) or today + timedelta(days=7)
        requested = {"count": count, "frequency": frequency, "first": first, "down_payment": down_payment}
        preview = {"schedule": [], "errors": problems, "beyond": False} if problems else {}
        typed = format_typed_amount(request.env, down_payment, currency) if down_payment else ""
        return {
            **requested,
            **(preview or self._preview(customer, items, **requested)),
            "typed_down_payment": values.get("down_payment") if problems else typed,
        }

    def _preview(self, customer, items, count, frequency, first, down_payment):
        """Return {schedule, errors: texts of what makes it impossible, beyond: whether a manager must approve it}."""
        currency = items[0]["line"].currency_id
        try:
            schedule = customer._get_schedule(
                self._total(items), currency, frequency, first, count, down_payment=down_payment
            )
        except (ValueError, OverflowError):
            return {"schedule": [], "errors": [request.env._(PLAN_ERRORS[plan_schedule.BAD_SUM])], "beyond": False}
        check = customer._check_plan(
            customer._get_planned_items({row["item"].item_id: None for row in items}), schedule
        )
        return {
            "schedule": schedule,
            "errors": [request.env._(PLAN_ERRORS[code]) for code in check.errors],
            "beyond": bool(check.beyond),
        }

    def _render_plan_form(self, customer, items, values, problem=None):
        requested = self._read_request(customer, items, values)
        terms, _version = customer._get_plan_terms()
        shown = {
            **self._get_layout_values(customer),
            "items": items,
            "currency": items[0]["line"].currency_id,
            "total": self._total(items),
            "requested": requested,
            "previewed": bool(values.get("count")),
            "problem": problem or " ".join(requested["errors"] if values.get("count") else []),
            "most": customer.policy_id.plan_installments_max,
            "frequencies": request.env["ar.payment.plan"]._fields["frequency"]._description_selection(request.env),
            "terms": terms.splitlines(),
            "version": self._get_plan_version(terms, items, requested["schedule"]),
            "name": values.get("name") or "",
            "accepted": bool(values.get("accept")),
        }
        return request.render("ar_collections.portal_plan_form", shown)

    def _render_plan(self, customer, plan, problem=None, thanks=None, entries=None):
        shown = {
            **self._get_layout_values(customer),
            "plan": plan,
            "currency": plan.currency_id,
            "rows": plan._get_payment_rows(),
            "terms": (plan.terms or "").splitlines(),
            "version": plan._get_shown_version(),
            "problem": problem,
            "thanks": thanks,
            "name": (entries or {}).get("name"),
            "accepted": bool((entries or {}).get("accept")),
        }
        return request.render("ar_collections.portal_plan_page", shown)
