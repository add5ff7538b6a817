import datetime
import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..core import reconciliation as rules

_logger = logging.getLogger(__name__)

#: What happened in the last hour is left for the next day: its events may still be on their way.
GRACE = datetime.timedelta(hours=1)

#: Payments that are looked up one by one, because their charge is older than what was listed.
LOOK_UPS = 50


class PaymentProviderReconcile(models.Model):
    """The daily comparison of the books with Stripe's charges, refunds and disputes."""

    _inherit = "payment.provider"

    ar_stripe_reconcile_days = fields.Integer(
        "Compare with Stripe (days)",
        default=30,
        groups="base.group_system",
        help="The books are compared daily with the charges, refunds and disputes at Stripe of so many days. 0: never.",
    )
    ar_stripe_shared = fields.Boolean(
        "Others Use the Account",
        groups="base.group_system",
        help="A shop or another system charges with the same Stripe account: charges that nothing here knows are not "
        "listed as differences.",
    )
    ar_stripe_difference_count = fields.Integer(
        "Differences", compute="_compute_ar_stripe_difference_count", groups="base.group_system"
    )

    _ar_reconcile_days_bounded = models.Constraint(
        "CHECK (ar_stripe_reconcile_days IS NULL OR ar_stripe_reconcile_days BETWEEN 0 AND 365)",
        "Compare at most 365 days with Stripe; 0 means never.",
    )

    def _compute_ar_stripe_difference_count(self):
        domain = [("provider_id", "in", self.ids), ("solved_on", "=", False)]
        counts = dict(self.env["ar.stripe.difference"].sudo()._read_group(domain, ["provider_id"], ["__count"]))
        for provider in self:
            provider.ar_stripe_difference_count = counts.get(provider, 0)

    # === WHO CALLS IT === #

    @api.model
    def _ar_cron_reconcile(self):
        """Compare each provider with Stripe. Called daily; what fails for one is a problem and stops no other."""
        providers = self._ar_get_stripe().filtered("ar_stripe_reconcile_days")
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=len(providers))
        for provider in providers:
            provider._ar_try_reconcile()
            progress(1)

    def _ar_try_reconcile(self):
        """Compare one provider with Stripe; return whether it could be compared."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self._ar_reconcile()
        except UserError as error:
            _logger.info("The books cannot be compared with Stripe provider %s: %s", self.id, error)
            if self.company_id.ar_active:
                self.env["ar.problem"]._report(self, "stripe_difference", error)
            return False
        return True

    def action_ar_stripe_reconcile(self):
        """Compare now, and open the list of differences.

        :raise UserError: where Stripe cannot be asked
        """
        self.ensure_one()
        self._ar_require_administrator()
        self.sudo()._ar_reconcile()  # as the scheduled action does; the button is for administrators
        return self.action_ar_stripe_open_differences()

    def action_ar_stripe_open_differences(self):
        """Open the list of differences of this provider."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ar_collections_stripe.ar_stripe_difference_action")
        return {**action, "domain": [("provider_id", "=", self.id)]}

    # === COMPARE === #

    def _ar_reconcile(self):
        """Compare the books with Stripe, keep the differences, and have them on the list of problems.

        :return: the open differences
        :raise UserError: where Stripe cannot be asked, or has more than can be compared
        """
        self.ensure_one()
        since, until = self._ar_get_reconcile_period()
        account = self.env["ar.stripe.account"]
        charges, refunds, disputes = account._fetch(self, since, until)
        payments = account._read_payments(self, since, charges, refunds, disputes)
        known = account._read_known_disputes(self, [dispute.id for dispute in disputes])
        shared = self.sudo().ar_stripe_shared  # a setting for administrators
        found = rules.find_differences(charges, refunds, disputes, payments, known, shared)
        found += self._ar_find_lost(payments, charges, since, until)
        differences = self.env["ar.stripe.difference"]._keep(self, found, since)
        self._ar_report_differences(differences)
        return differences

    def _ar_get_reconcile_period(self):
        """Return the times (since, until) of what is compared: further back where a difference is still open."""
        now = fields.Datetime.now()
        # The setting may be 0, and the button still compares.
        since = now - datetime.timedelta(days=self.sudo().ar_stripe_reconcile_days or 30)
        oldest = self.env["ar.stripe.difference"]._get_oldest_open(self)
        earliest = now - datetime.timedelta(days=365)
        return max(min(since, oldest or since), earliest), now - GRACE

    def _ar_find_lost(self, payments, charges, since, until):
        """Return the payments of the time for which there is no charge, see `core.reconciliation.find_lost`."""
        times = [int(moment.replace(tzinfo=datetime.timezone.utc).timestamp()) for moment in (since, until)]
        recent = [each for each in payments if times[0] <= each.created <= times[1]]
        lost = rules.find_lost(recent, charges, ())
        numbers = [each.number for each in lost if each.number.startswith("pi_")]
        there = self.env["ar.stripe.account"]._look_up(self, numbers[:LOOK_UPS])
        there |= set(numbers[LOOK_UPS:])  # the next days come to them
        return [each for each in lost if each.number not in there]

    def _ar_report_differences(self, differences):
        """Report open differences as one problem of the provider; end it where there are none."""
        if differences and self.company_id.ar_active:
            labels = dict(differences._fields["kind"]._description_selection(self.env))
            counts = differences.grouped("kind")
            lines = [f"{labels[kind]}: {len(rows)}" for kind, rows in sorted(counts.items())]
            self.env["ar.problem"]._report(self, "stripe_difference", "\n".join(lines))
        else:
            self.env["ar.problem"]._clear(self, "stripe_difference")
