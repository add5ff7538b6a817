import datetime
import logging
import time

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import config

from ..core import reconciliation as rules

_logger = logging.getLogger(__name__)

#: What happened in the last hour is left for the next day: its events may still be on their way.
GRACE = datetime.timedelta(hours=1)

#: Payments, and differences, that are looked up one by one at most, because they are older than what was listed.
LOOK_UPS = 50

#: The part of the time of a worker for which Stripe may be read; seconds where a worker has no limit.
SHARE, UNLIMITED = 0.6, 3600


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
        # sudo: a number for administrators, on a provider that they may read; the list has its own rules.
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
        end = time.monotonic() + self._ar_get_seconds()
        for number, provider in enumerate(providers):
            now = time.monotonic()
            deadline = now + (end - now) / (len(providers) - number)  # a slow one leaves time for the others
            provider._ar_try_reconcile(deadline, auto_commit=True)
            progress(1)

    def _ar_try_reconcile(self, deadline=None, auto_commit=False):
        """Compare one provider with Stripe; return whether it could be compared. Parameters as in `_ar_reconcile`."""
        self.ensure_one()
        try:
            # Nothing is written before the last answer of Stripe: what fails leaves nothing to undo.
            self._ar_reconcile(deadline, auto_commit)
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

    def _ar_reconcile(self, deadline=None, auto_commit=False):
        """Compare the books with Stripe, keep the differences, and have them on the list of problems.

        Stripe is read before anything is written.

        :param deadline: for reading Stripe, by `time.monotonic()`; from now on where ``None``
        :param bool auto_commit: commit before the books are read, as a scheduled action does: they are read as they
            are then, and no transaction stays open while Stripe answers
        :return: the open differences
        :raise UserError: where Stripe cannot be asked, answers too slowly, or has more than can be compared
        """
        self.ensure_one()
        period = self._ar_get_reconcile_period()
        deadline = deadline or time.monotonic() + self._ar_get_seconds()
        *there, listed, looked_up = self._ar_read_stripe(period, deadline)
        if auto_commit:
            self.env["ir.cron"]._commit_progress()
        account, differences = self.env["ar.stripe.account"], self.env["ar.stripe.difference"]
        payments = account._read_payments(self, period[0], *there, looked_up.mapped("number"))
        known = account._read_known_disputes(self, [dispute.id for dispute in there[2]])
        shared = self.sudo().ar_stripe_shared  # a setting for administrators
        found = rules.find_differences(*there, payments, known, shared)
        found += self._ar_find_lost(payments, listed, period, looked_up, deadline)
        kept = differences._keep(self, found, period[0], looked_up)
        self._ar_report_differences(kept)
        return kept

    def _ar_read_stripe(self, period, deadline):
        """Return what is at Stripe, as (charges, refunds, disputes, charges from somewhat before, what was looked up).

        Older differences that are open are looked up one by one: the time that is listed stays as it is set.

        :param period: times (since, until)
        """
        account, since = self.env["ar.stripe.account"], period[0]
        listed, refunds, disputes = account._fetch(self, *period, deadline)
        older = self.env["ar.stripe.difference"]._find_older(self, since, LOOK_UPS)
        more, refunds_more, disputes_more, looked_up = account._look_up_differences(self, older, deadline)
        charges = [each for each in listed if each.created >= account._to_timestamp(since)]
        return charges + more, refunds + refunds_more, disputes + disputes_more, listed, looked_up

    @api.model
    def _ar_get_seconds(self):
        """Return for how many seconds Stripe may be read: a part of the time after which Odoo ends a worker."""
        limit = config["limit_time_real_cron"]
        limit = config["limit_time_real"] if limit is None or limit < 0 else limit
        return limit * SHARE or UNLIMITED

    def _ar_get_reconcile_period(self):
        """Return the times (since, until) of what is compared."""
        now = fields.Datetime.now()
        # The setting, which only administrators may read, may be 0, and the button still compares.
        return now - datetime.timedelta(days=self.sudo().ar_stripe_reconcile_days or 30), now - GRACE

    def _ar_find_lost(self, payments, charges, period, looked_up, deadline):
        """Return the payments of the time for which there is no charge, see `core.reconciliation.find_lost`.

        Those whose charge is older than what was listed are looked up, the newest first. What could not be looked up
        yet waits for another day, and stays on the list where it is there.

        :param period: times (since, until)
        :param looked_up: older differences, whose payments are looked at, too
        """
        account = self.env["ar.stripe.account"]
        since, until = (account._to_timestamp(moment) for moment in period)
        older = set(looked_up.mapped("number"))
        recent = [each for each in payments if since <= each.created <= until or {each.number, each.reference} & older]
        lost = sorted(rules.find_lost(recent, charges, ()), key=lambda each: each.created, reverse=True)
        numbers = [each.number for each in lost if each.number.startswith("pi_")]
        there, asked = account._look_up(self, numbers[:LOOK_UPS], deadline)
        known = set(self.env["ar.stripe.difference"]._find_open(self).mapped("number"))
        waiting = set(numbers) - asked - known
        return [each for each in lost if each.number not in there | waiting]

    def _ar_report_differences(self, differences):
        """Report open differences as one problem of the provider; end it where there are none."""
        if differences and self.company_id.ar_active:
            labels = dict(differences._fields["kind"]._description_selection(self.env))
            counts = differences.grouped("kind")
            lines = [f"{labels[kind]}: {len(rows)}" for kind, rows in sorted(counts.items())]
            self.env["ar.problem"]._report(self, "stripe_difference", "\n".join(lines))
        else:
            self.env["ar.problem"]._clear(self, "stripe_difference")
