import logging

from werkzeug.exceptions import BadRequest, Forbidden

from odoo import http
from odoo.http import request

from odoo.addons.payment_stripe import utils as stripe_utils
from odoo.addons.payment_stripe.controllers.main import StripeController

from ..signature import is_signed

_logger = logging.getLogger(__name__)


class ArStripeController(StripeController):
    """Odoo's own endpoint: what is not signed is refused, and refunds are left to our table of events."""

    @http.route()
    def stripe_webhook(self):
        """Override of `payment_stripe` to let refunds be recorded from our table of events.

        Two endpoints get the same event, and Odoo may be making the refund itself at this moment. The table takes an
        event once, and waits for the transaction.
        """
        event = request.get_json_data()
        if not isinstance(event, dict) or event.get("type") != "charge.refunded":
            return super().stripe_webhook()
        data = event.get("data")
        charge = data.get("object") if isinstance(data, dict) else None
        if not isinstance(charge, dict):
            raise BadRequest()
        # sudo: the signature is the credential, and is verified next.
        transactions = request.env["payment.transaction"].sudo()
        transaction = transactions._search_by_reference("stripe", {"reference": charge.get("description")})
        if transaction:
            self._verify_signature(transaction)
            provider = transaction.provider_id
            events = request.env["ar.stripe.event"].sudo()  # Stripe has no user here; the signature was verified
            events._store(provider, [events._prepare_vals(provider, event)])
        return request.make_json_response("")

    def _verify_signature(self, tx_sudo):
        """Override of `payment_stripe`, which accepts unsigned events where no secret is set, knows one signature only
        and accepts times in the future.

        :raise Forbidden: where the event is not signed with the provider's secret
        """
        secret = stripe_utils.get_webhook_secret(tx_sudo.provider_id)
        if not secret:
            _logger.info("An event was refused: Stripe provider %s has no signing secret.", tx_sudo.provider_id.id)
        if not is_signed(request.httprequest.get_data(), request.httprequest.headers.get("Stripe-Signature"), secret):
            raise Forbidden()
