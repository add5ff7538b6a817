import json
import logging

from werkzeug.exceptions import HTTPException, NotFound

from odoo import http
from odoo.http import request

from odoo.addons.ar_collections.core.portal.request_values import ID_MAX

from ..const import BODY_MAX
from ..signature import is_signed

_logger = logging.getLogger(__name__)

#: Where Stripe sends the events of a provider.
PATH = "/ar_collections/stripe/webhook"


class ArStripeWebhook(http.Controller):
    """Our own endpoint for Stripe's events: verified, stored once, answered at once, handled later.

    It is separate from Odoo's, which knows only its own kinds of event and has one secret for all.
    """

    @http.route(
        f"{PATH}/<int:provider_id>",
        type="http",
        methods=["POST"],
        auth="public",
        csrf=False,
        save_session=False,
        max_content_length=BODY_MAX,
    )
    def receive(self, provider_id):
        """Store a signed event.

        The answer to a provider without a signing secret is 503, which Stripe repeats for three days: nothing is lost
        where the secret is entered late. A provider that was switched off is heard as long as it has the secret: what
        was paid with it comes back for months.
        """
        try:
            payload = request.httprequest.get_data()
        except HTTPException as error:  # larger than allowed
            return request.make_response("", status=error.code)
        # sudo: the signature is the credential; public users may not read providers.
        provider = request.env["payment.provider"].sudo().browse(min(provider_id, ID_MAX)).exists()
        is_off = provider.state == "disabled" and not provider.ar_stripe_webhook_secret
        if provider.code != "stripe" or is_off:
            raise NotFound()
        if not provider.ar_stripe_webhook_secret:
            _logger.info("An event for Stripe provider %s was refused: it has no signing secret of ours.", provider.id)
            return request.make_response("No signing secret", status=503)
        header = request.httprequest.headers.get("Stripe-Signature")
        if not is_signed(payload, header, provider.ar_stripe_webhook_secret):
            _logger.info("An event for Stripe provider %s was refused: its signature is not valid.", provider.id)
            return request.make_response("", status=403)
        return self._store(provider, payload)

    def _store(self, provider, payload):
        """Store an event whose signature is valid; return the response."""
        try:
            event = json.loads(payload)
            events = request.env["ar.stripe.event"].sudo()  # as above
            events._store(provider, [events._prepare_vals(provider, event)])
        except (ValueError, TypeError, KeyError, AttributeError):
            return request.make_response("", status=400)
        return request.make_response("", status=200)
