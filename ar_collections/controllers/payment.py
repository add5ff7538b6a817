from collections import defaultdict

from odoo import http
from odoo.exceptions import LockError, ValidationError
from odoo.http import request

from ..core.money import ZERO
from ..core.portal import allocation as rules
from ..core.portal.allocation import RequestRefused
from ..core.portal.request_values import read_id
from ..formats import format_amount, read_typed_amount
from ..messages import PAYMENT_REFUSALS
from ..models.portal.limits.ar_customer_limits import LimitReached
from .payment_methods import ReceivablesPaymentMethods

#: Maximum number of invoices named in the payment reference; providers and banks truncate long references.
FEW_INVOICES = 3


class ReceivablesPayment(ReceivablesPaymentMethods):
    """From selected items to an online payment. Nothing in a request is trusted; amounts are computed on the server."""

    @http.route(
        "/my/receivables/<int:customer_id>/choose",
        type="http", auth="public", methods=["POST"], website=True, sitemap=False, csrf=False,
    )  # fmt: skip
    def receivables_choose(self, customer_id, access_token=None, **kwargs):
        """Store the selection and redirect to the payment form.

        Without CSRF protection, so that a page left open overnight still works: a selection changes nothing.
        """
        customer = self._find_account(customer_id, access_token)
        if not customer:
            return self._ask_for_new_link()
        try:
            selected, credits, surplus = self._read_choice(customer, kwargs)
            try:
                customer._allocate(selected, credits)
            except RequestRefused as refused:
                if refused.code != rules.COVERED_BY_CREDIT:
                    raise
        except RequestRefused as refused:
            return request.redirect(customer.get_portal_url(query_string=f"&refused={refused.code}"))
        try:
            self._count_start(customer, "choice")
        except LimitReached as refused:
            ticked = "-".join(request.httprequest.form.getlist("item"))
            return self._render_page(customer, {**kwargs, "items": ticked}, refusal=str(refused))
        # The visitor's access to the account was checked.
        choice = request.env["ar.payment.choice"].sudo()._make(customer, selected, credits, surplus=surplus)
        return request.redirect(customer.get_portal_url(suffix=f"/pay/{choice.token}"))

    @http.route(
        "/my/receivables/<int:customer_id>/pay/<string:choice_token>",
        type="http", auth="public", methods=["GET"], website=True, sitemap=False,
    )  # fmt: skip
    def receivables_pay(self, customer_id, choice_token, access_token=None, **_kwargs):
        """Show the items the payment settles, and the payment methods; items covered by credits need no payment."""
        customer = self._find_account(customer_id, access_token)
        if not customer:
            return self._ask_for_new_link()
        choice = self._get_choice(customer, choice_token)
        try:
            allocation = choice._allocate()
        except RequestRefused as refused:
            if refused.code == rules.COVERED_BY_CREDIT:
                return request.render(
                    "ar_collections.portal_receivables_covered", self._get_covered_values(customer, choice)
                )
            return request.redirect(customer.get_portal_url(query_string=f"&refused={refused.code}"))
        return request.render(
            "ar_collections.portal_receivables_pay", self._get_pay_values(customer, choice, allocation)
        )

    @http.route(
        "/my/receivables/<int:customer_id>/apply/<string:choice_token>",
        type="http", auth="public", methods=["POST"], website=True, sitemap=False,
    )  # fmt: skip
    def receivables_apply(self, customer_id, choice_token, access_token=None, **_kwargs):
        """Reconcile the selected credits with the selected items, where they cover them."""
        customer = self._find_account(customer_id, access_token)
        if not customer:
            return self._ask_for_new_link()
        choice = self._get_choice(customer, choice_token)
        try:
            with request.env.cr.savepoint():
                self._count_start(customer, "credit")
                customer._lock_account()  # of two concurrent requests, the second one finds the credits used
                allocation = choice._allocate_credits()
                customer._apply_credits(allocation)
        except LimitReached as refused:
            return self._render_page(customer, {}, refusal=str(refused))
        except LockError:
            return request.redirect(customer.get_portal_url(query_string=f"&refused={rules.BUSY}"))
        except RequestRefused as refused:
            return request.redirect(customer.get_portal_url(query_string=f"&refused={refused.code}"))
        choice.unlink()
        self._confirm(self._get_applied_text(customer, allocation))
        return request.redirect(customer.get_portal_url(query_string="&thanks=1"))

    @http.route("/my/receivables/<int:customer_id>/transaction/<string:choice_token>", type="jsonrpc", auth="public")
    def receivables_transaction(self, customer_id, choice_token, access_token=None, **kwargs):
        """Create the transaction for a choice; called by Odoo's own payment form.

        :return: the provider's processing values
        :raise ValidationError: when the choice cannot be paid any more, with what to do
        """
        kwargs.pop("payment_reference", None)  # added to every form by `account_payment`
        self._validate_transaction_kwargs(kwargs)
        customer = self._find_account(customer_id, access_token)
        if not customer:
            raise ValidationError(self._get_refusal_text(rules.UNKNOWN_ITEM))
        try:
            self._count_start(customer, "transaction")
            choice = self._get_choice(customer, choice_token)
            # Of two concurrent requests, the second one finds the items being paid, also by a member of the group.
            choice._get_accounts()._lock_account()
            allocation = choice._allocate()
        except LockError as error:
            raise ValidationError(str(error)) from error
        except RequestRefused as refused:
            raise ValidationError(self._get_refusal_text(refused.code)) from refused
        return self._create_receivables_transaction(choice, allocation, **kwargs)

    # === HELPERS === #

    def _create_receivables_transaction(self, choice, allocation, **kwargs):
        """Create the transaction with its allocation and return the provider's processing values.

        Amount, currency, partner and landing page are set by the server; the amount in the request is only compared.
        Who comes back to the form gets the transaction that was made before, so that a choice is not paid twice.

        :param choice: `ar.payment.choice`
        :param allocation: core.portal.allocation.Allocation
        :raise ValidationError: for another amount than the allocation's total, or a method that is not available
        """
        customer = choice.customer_id
        currency = request.env["res.currency"]._ar_named(allocation.currency)
        total = float(allocation.total)
        amount = kwargs.get("amount")
        if not isinstance(amount, (int, float)) or not abs(amount - total) < currency.rounding / 2:
            raise ValidationError(self._get_refusal_text(rules.TOO_MUCH))
        partner = self._get_paying_partner(customer, kwargs)
        self._check_method(customer, partner, currency, total, kwargs)
        if earlier := choice._find_transaction(allocation, kwargs):
            return earlier._get_processing_values()
        kwargs.update(
            amount=total,
            currency_id=currency.id,
            partner_id=partner.id,
            landing_route=customer._get_page_address(),
            reference_prefix=self._get_reference_prefix(customer, allocation),
            is_validation=False,
        )
        tx_sudo = self._create_transaction(
            custom_create_values=customer._prepare_transaction_vals(allocation), **kwargs
        )
        self._let_return(customer)
        tx_sudo.landing_route = customer._get_page_address(paid=tx_sudo.reference)
        choice.transaction_id = tx_sudo
        return tx_sudo._get_processing_values()

    def _get_reference_prefix(self, customer, allocation):
        """Return the prefix of the payment reference: a batch number for many invoices, None for their numbers."""
        if len(allocation.parts) <= FEW_INVOICES:
            return None  # `account_payment` joins the invoices' numbers
        return customer.company_id.get_next_batch_payment_communication()

    def _get_pay_values(self, customer, choice, allocation):
        """Return the values of the payment page.

        :param choice: `ar.payment.choice`
        :param allocation: core.portal.allocation.Allocation
        """
        currency = request.env["res.currency"]._ar_named(allocation.currency)
        lines = {line.id: line for line in choice.line_ids.move_line_id}
        parts = [
            {"part": part, "line": lines[part.item_id], "debtor": self._get_other_debtor(customer, lines[part.item_id])}
            for part in allocation.parts
        ]
        details = request.env["ar.bank.details"].sudo()  # the visitor's access to the account was checked
        amounts = {lines[part.item_id]: part.amount + part.discount for part in allocation.parts}  # as `_get_asked`
        return {
            **self._get_form_values(customer, choice, currency, float(allocation.total)),
            **self._get_layout_values(customer),
            "access_token": customer.access_token,
            "amount": float(allocation.total),
            "parts": parts,
            "surplus": float(allocation.surplus),
            "transfers": details._get_transfers(customer, currency, amounts),
            "has_discount": any(part.discount for part in allocation.parts),
        }

    def _get_other_debtor(self, customer, line):
        """Return who owes an item where it is another customer of the group, else an empty partner."""
        return line.partner_id.commercial_partner_id - customer.partner_id

    def _get_form_values(self, customer, choice, currency, total):
        """Return the values of Odoo's payment form, with saved methods for the user who saved them only."""
        form = self._get_common_page_view_values(
            invoices_data={
                "partner": customer.partner_id,
                "company": customer.company_id,
                "total_amount": total,
                "currency": currency,
                "amount_residual": total,
                "landing_route": customer._get_page_address(),
                "transaction_route": f"/my/receivables/{customer.id}/transaction/{choice.token}",
            },
            access_token=customer.access_token,
        )
        if not currency.active:  # Odoo could not book the payment
            for name in ("providers_sudo", "payment_methods_sudo", "tokens_sudo"):
                form[name] = form[name].browse()
        if request.env.user._is_public():
            # A link may be passed on; saved payment methods are only for the user who saved them.
            form["tokens_sudo"] = request.env["payment.token"]
        if not self._may_save_method(customer):
            form["show_tokenize_input_mapping"] = dict.fromkeys(form["show_tokenize_input_mapping"], False)
        return form

    def _get_applied_text(self, customer, allocation):
        """Return what the page says after credits were used: how much, and for which documents."""
        currency = request.env["res.currency"]._ar_named(allocation.currency)
        used = sum(float(amount) for part in allocation.parts for _credit, amount in part.credits)
        lines = customer._browse_lines([part.item_id for part in allocation.parts])
        return request.env._(
            "Thank you. Your credits of %(amount)s were used for %(invoices)s.",
            amount=format_amount(request.env, used, currency),
            invoices=", ".join(dict.fromkeys(lines.mapped("move_id.name"))),
        )

    def _get_covered_values(self, customer, choice):
        """Return the values of the page on a selection that credits cover: amounts before, used and after.

        :param choice: `ar.payment.choice`
        """
        allocation = choice._allocate_credits()
        currency = request.env["res.currency"]._ar_named(allocation.currency)
        used = defaultdict(float)
        for part in allocation.parts:
            for credit_id, amount in part.credits:
                used[part.item_id] += float(amount)
                used[credit_id] += float(amount)
        rows = [
            {"name": line.move_id.name, "before": before, "used": used[line.id], "after": before - used[line.id]}
            for line in choice.line_ids.move_line_id + choice.credit_line_ids
            if (before := abs(line.amount_residual_currency)) and line.id in used
        ]
        return {**self._get_layout_values(customer), "choice": choice, "currency": currency, "rows": rows}

    def _read_choice(self, customer, values):
        """Return ({item id: Decimal, or None for all of it}, credit ids, surplus) from the submitted form.

        The surplus is what an amount that is spread over the group leaves.

        :raise RequestRefused: for an invalid id or amount
        """
        form = request.httprequest.form
        if values.get("scope") in ("all", "overdue"):
            return customer._get_items_to_pay(values["scope"], values.get("currency")), [], ZERO
        if values.get("scope") == "amount" and len(customer._get_group()) > 1:
            return self._read_sum(customer, values)
        items, credits = form.getlist("item"), form.getlist("credit")
        if not all(read_id(value) for value in items + credits):
            raise RequestRefused(rules.UNKNOWN_ITEM)
        currencies = self._get_currencies(map(int, items))
        selected = {
            int(item): self._read_amount(form.get(f"amount_{item}"), currencies.get(int(item))) for item in items
        }
        return selected, [int(credit) for credit in credits], ZERO

    def _read_sum(self, customer, values):
        """Return an amount that was typed for the group as `_read_choice` does, spread over what is open.

        :raise RequestRefused: for an invalid amount or currency, or where nothing is open
        """
        name = values.get("currency")
        currency = request.env["res.currency"]._ar_named(name)
        amount = self._read_amount(values.get("sum"), currency or None)
        if amount is None:
            raise RequestRefused(rules.BAD_AMOUNT)
        selected, surplus = customer._spread_amount(amount, currency.name)
        return selected, [], surplus

    def _read_amount(self, text, currency):
        """Return the amount a customer typed as Decimal, or None for an empty field.

        :param currency: that of the item; None for an unknown item
        :raise RequestRefused: for an invalid amount, or an unknown item
        """
        if currency is None:
            raise RequestRefused(rules.UNKNOWN_ITEM)
        try:
            return read_typed_amount(request.env, text, currency)
        except ValueError as error:
            raise RequestRefused(rules.BAD_AMOUNT) from error

    def _get_refusal_text(self, code):
        return str(PAYMENT_REFUSALS[code])
