from urllib.parse import urlsplit

from odoo import fields, models

from ..controllers.own_webhook import PATH


class PaymentProviderEndpoint(models.Model):
    """Our endpoint as Stripe knows it: whether it is there, enabled, and gets all events that we handle."""

    _inherit = "payment.provider"

    ar_stripe_endpoint_fault = fields.Text(
        "Fault of the Endpoint", readonly=True, copy=False, groups="base.group_system"
    )

    def _ar_find_endpoint_fault(self):
        """Return what is wrong with our endpoint at Stripe, as a sentence; false where nothing is.

        It is found by its path: the host may be another one than Odoo's own address.

        :raise UserError: where Stripe cannot be asked
        """
        if not self.sudo().ar_stripe_webhook_secret:  # for administrators; without it there is no endpoint to look at
            return False
        endpoints = self.env["ar.stripe.account"]._list(self, lambda v1: v1.webhook_endpoints.list({"limit": 100}))
        mine = [each for each in endpoints if urlsplit(each["url"]).path == f"{PATH}/{self.id}"]
        if not mine:
            return self.env._(
                "Stripe has no endpoint for collections: no event arrives. Remove the signing secret and press Create "
                "Webhook."
            )
        enabled = [each for each in mine if each.get("status", "enabled") == "enabled"]
        if not enabled:
            return self.env._("Stripe has disabled the endpoint for collections. Enable it at Stripe.")
        events = {name for each in enabled for name in each.get("enabled_events") or ()}
        lacking = set() if "*" in events else set(self.env["ar.stripe.event"]._get_handlers()) - events
        return bool(lacking) and self.env._(
            "The endpoint for collections does not get these events, add them at Stripe: %(events)s.",
            events=", ".join(sorted(lacking)),
        )

    def _ar_get_endpoint_faults(self):
        """Return what was wrong with the endpoint when it was looked at last, as a list of one sentence or none."""
        sudo = self.sudo()  # secrets are for administrators; this tells whether there should be an endpoint
        return (
            [sudo.ar_stripe_endpoint_fault] if sudo.ar_stripe_webhook_secret and sudo.ar_stripe_endpoint_fault else []
        )
