from datetime import timedelta

from freezegun import freeze_time

from odoo import fields

from ..events.common_stripe_events import ArStripeEventsCommon
from .stripe_lists_lookalike import StripeListsLookalike


class ArStripeListsCommon(ArStripeEventsCommon):
    """The Stripe provider with a server that lists charges, refunds and disputes."""

    _lookalike = StripeListsLookalike

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.differences = cls.env["ar.stripe.difference"].sudo()

    def _compare(self, hours=2):
        """Compare the books with Stripe that number of hours from now, as the scheduled action does."""
        with freeze_time(fields.Datetime.now() + timedelta(hours=hours)):
            done = self.provider._ar_try_reconcile()
        self.env.invalidate_all()
        return done

    def _found(self):
        """Return [(cause, amount at Stripe, amount in the books)] of the open differences."""
        rows = self.differences.search([("provider_id", "=", self.provider.id), ("solved_on", "=", False)])
        return sorted((row.kind, row.amount, row.expected) for row in rows)

    def _problem(self, code="stripe_difference"):
        return self.env["ar.problem"]._search_open(self.provider, code)
