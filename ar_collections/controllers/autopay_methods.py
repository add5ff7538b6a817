from odoo import http
from odoo.exceptions import ValidationError
from odoo.http import request

from .payment import ReceivablesPayment


class ReceivablesAutopayMethods(ReceivablesPayment):
    """The payment methods of the automatic payment of an account: which a visitor may choose, and adding one.

    The saved methods of a user are shown to and taken from that user only; who came by a link without a login uses what
    was saved in the same session, and nothing else.
    """

    # === ADDING A METHOD === #

    @http.route(
        "/my/receivables/<int:customer_id>/autopay/method",
        type="http", auth="public", methods=["GET"], website=True, sitemap=False,
    )  # fmt: skip
    def receivables_autopay_method(self, customer_id, access_token=None, **_kwargs):
        """Show Odoo's own form that saves a payment method, for the company of this account."""
        customer = self._find_account(customer_id, access_token)
        if not customer:
            return self._ask_for_new_link()
        if not self._may_choose_method(customer):
            return request.redirect(customer.get_portal_url(suffix="/autopay"))
        values = {**self._get_method_form_values(customer), **self._get_layout_values(customer), "confirmation": None}
        values["access_token"] = customer.access_token
        return request.render("ar_collections.portal_autopay_method", values)

    @http.route("/my/receivables/<int:customer_id>/autopay/transaction", type="jsonrpc", auth="public")
    def receivables_autopay_transaction(self, customer_id, access_token=None, **kwargs):
        """Create the transaction that saves a method; called by Odoo's own payment form. Nothing is charged.

        :return: the provider's processing values
        :raise ValidationError: where no method can be saved here
        """
        kwargs.pop("payment_reference", None)  # added to every form by `account_payment`
        kwargs.pop("amount", None)  # the provider's: what saving a method needs
        self._validate_transaction_kwargs(kwargs)
        customer = self._find_account(customer_id, access_token)
        if not customer or not self._may_choose_method(customer):
            raise ValidationError(request.env._("No payment method can be saved here. Please open the page again."))
        self._count_start(customer, "transaction")
        providers = self._get_saving_providers(customer)
        is_offered = self._is_complete(kwargs) and kwargs["provider_id"] in providers.ids
        if not is_offered or kwargs["flow"] == "token":
            raise ValidationError(request.env._("This payment method is not available. Please choose another one."))
        kwargs.update(
            amount=None,
            currency_id=None,
            partner_id=self._get_payer(customer).id,
            landing_route=customer._get_page_address("/autopay"),
            reference_prefix=f"V-{customer.id}",
            is_validation=True,
            tokenization_requested=True,
            token_id=None,
        )
        transaction = self._create_transaction(**kwargs)
        self._let_return(customer)
        saved = request.session.get("ar_autopay_saved", {})
        request.session["ar_autopay_saved"] = {**saved, str(customer.id): transaction.id}
        return transaction._get_processing_values()

    def _get_method_form_values(self, customer):
        """Return the values of Odoo's form that saves a payment method."""
        providers, partner = self._get_saving_providers(customer), self._get_payer(customer)
        # sudo: fields of providers and methods are read, for visitors without rights on them.
        methods = request.env["payment.method"].sudo()
        return {
            "mode": "validation",
            "allow_token_selection": False,
            "allow_token_deletion": False,
            "partner_id": partner.id,
            "providers_sudo": providers,
            "payment_methods_sudo": methods._get_compatible_payment_methods(
                providers.ids, partner.id, force_tokenization=True
            ),
            "tokens_sudo": request.env["payment.token"],
            "availability_report": {},
            "company_mismatch": not self._can_partner_pay_in_company(partner, customer.company_id),
            "expected_company": customer.company_id,
            "transaction_route": f"/my/receivables/{customer.id}/autopay/transaction",
            "landing_route": customer._get_page_address("/autopay"),
        }

    # === WHO AND WITH WHAT === #

    def _may_choose_method(self, customer):
        """Return whether the visitor may choose how this account is paid: its contacts, and visitors by its link.

        Users of other customers are left out, although they have the link: what they save would be theirs.
        """
        user = request.env.user
        return user._is_public() or user.partner_id.commercial_partner_id == customer.partner_id

    def _get_saving_providers(self, customer, **options):
        """Return the providers of the account's company with which the visitor can save a method."""
        if not self._can_pay_online():
            return request.env["payment.provider"]
        # Providers hold secrets; only their ids are used here.
        providers = request.env["payment.provider"].sudo()
        partner = self._get_payer(customer)
        return providers._get_compatible_providers(
            customer.company_id.id, partner.id, 0.0, force_tokenization=True, is_validation=True, **options
        )

    def _get_account_methods(self, customer):
        """Return the saved methods (`payment.token`) that this visitor may have charged for the account.

        A user's own and those of the customer, as on Odoo's page of saved methods; not those of colleagues.
        """
        tokens = request.env["payment.token"].sudo()  # no more than the visitor's, see above
        if not self._may_choose_method(customer):
            return tokens
        if request.env.user._is_public():
            found = self._get_saved_here(customer)
        else:
            found = tokens._get_available_tokens(None, request.env.user.partner_id.id, is_validation=True)
        providers = self._get_saving_providers(customer)
        return found.filtered(lambda token: token.provider_id in providers)

    def _get_saved_here(self, customer):
        """Return the method that was saved for this account in the visitor's own session; may be empty."""
        saved = request.session.get("ar_autopay_saved", {}).get(str(customer.id))
        # sudo: of the visitor's own session.
        transaction = request.env["payment.transaction"].sudo().browse(saved or []).exists()
        token = transaction.token_id if transaction.operation == "validation" else transaction.token_id.browse()
        return token.filtered(lambda token: token.active and token.partner_id == customer.partner_id)
