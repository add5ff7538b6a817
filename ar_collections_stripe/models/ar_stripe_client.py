import logging
import re

import stripe

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.payment_stripe import const as odoo_const
from odoo.addons.payment_stripe import utils as stripe_utils

from ..const import API_VERSION, RETRIES, TIMEOUT

# Below this level the library logs the bodies of requests and answers, a signing secret among them.
logging.getLogger("stripe").setLevel(logging.INFO)

#: How Stripe names a right that a restricted key lacks.
SCOPE = re.compile(r"\brak_\w+")


class ArStripeClient(models.AbstractModel):
    """The one place where Stripe's library is used for requests: key, version, time-outs, errors as sentences."""

    _name = "ar.stripe.client"
    _description = "Client of Stripe's API"

    @api.model
    def _get_base_addresses(self):
        """Return the addresses of Stripe's hosts, {} for its own. Tests name a server of theirs."""
        return {}

    @api.model
    def _get_client(self, provider):
        """Return a client of Stripe's API for a provider.

        :param provider: `payment.provider`
        :rtype: stripe.StripeClient
        :raise UserError: where it has no secret key
        """
        key = stripe_utils.get_secret_key(provider.sudo())  # the key is for administrators; the caller checked who asks
        if not key:
            raise UserError(self.env._("Enter the secret key of %(provider)s first.", provider=provider.name))
        return stripe.StripeClient(
            key,
            stripe_version=API_VERSION,
            base_addresses=self._get_base_addresses(),
            max_network_retries=RETRIES,
            http_client=stripe.RequestsClient(timeout=TIMEOUT),
        )

    @api.model
    def _ask(self, provider, call):
        """Return the answer to a call; an error becomes a sentence without any secret.

        :param call: function of the client's ``v1``
        :raise UserError: with what to do
        """
        client = self._get_client(provider)
        try:
            return call(client.v1)
        except stripe.StripeError as error:
            raise UserError(self._describe(error)) from error

    @api.model
    def _is_allowed(self, provider, call):
        """Return whether the provider's key may make a call.

        :raise UserError: where the answer is neither yes nor no
        """
        try:
            self._ask(provider, call)
        except UserError as error:
            if isinstance(error.__cause__, stripe.PermissionError):
                return False
            raise
        return True

    @api.model
    def _as_odoo(self, **options):
        """Return options of a call whose answer Odoo's `payment_stripe` is to read: its API version."""
        return {"stripe_version": odoo_const.API_VERSION, **options}

    @api.model
    def _describe(self, error):
        """Return what an error of Stripe's library means, as a sentence."""
        if isinstance(error, stripe.AuthenticationError):
            return self.env._("Stripe refused the secret key. Enter the key of this account again.")
        if isinstance(error, stripe.PermissionError):
            if scope := SCOPE.search(error.user_message or ""):
                return self.env._(
                    "The key lacks the right “%(scope)s”. Give it to the restricted key at Stripe, or use another key.",
                    scope=scope[0],
                )
            return self.env._("The key may not do this. Give the restricted key the right, or use another key.")
        if isinstance(error, stripe.RateLimitError):
            return self.env._("Stripe has too many requests at this moment. Try again in a minute.")
        if isinstance(error, stripe.APIConnectionError):
            return self.env._("Stripe cannot be reached. Try again later.")
        return self.env._("Stripe answered: %(message)s", message=error.user_message or type(error).__name__)
