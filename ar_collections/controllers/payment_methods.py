from odoo.exceptions import ValidationError
from odoo.http import request

from ..core.portal.request_values import read_id
from .portal import ReceivablesPortal


class ReceivablesPaymentMethods(ReceivablesPortal):
    """Who pays on the page, and with which providers and methods; nothing in a request is trusted."""

    def _get_payer(self, customer):
        """Return the partner who pays: the user who is logged in, else the customer."""
        user = request.env.user
        return customer.partner_id if user._is_public() else user.partner_id

    def _get_paying_partner(self, customer, values):
        """Return the partner of a payment: a contact of the customer who is logged in, else the customer.

        Of others who are logged in, such as a bookkeeper with a link, only a saved method is theirs: in all else the
        payment is as that of a visitor who is not logged in, and neither in their ledger nor on their page.

        :param dict values: the request of the payment form
        """
        payer = self._get_payer(customer)
        is_own = payer.commercial_partner_id == customer.partner_id
        return payer if is_own or values.get("flow") == "token" else customer.partner_id

    def _check_method(self, customer, partner, currency, total, kwargs):
        """Check that the provider is available here, and that methods are saved and used again only after a login.

        :raise ValidationError: otherwise
        """
        providers = self._get_providers(customer, partner, currency, total)
        is_offered = self._is_complete(kwargs) and kwargs["provider_id"] in providers.ids
        if not is_offered or not self._can_pay_online():
            raise ValidationError(request.env._("This payment method is not available. Please choose another one."))
        if kwargs.get("flow") == "token" and request.env.user._is_public():
            raise ValidationError(request.env._("Please log in to pay with a saved payment method."))
        if kwargs.get("tokenization_requested") and not self._may_save_method(customer):
            raise ValidationError(request.env._("Please log in to save your payment method."))

    def _is_complete(self, values):
        """Return whether the request has everything that Odoo's payment form sends, and of the same types."""
        names = ("provider_id", "payment_method_id", "token_id", "flow", "tokenization_requested", "landing_route")
        if not all(name in values for name in names) or not isinstance(values["tokenization_requested"], bool):
            return False
        if values["flow"] == "token":
            return bool(read_id(values["token_id"]))
        # Methods are not secret; whether the provider offers it is up to the provider.
        method = request.env["payment.method"].sudo().browse(read_id(values["payment_method_id"])).exists()
        return values["flow"] in ("redirect", "direct") and bool(method)

    def _may_save_method(self, customer):
        """Return whether the visitor may save a payment method: a link may be passed on, so it takes a login."""
        user = request.env.user
        return not user._is_public() and user.partner_id.commercial_partner_id == customer.partner_id

    def _get_providers(self, customer, partner, currency, total):
        # Providers hold secrets; only their ids are used here.
        providers = request.env["payment.provider"].sudo()
        if not currency.active:
            return providers.browse()  # Odoo could not book the payment
        return providers._get_compatible_providers(customer.company_id.id, partner.id, total, currency_id=currency.id)
