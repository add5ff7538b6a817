import datetime

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..const import WATCHED_DAYS
from ..controllers.own_webhook import PATH


class PaymentProvider(models.Model):
    """Our own endpoint of a Stripe provider: its secret, its address, when it was last called."""

    _inherit = "payment.provider"

    ar_stripe_webhook_secret = fields.Char(
        "Signing Secret for Collections",
        copy=False,
        groups="base.group_system",
        help="Signing secret of the endpoint whose address is above. Create Webhook fills it in.",
    )
    ar_stripe_webhook_url = fields.Char("Endpoint for Collections", compute="_compute_ar_stripe_webhook_url")
    ar_stripe_account = fields.Char(
        "Stripe Account", readonly=True, copy=False, groups="base.group_system", help="Found by Test Connection."
    )
    ar_stripe_last_event = fields.Datetime(
        "Last Event", compute="_compute_ar_stripe_last_event", groups="base.group_system"
    )
    ar_stripe_checked_on = fields.Datetime("Tested on", readonly=True, copy=False, groups="base.group_system")
    ar_stripe_scopes = fields.Text("Rights of the Key", readonly=True, copy=False, groups="base.group_system")
    ar_stripe_keep_days = fields.Integer(
        "Keep Events for (days)",
        default=90,
        groups="base.group_system",
        help="Days after which events that were handled are deleted. Stripe itself keeps them for 30 days.",
    )
    ar_stripe_missing = fields.Text("Missing", compute="_compute_ar_stripe_missing", groups="base.group_system")

    _ar_keep_days_positive = models.Constraint(
        "CHECK (ar_stripe_keep_days IS NULL OR ar_stripe_keep_days >= 31)",
        "Keep events for at least 31 days: Stripe repeats them for up to 30.",
    )

    @api.depends("code")
    def _compute_ar_stripe_webhook_url(self):
        for provider in self:
            is_stripe = provider.code == "stripe" and isinstance(provider.id, int)
            provider.ar_stripe_webhook_url = is_stripe and f"{provider.get_base_url()}{PATH}/{provider.id}"

    def _compute_ar_stripe_last_event(self):
        """Compute when Stripe has last delivered an event; a field would be written by all events at once."""
        domain = [("provider_id", "in", self.ids), ("is_fetched", "=", False)]
        # sudo: only its time.
        groups = self.env["ar.stripe.event"].sudo()._read_group(domain, ["provider_id"], ["create_date:max"])
        last = {provider.id: moment for provider, moment in groups}
        for provider in self:
            provider.ar_stripe_last_event = last.get(provider.id)

    def _ar_get_keep_days(self):
        """Return for how many days events are kept."""
        return self.ar_stripe_keep_days or 90

    @api.model
    def _ar_get_stripe(self):
        """Return the Stripe providers that are in use, and those switched off whose payments may still come back."""
        # sudo: for scheduled actions.
        providers = self.sudo().search([("code", "=", "stripe")])
        watched = providers.filtered(lambda provider: provider.state == "disabled")._ar_filter_watched()
        return providers.filtered(lambda provider: provider.state != "disabled" or provider in watched)

    def _ar_filter_watched(self):
        """Return those of the providers with a key and an open chargeback, or payments of the last `WATCHED_DAYS`.

        Nothing is charged with them; Stripe is only asked.
        """
        providers = self.filtered("stripe_secret_key")  # copies of a database have none
        if not providers:
            return providers
        since = fields.Datetime.now() - datetime.timedelta(days=WATCHED_DAYS)
        paid = [("provider_id", "in", providers.ids), ("state", "=", "done"), ("last_state_change", ">=", since)]
        opened = [("provider_id", "in", providers.ids), ("outcome", "=", "open")]
        found = self.browse()
        for model, domain in (("payment.transaction", paid), ("ar.stripe.dispute", opened)):
            # sudo: only which providers have any.
            for (provider,) in self.env[model].sudo()._read_group(domain, ["provider_id"]):
                found |= provider
        return found

    def _ar_is_live(self):
        """Return whether the provider's key is of a live account: by the key, else by the state of the provider."""
        key = self.sudo().stripe_secret_key or ""  # the key is for administrators; this tells its kind only
        return "_live_" in key or ("_test_" not in key and self.state == "enabled")

    def _ar_require_administrator(self):
        """Check that the user is an administrator: the view hides the button, this refuses the call.

        :raise AccessError: for all others
        """
        if not (self.env.su or self.env.user.has_group("base.group_system")):
            raise AccessError(self.env._("Only administrators may do this."))
        self.check_access("write")
