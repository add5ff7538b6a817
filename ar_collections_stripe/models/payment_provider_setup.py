from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.ar_collections.notification import RELOAD, notification

from ..const import API_VERSION

#: The right to look at endpoints.
ENDPOINTS = "Webhook Endpoints"

#: What a key must be allowed to read: {name of the right at Stripe: a call that needs it}. Rights to write are not
#: tried: nothing is changed at Stripe to find them out.
RIGHTS = {
    "Events": lambda v1: v1.events.list({"limit": 1}),
    "PaymentIntents": lambda v1: v1.payment_intents.list({"limit": 1}),
    "Charges": lambda v1: v1.charges.list({"limit": 1}),
    "Refunds": lambda v1: v1.refunds.list({"limit": 1}),
    "Disputes": lambda v1: v1.disputes.list({"limit": 1}),
    "PaymentMethods": lambda v1: v1.payment_methods.list({"limit": 1}),
    "Files": lambda v1: v1.files.list({"limit": 1}),
    ENDPOINTS: lambda v1: v1.webhook_endpoints.list({"limit": 1}),
}


class PaymentProviderSetup(models.Model):
    """The set-up of a Stripe provider: what is missing, *Create Webhook*, *Test Connection*."""

    _inherit = "payment.provider"

    @api.depends(
        "code", "state", "stripe_secret_key", "ar_stripe_webhook_secret", "stripe_webhook_secret",
        "ar_stripe_checked_on", "ar_stripe_scopes", "ar_stripe_endpoint_fault",
    )  # fmt: skip
    def _compute_ar_stripe_missing(self):
        for provider in self:
            is_used = provider.code == "stripe" and provider.state != "disabled"
            provider.ar_stripe_missing = (is_used and "\n".join(provider._ar_find_missing())) or False

    def _ar_find_missing(self):
        """Return what the set-up lacks, as sentences."""
        self.ensure_one()
        sudo = self.sudo()  # secrets are for administrators; what is said of them is whether they are there
        missing = []
        if not sudo.stripe_secret_key:
            missing.append(self.env._("The secret key is missing."))
        if not sudo.ar_stripe_webhook_secret:
            missing.append(
                self.env._(
                    "The signing secret for collections is missing: chargebacks and late failures are not noticed. "
                    "Press Create Webhook, or enter the secret of an endpoint that you made at Stripe."
                )
            )
        if not sudo.stripe_webhook_secret:
            missing.append(
                self.env._("Odoo's own webhook has no signing secret: its events are refused. Generate your webhook.")
            )
        if not sudo.ar_stripe_checked_on:
            missing.append(self.env._("The connection was not tested yet."))
        elif sudo.ar_stripe_scopes:
            missing.append(self.env._("The key may not use: %(rights)s.", rights=sudo.ar_stripe_scopes))
        return [*missing, *self._ar_get_endpoint_faults()]

    # === CREATE WEBHOOK === #

    def action_ar_stripe_create_webhook(self):
        """Register our endpoint at Stripe with the events that we handle, and store its secret.

        :raise UserError: where there is a secret already, the address is not public, or Stripe refuses
        """
        self.ensure_one()
        self._ar_require_administrator()
        if self.ar_stripe_webhook_secret:
            raise UserError(self.env._("There is an endpoint already. Remove its signing secret first."))
        address = urlsplit(self.ar_stripe_webhook_url or "")
        if address.scheme != "https":
            raise UserError(
                self.env._(
                    "Stripe sends events to addresses with https only, and this one is %(url)s. Set the public address "
                    "of Odoo as web.base.url first.",
                    url=self.ar_stripe_webhook_url,
                )
            )
        values = {
            "url": self.ar_stripe_webhook_url,
            "enabled_events": sorted(self.env["ar.stripe.event"]._get_handlers()),
            "api_version": API_VERSION,
            "description": self.env._("Odoo: receivables collections"),
        }
        endpoint = self.env["ar.stripe.client"]._ask(self, lambda v1: v1.webhook_endpoints.create(values))
        self.ar_stripe_webhook_secret = endpoint.secret
        self._ar_check_health()
        return notification(self.env._("The endpoint is registered."), after=RELOAD)

    # === TEST CONNECTION === #

    def action_ar_stripe_test(self):
        """Ask Stripe for the account and for each right that the key needs; store what is missing.

        :raise UserError: where Stripe cannot be asked at all
        """
        self.ensure_one()
        self._ar_require_administrator()
        lacking = self._ar_refresh_rights()
        self._ar_check_health()
        if lacking:
            text = self.env._("The key may not use: %(rights)s.", rights=", ".join(lacking))
            return notification(text, "warning", RELOAD)
        return notification(self.env._("The connection works."), after=RELOAD)

    def _ar_refresh_rights(self):
        """Store which rights the key lacks, its account, and what is wrong with our endpoint.

        :return: names of the rights that it lacks
        :raise UserError: where Stripe cannot be asked at all
        """
        lacking = [name for name, call in RIGHTS.items() if not self._ar_may(call)]
        self.write(
            {
                "ar_stripe_account": self._ar_find_account(),
                "ar_stripe_checked_on": fields.Datetime.now(),
                "ar_stripe_scopes": ", ".join(lacking) or False,
                "ar_stripe_endpoint_fault": ENDPOINTS not in lacking and self._ar_find_endpoint_fault(),
            }
        )
        return lacking

    def _ar_may(self, call):
        """Return whether the key may make a call.

        :raise UserError: where Stripe answers neither yes nor no
        """
        return self.env["ar.stripe.client"]._is_allowed(self, call)

    def _ar_find_account(self):
        """Return the id of the key's account, a false value where the key may not read it."""
        found = []
        if self._ar_may(lambda v1: found.append(v1.accounts.retrieve_current().id)):
            return found[0]
        return self.ar_stripe_account
