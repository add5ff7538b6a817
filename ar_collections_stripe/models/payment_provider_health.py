import datetime

from odoo import api, fields, models

from odoo.addons.ar_collections.core.autopay.outcomes import UNKNOWN

from ..const import SILENT_DAYS

#: Charges that are looked up in one turn.
BATCH = 50


class PaymentProviderHealth(models.Model):
    """The health of a Stripe provider, on the list of problems."""

    _inherit = "payment.provider"

    def _ar_check_health(self, failed=()):
        """Store as a problem what the set-up lacks, or that no events arrive; end the problem where all is well.

        :param failed: sentences on what could not be done
        """
        for provider in self.sudo():  # the list is kept whoever asks
            faults = [*failed, *provider._ar_find_missing()]
            if provider._ar_is_silent():
                faults.append(
                    provider.env._(
                        "Payments were made, but no event came for %(days)s days. Look at the endpoint at Stripe: its "
                        "address, whether it is enabled, and what it was answered.",
                        days=SILENT_DAYS,
                    )
                )
            if faults:
                provider._ar_report_setup("\n".join(faults))
            else:
                provider.env["ar.problem"]._clear(provider, "stripe_setup")

    def _ar_report_setup(self, text):
        """Store a problem with the set-up, where the company uses collections."""
        if self.company_id.ar_active:
            self.env["ar.problem"]._report(self, "stripe_setup", text)

    def _ar_is_silent(self):
        """Return whether payments were made in the last days, the last an hour ago or more, and no event came."""
        now = fields.Datetime.now()
        since = now - datetime.timedelta(days=SILENT_DAYS)
        if not self.ar_stripe_webhook_secret or (self.ar_stripe_last_event or since) > since:
            return False
        domain = [
            ("provider_id", "=", self.id),
            ("state", "=", "done"),
            ("operation", "!=", "refund"),
            ("last_state_change", ">=", since),
            ("last_state_change", "<=", now - datetime.timedelta(hours=1)),
        ]
        return bool(self.env["payment.transaction"].search_count(domain, limit=1))

    @api.model
    def _ar_ask_about_unanswered(self, auto_commit=False):
        """Ask Stripe about charges of saved methods whose outcome is not known.

        Automatic payments that can be repeated are left out. Those of customers on their page are never repeated.

        :param bool auto_commit: commit after each, as a scheduled action does
        """
        # sudo: for the scheduled action.
        charges = self.env["ar.autopay.charge"].sudo()
        providers = self._ar_get_stripe()
        domain = [("outcome", "=", UNKNOWN), ("transaction_id.provider_id", "in", providers.ids)]
        found = charges.search(domain, order="id", limit=BATCH)
        of_page = [
            ("ar_unanswered", "=", True),
            ("state", "=", "draft"),
            ("provider_id", "in", providers.ids),
            ("ar_autopay_charge_ids", "=", False),
        ]
        asked = (found - found._filter_repeatable()).transaction_id
        asked |= asked.search(of_page, order="id", limit=BATCH)
        for transaction in asked:
            transaction._ar_ask_provider_stripe()
            if auto_commit:
                self.env["ir.cron"]._commit_progress()
