import time

from odoo import api, models
from odoo.exceptions import UserError

from ..core import reconciliation as rules

#: HTTP status of what Stripe does not have.
NOT_FOUND = 404

#: How the number of a refund begins; the second one is of payments without a charge of their own.
REFUNDS = ("re_", "pyr_")


class ArStripeAccountLookUp(models.AbstractModel):
    """What is looked up one by one, because it is older than what was listed."""

    _inherit = "ar.stripe.account"

    @api.model
    def _retrieve(self, provider, call):
        """Return what a call retrieves, as a dict; ``None`` where the account does not have it.

        :raise UserError: where Stripe cannot be asked
        """
        try:
            return self.env["ar.stripe.client"]._ask(provider, call).to_dict()
        except UserError as error:
            if getattr(error.__cause__, "http_status", None) == NOT_FOUND:
                return None
            raise

    @api.model
    def _look_up(self, provider, numbers, deadline=None):
        """Return which of the payment intents have succeeded at Stripe, and which there was time to look up, as sets.

        :param deadline: by `time.monotonic()`, or ``None``
        """
        found, asked, options = set(), set(), self.env["ar.stripe.client"]._as_odoo()
        for number in numbers:
            if deadline is not None and time.monotonic() > deadline:
                break
            asked.add(number)
            intent = self._retrieve(
                provider, lambda v1, number=number: v1.payment_intents.retrieve(number, {}, options)
            )
            if intent and intent["status"] == "succeeded":
                found.add(number)
        return found, asked

    @api.model
    def _look_up_differences(self, provider, differences, deadline=None):
        """Return what differences are about, as (charges, refunds, disputes, those that were looked up).

        What Stripe does not have any more is in none of the lists.

        :param differences: `ar.stripe.difference`
        :param deadline: by `time.monotonic()`, or ``None``
        """
        charges, refunds, disputes, looked_up = [], [], [], differences.browse()
        for difference in differences:
            if deadline is not None and time.monotonic() > deadline:
                break
            number, kind = difference.number, difference.kind
            looked_up |= difference
            if kind == rules.PAYMENT_MISSING:
                continue  # it is the books that know it
            if kind == rules.DISPUTE_MISSING:
                data = self._retrieve(provider, lambda v1, number=number: v1.disputes.retrieve(number))
                disputes += [self._to_change(data)] if data else []
            elif number.startswith(REFUNDS):
                data = self._retrieve(provider, lambda v1, number=number: v1.refunds.retrieve(number))
                refunds += [self._to_change(data)] if data else []
            else:
                data = self._retrieve(provider, lambda v1, number=number: v1.charges.retrieve(number))
                charges += [self._to_charge(data)] if data and self._is_paid(data) else []
        return charges, refunds, disputes, looked_up
